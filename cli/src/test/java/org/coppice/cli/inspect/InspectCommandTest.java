package org.coppice.cli.inspect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.vectors.VectorKind;
import org.coppice.testkit.vectors.make.VectorGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InspectCommandTest {
    private static final ObjectNode OBJECTS = objects();

    private static ObjectNode objects() {
        try {
            return new VectorGenerator(CryptoProviders.jdk(), "inspect")
                    .make(VectorKind.MESSAGES, CipherSuite.STANDARD.get(0), 0);
        } catch (MlsException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(String field) {
        return OBJECTS.get(field).textValue();
    }

    private static Coppice.Run inspect(String hex, String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "inspect";
        System.arraycopy(options, 0, args, 1, options.length);
        return Coppice.runWith(hex.getBytes(US_ASCII), args);
    }

    @ParameterizedTest
    @CsvSource({
        "mls_welcome, MLSMessage",
        "mls_group_info, MLSMessage",
        "mls_key_package, MLSMessage",
        "public_message_proposal, MLSMessage",
        "public_message_commit, MLSMessage",
        "private_message, MLSMessage",
        "ratchet_tree, ratchet_tree",
        "group_secrets, GroupSecrets",
        "commit, Commit",
        "add_proposal, KeyPackage",
        "update_proposal, LeafNode",
        "pre_shared_key_proposal, PreSharedKeyID"
    })
    void findsOutTheKind(String field, String kind) throws Exception {
        Coppice.Run run = inspect(hex(field), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("kind").textValue()).isEqualTo(kind);
        assertThat(json.get("complete").booleanValue()).isTrue();
        assertThat(json.get("object").get("length").intValue())
                .isEqualTo(hex(field).length() / 2);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void everyTypeHasAName(ObjectKind kind) {
        assertThat(ObjectKind.named(kind.type())).contains(kind);
        assertThat(Coppice.run("inspect", "--types").out().lines()).contains(kind.type());
    }

    @Test
    void showsNamesOffsetsAndSections() {
        Coppice.Run run = inspect(hex("mls_key_package"));
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains(
                        "000000       2  ├─ version: 0x0001  mls10",
                        "000002       2  ├─ wire_format: 0x0005  mls_key_package",
                        "key_package KeyPackage §10",
                        "cipher_suite: 0x0001  MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
                        "leaf_node LeafNode §7.2",
                        "lifetime Lifetime §7.2",
                        "not_before: 1768460400  2026-01-15T07:00:00Z",
                        "GREASE");
    }

    @Test
    void decodesKnownExtensionsInside() {
        Coppice.Run info = inspect(hex("mls_group_info"));
        assertThat(info.out())
                .contains("(ratchet_tree)", "extension_data ratchet_tree §12.4.3.3", "node_type: 1  leaf");
        Coppice.Run proposal = inspect("0007" + hex("group_context_extensions_proposal"));
        assertThat(proposal.out()).contains("required_capabilities", "RequiredCapabilities §11.1", "external_senders");
    }

    @Test
    void readsBytesHexAndBase64() {
        byte[] raw = Bytes.fromHex(hex("commit")).toByteArray();
        String expected = inspect(hex("commit")).out();
        assertThat(Coppice.runWith(raw, "inspect").out()).isEqualTo(expected);
        assertThat(inspect(Base64.getEncoder().encodeToString(raw)).out()).isEqualTo(expected);
        assertThat(inspect(Base64.getUrlEncoder().withoutPadding().encodeToString(raw))
                        .out())
                .isEqualTo(expected);
        assertThat(inspect("0x" + hex("commit").replaceAll("(.{32})", "$1\n")).out())
                .isEqualTo(expected);
    }

    @Test
    void namesTheFieldTheOffsetAndTheRuleOfABrokenObject() {
        String cut = hex("mls_key_package").substring(0, 120);
        Coppice.Run run = inspect(cut);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).contains("<- here");
        assertThat(run.err())
                .startsWith("coppice: malformed MLSMessage, key_package.leaf_node.")
                .contains("at byte ", "(RFC 9420 §2.1.2) [LENGTH_BEYOND_INPUT]", "hint: ");
    }

    @Test
    void tellsOfABrokenObjectInJsonToo() throws Exception {
        Coppice.Run run = inspect(hex("commit") + "00", "--type", "Commit", "--json");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        JsonNode error = new ObjectMapper().readTree(run.out()).get("error");
        assertThat(error.get("rule").textValue()).isEqualTo("TRAILING_BYTES");
        assertThat(error.get("offset").intValue()).isEqualTo(hex("commit").length() / 2);
    }

    @Test
    void knowsRulesBeyondTheForm() {
        Coppice.Run run = inspect(hex("public_message_application"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).contains("application data in a PublicMessage", "[APPLICATION_IN_PUBLIC_MESSAGE]");
    }

    @Test
    void takesTheTypeThatIsGiven() {
        Map<String, String> bodies = new HashMap<>();
        bodies.put("remove_proposal", "Remove");
        bodies.put("re_init_proposal", "ReInit");
        bodies.put("external_init_proposal", "ExternalInit");
        bodies.put("group_context_extensions_proposal", "GroupContextExtensions");
        bodies.forEach((field, type) ->
                assertThat(inspect(hex(field), "--type", type).code()).as(type).isZero());
        assertThat(inspect(hex("ratchet_tree"), "--type", "Ratchet-Tree").code())
                .isZero();
    }

    @Test
    void anUnknownTypeIsWrongUsage() {
        Coppice.Run run = inspect("00", "--type", "Nonsense");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).isEqualTo("coppice: no such type: Nonsense\nhint: run: coppice inspect --types\n");
    }

    @Test
    void emptyOrMissingInputIsBadInput() {
        assertThat(Coppice.run("inspect").code()).isEqualTo(ExitCode.BAD_INPUT);
        Coppice.Run missing = Coppice.run("inspect", "/no/such/file");
        assertThat(missing.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(missing.err()).startsWith("coppice: no such file: /no/such/file\nhint: ");
    }

    @Test
    void controlCharactersOfStrangersDoNotReachTheTerminal() {
        // A basic credential whose identity would turn the screen red and ring the bell.
        String identity = "1b5b33316d07";
        Coppice.Run run = inspect("000106" + identity, "--type", "Credential");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(identity).doesNotContain("\u001b").doesNotContain("\u0007");
    }

    @Test
    void coloursOnlyWhenAskedForOutsideATerminal() {
        assertThat(inspect(hex("commit")).out()).doesNotContain("\u001b");
        assertThat(inspect(hex("commit"), "--color", "always").out()).contains("\u001b[");
    }

    /** Whatever stands in a file, the command ends with an exit code and a line, and not with a stack trace. */
    @Test
    void anyBytesAreEitherShownOrRefused() {
        byte[] bytes = Bytes.fromHex(hex("public_message_commit")).toByteArray();
        for (int i = 0; i < bytes.length; i += 3) {
            byte[] changed = bytes.clone();
            changed[i] ^= (byte) (1 << i % 8);
            Coppice.Run run = Coppice.runWith(changed, "inspect", "--form", "raw");
            assertThat(run.code()).as("byte %d", i).isIn(ExitCode.SUCCESS, ExitCode.BAD_INPUT);
        }
    }

    @Test
    void saysThatJsonIsNoObject() {
        Coppice.Run run = inspect("[{\"tree\": \"00\"}]");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("coppice: JSON is no encoding of MLS\nhint: inspect one of its values");
        // A bracket alone is a byte like any other.
        assertThat(inspect("[", "--type", "KeyPackage").err()).contains("malformed KeyPackage");
        assertThat(inspect("{garbage").err()).contains("malformed");
    }
}
