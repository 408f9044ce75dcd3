package org.coppice.cli.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import javax.xml.parsers.DocumentBuilderFactory;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.vectors.VectorKind;
import org.coppice.testkit.vectors.make.VectorGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeCommandTest {
    /** Of the shapes that the generator knows: one with unmerged leaves. */
    private static final int UNMERGED = 7;

    private static ObjectNode vector(int shape, int suite) throws MlsException {
        return new VectorGenerator(CryptoProviders.jdk(), "tree")
                .make(VectorKind.TREE_VALIDATION, new CipherSuite(suite), shape);
    }

    private static Coppice.Run tree(String input, String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "tree";
        System.arraycopy(options, 0, args, 1, options.length);
        return Coppice.runWith(input.getBytes(US_ASCII), args);
    }

    @Test
    void drawsMembersBlanksAndWhoMadeEachKey() throws Exception {
        Coppice.Run run = tree(vector(UNMERGED, 1).toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "8 members in 8 leaves", "● 0  member 0", "╭───", "╰───", "by member ", "unmerged", "without 7")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 7})
    void findsOutTheSuiteOfABareTree(int suite) throws Exception {
        Coppice.Run run = tree(vector(3, suite).get("tree").textValue());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("5 members in 8 leaves");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void drawsTheStoredStateOfMembersAndObservers(int state) {
        Coppice.Run run = Coppice.run("tree", golden(1), "--case", Integer.toString(state));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("ratchet tree of group ", "ada ");
    }

    @Test
    void refusesStoredStateThatIsDamagedOrOfAnotherVersion() {
        assertThat(tree("{\"0d\":\"0002\"}").err()).contains("the stored state has version 2");
        assertThat(tree("{\"0d\":\"000100\"}").err()).contains("the stored state is damaged");
        assertThat(tree("{\"0d\":\"zz\"}").err()).contains("the stored state is damaged");
        assertThat(Coppice.run("tree", golden(2), "--case", "9").code()).isEqualTo(ExitCode.USAGE);
    }

    /** The parser of numbers repeats what it could not read. */
    @Test
    void whatIsSaidOfADamagedFileHoldsNothingThatATerminalObeys() throws Exception {
        String stored = Files.readString(Path.of(golden(1)))
                .replaceAll("\"03[0-9a-f]*\"", Matcher.quoteReplacement("\"03\u007f\\u009b2J\\u001b[2J\\n\""));
        Coppice.Run run = tree(stored);
        assertThat(run.err())
                .startsWith("coppice: the stored state is damaged: ")
                .contains("[2J");
        assertThat(run.err().lines()).hasSize(2).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }

    private static String golden(int suite) {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("VALIDATION.md"))) {
            root = root.getParent();
        }
        return root.resolve("testkit/src/test/resources/state/v1/suite-" + suite + ".json")
                .toString();
    }

    @Test
    void takesTheTreeOutOfAGroupInfo() throws Exception {
        ObjectNode messages = new VectorGenerator(CryptoProviders.jdk(), "tree")
                .make(VectorKind.MESSAGES, CipherSuite.STANDARD.get(0), 0);
        Coppice.Run run = tree(messages.get("mls_group_info").textValue());
        // The generator writes any hash into that GroupInfo: the picture is drawn, and the fault named.
        assertThat(run.out()).contains("ratchet tree of group ", ", epoch ", "● 0");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.err()).contains("its hash is not the tree_hash of the GroupInfo");
    }

    @Test
    void choosesACaseOfAFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("trees.json");
        Files.writeString(file, "[" + vector(0, 1) + "," + vector(4, 1) + "]");
        assertThat(Coppice.run("tree", file.toString()).out()).contains("2 members in 2 leaves");
        assertThat(Coppice.run("tree", file.toString(), "--case", "1").out()).contains("8 members in 8 leaves");
        Coppice.Run missing = Coppice.run("tree", file.toString(), "--case", "2");
        assertThat(missing.code()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err()).startsWith("coppice: the file has no case 2\nhint: it has cases 0 to 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, UNMERGED, 8})
    void writesWellFormedSvg(int shape, @TempDir Path directory) throws Exception {
        Path svg = directory.resolve("tree.svg");
        Coppice.Run run = tree(vector(shape, 1).toString(), "--svg", svg.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("coppice: wrote " + svg + "\n");
        byte[] bytes = Files.readAllBytes(svg);
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(bytes))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(Files.readString(svg)).contains("member 0", "class=\"stem\"");
    }

    @Test
    void writesSvgToStandardOutputToo() throws Exception {
        Coppice.Run run = tree(vector(4, 1).toString(), "--svg", "-");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("<svg ").endsWith("</svg>\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void saysWhyItCannotWriteTheSvg(@TempDir Path directory) throws Exception {
        Path svg = directory.resolve("missing").resolve("tree.svg");
        Coppice.Run run = tree(vector(4, 1).toString(), "--svg", svg.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).startsWith("coppice: cannot write " + svg + ": there is no such directory\n");
    }

    @Test
    void saysOfOtherMessagesThatTheyShowNoTree() throws Exception {
        ObjectNode messages = new VectorGenerator(CryptoProviders.jdk(), "tree")
                .make(VectorKind.MESSAGES, CipherSuite.STANDARD.get(0), 0);
        Coppice.Run run = tree(messages.get("mls_welcome").textValue());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).startsWith("coppice: a message of the kind mls_welcome shows no ratchet tree\n");
    }

    @Test
    void namesAParentThatNoParentHashLeadsTo() throws Exception {
        ObjectNode vector = vector(2, 1);
        String tree = vector.get("tree").textValue();
        // The parent hash of the first leaf is followed by no extensions and a signature of 64 bytes.
        int at = tree.indexOf("004040") - 8;
        vector.put("tree", tree.substring(0, at) + (tree.charAt(at) == '0' ? '1' : '0') + tree.substring(at + 1));
        Coppice.Run run = tree(vector.toString());
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.out()).contains("no parent hash leads here");
        assertThat(run.err()).startsWith("coppice: the tree is not valid: ").contains("hint: see RFC 9420 §12.4.3.1");
    }

    @Test
    void whatIsNoTreeIsBadInput() {
        Coppice.Run run = tree("00ff00ff");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).startsWith("coppice: no ratchet tree: at byte ").contains("hint: coppice inspect");
        assertThat(tree("[{\"a\":1}]").code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(tree("").code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(tree("[]").err()).startsWith("coppice: the file holds an empty list\nhint: ");
    }
}
