package org.coppice.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.vectors.VectorResult.Outcome;
import org.coppice.testkit.vectors.make.VectorGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A verifier that passes everything would look just as good on good vectors. */
class VectorVerifierTest {
    private static final CryptoProvider PROVIDER = CryptoProviders.of(new BouncyCastleCryptoProvider());
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private final VectorVerifier verifier = new VectorVerifier(PROVIDER);

    private static ObjectNode make(VectorKind kind, int index) throws MlsException {
        return new VectorGenerator(PROVIDER, "verifier test").make(kind, SUITE, index);
    }

    private VectorResult verify(VectorKind kind, JsonNode json) {
        return verifier.verify(new VectorCase(kind, "test", 0, json));
    }

    @ParameterizedTest
    @EnumSource(VectorKind.class)
    void passesWhatTheGeneratorMakes(VectorKind kind) throws Exception {
        for (int index = 0; index < 4; index++) {
            assertThat(verify(kind, make(kind, index)))
                    .extracting(VectorResult::outcome, VectorResult::reason)
                    .containsExactly(Outcome.PASSED, "");
        }
    }

    /** Which inputs have a counterpart differs by kind, but each kind has results, and those must not be changed unnoticed. */
    @ParameterizedTest
    @EnumSource(VectorKind.class)
    void failsWhenAnyResultIsChanged(VectorKind kind) throws Exception {
        List<String> results = results(kind);
        assertThat(results).isNotEmpty();
        for (String field : results) {
            ObjectNode json = make(kind, 3);
            if (kind == VectorKind.MESSAGES) {
                // Any content will do there, so it is the form that must be broken.
                json.put(field, json.get(field).textValue().replaceFirst("..$", ""));
            } else {
                assertThat(change(json, field)).as("%s has %s", kind, field).isTrue();
            }
            VectorResult result = verify(kind, json);
            assertThat(result.outcome()).as("%s with another %s", kind, field).isEqualTo(Outcome.FAILED);
            assertThat(result.reason()).isNotEmpty();
        }
    }

    private static List<String> results(VectorKind kind) {
        return switch (kind) {
            case TREE_MATH -> List.of("n_nodes", "root");
            case DESERIALIZATION -> List.of("length");
            case CRYPTO_BASICS -> List.of("out", "signature", "ciphertext");
            case SECRET_TREE -> List.of("key", "nonce", "handshake_key", "application_nonce");
            case MESSAGE_PROTECTION -> List.of("proposal_pub", "commit_priv", "application_priv", "application");
            case KEY_SCHEDULE ->
                List.of("group_context", "joiner_secret", "welcome_secret", "init_secret", "external_pub", "secret");
            case PSK_SECRET -> List.of("psk_secret");
            case TRANSCRIPT_HASHES -> List.of("confirmed_transcript_hash_after", "interim_transcript_hash_after");
            case WELCOME -> List.of("welcome", "signer_pub", "init_priv");
            case TREE_OPERATIONS -> List.of("tree_hash_before", "tree_after", "tree_hash_after");
            case TREE_VALIDATION -> List.of("tree", "tree_hashes", "group_id");
            case TREEKEM -> List.of("path_secret", "commit_secret", "tree_hash_after", "update_path");
            case MESSAGES ->
                List.of("mls_welcome", "ratchet_tree", "group_secrets", "commit", "remove_proposal", "private_message");
            case PASSIVE_CLIENT_WELCOME -> List.of("initial_epoch_authenticator", "welcome", "init_priv");
            case PASSIVE_CLIENT_HANDLING_COMMIT -> List.of("epoch_authenticator", "commit", "signature_priv");
            case PASSIVE_CLIENT_RANDOM -> List.of("epoch_authenticator");
        };
    }

    /** Changes the first field of this name, wherever it stands, in its last digit. */
    private static boolean change(JsonNode json, String field) {
        if (json instanceof ObjectNode object && object.has(field)) {
            return changeValue(object, field);
        }
        for (JsonNode child : json) {
            if (change(child, field)) {
                return true;
            }
        }
        return false;
    }

    private static boolean changeValue(ObjectNode object, String field) {
        JsonNode value = object.get(field);
        if (value.isTextual()) {
            object.set(field, changed(value));
        } else if (value.isNumber()) {
            object.put(field, value.longValue() + 1);
        } else if (value instanceof ArrayNode array && array.get(0).isTextual()) {
            array.set(0, changed(array.get(0)));
        } else {
            return false;
        }
        return true;
    }

    private static TextNode changed(JsonNode text) {
        String digits = text.textValue();
        char last = digits.charAt(digits.length() - 1);
        return new TextNode(digits.substring(0, digits.length() - 1) + (last == '0' ? '1' : '0'));
    }

    @Test
    void namesWhatDiffers() throws Exception {
        ObjectNode json = make(VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT, 0);
        change(json, "epoch_authenticator");
        assertThat(verify(VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT, json).reason())
                .startsWith("epochs[0].epoch_authenticator: expected ");
    }

    @Test
    void namesAMissingField() throws Exception {
        ObjectNode json = make(VectorKind.WELCOME, 0);
        json.remove("init_priv");
        assertThat(verify(VectorKind.WELCOME, json).reason()).isEqualTo("the vector has no field init_priv");
    }

    @Test
    void skipsSuitesThatTheProviderLacks() throws Exception {
        ObjectNode json = make(VectorKind.CRYPTO_BASICS, 0);
        json.put("cipher_suite", 77);
        VectorResult result = verify(VectorKind.CRYPTO_BASICS, json);
        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.reason()).contains("0x004d");
    }

    /** A case whose suite is not understood was verified with suite 1, whatever it said. */
    @Test
    void failsWithoutAProperCipherSuite() throws Exception {
        for (String suite : new String[] {"-1", "65537", "\"1\"", "1.5", "null", "4294967297"}) {
            ObjectNode json = make(VectorKind.PASSIVE_CLIENT_WELCOME, 0);
            json.set("cipher_suite", new ObjectMapper().readTree(suite));
            VectorResult result = verify(VectorKind.PASSIVE_CLIENT_WELCOME, json);
            assertThat(result.outcome()).as(suite).isEqualTo(Outcome.FAILED);
            assertThat(result.reason()).isEqualTo("cipher_suite is no whole number from 0 to 65535");
        }
        ObjectNode json = make(VectorKind.PASSIVE_CLIENT_WELCOME, 0);
        json.remove("cipher_suite");
        assertThat(verify(VectorKind.PASSIVE_CLIENT_WELCOME, json).reason())
                .isEqualTo("the vector has no field cipher_suite");
    }

    @Test
    void tellsWhichStepOfATranscriptWasRefused() throws Exception {
        ObjectNode json = make(VectorKind.PASSIVE_CLIENT_WELCOME, 0);
        String welcome = json.get("welcome").textValue();
        json.put("welcome", welcome.substring(0, welcome.length() - 2));
        assertThat(verify(VectorKind.PASSIVE_CLIENT_WELCOME, json).reason())
                .matches("welcome: at byte \\d+: a vector of .* left .*");
        json.put("welcome", welcome.substring(0, welcome.length() - 2) + (welcome.endsWith("00") ? "01" : "00"));
        assertThat(verify(VectorKind.PASSIVE_CLIENT_WELCOME, json).reason())
                .isEqualTo("welcome: CryptoException: decryption failed");
    }

    /** Generators disagree on leading zeros of private keys, and whether a KeyPackage stands in a message of its own. */
    @Test
    void followsGeneratorsInTheirHabits() throws Exception {
        ObjectNode json = new VectorGenerator(PROVIDER, "habits")
                .make(
                        VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT,
                        CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
                        1);
        List<String> fields = new ArrayList<>(List.of("signature_priv", "encryption_priv", "init_priv"));
        fields.forEach(field -> json.put(field, "0000" + json.get(field).textValue()));
        json.put("key_package", json.get("key_package").textValue().substring(8));
        json.put("welcome", json.get("welcome").textValue().substring(8));
        assertThat(verify(VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT, json).reason())
                .isEmpty();
    }

    @Test
    void followsTranscriptsThatNameNoPreSharedKeys() throws Exception {
        for (int index = 0; index < 20; index++) {
            ObjectNode json = make(VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT, index);
            if (json.get("external_psks").isEmpty()) {
                json.remove("external_psks");
                assertThat(verify(VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT, json)
                                .reason())
                        .isEmpty();
                return;
            }
        }
        throw new AssertionError("the generator makes no transcript without pre-shared keys");
    }

    @Test
    void toleratesAProposalThatNoCommitTakesUp() throws Exception {
        ObjectNode json = make(VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT, 0);
        ((ArrayNode) json.get("epochs").get(0).get("proposals")).add("0001");
        assertThat(verify(VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT, json).reason())
                .isEmpty();
    }
}
