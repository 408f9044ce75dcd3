package org.coppice.cli.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsCommandTest {
    @TempDir
    private Path directory;

    private Coppice.Run generate(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "vectors";
        args[1] = "--generate";
        args[2] = directory.toString();
        System.arraycopy(options, 0, args, 3, options.length);
        return Coppice.run(args);
    }

    @Test
    void verifiesWhatItGenerates() {
        Coppice.Run made = generate("--suite", "1,2", "--count", "1");
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out()).contains("treekem.json: 2 cases", "tree-math.json: 1 case");
        Coppice.Run run = Coppice.run("vectors", directory.toString());
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.lastLine()).isEqualTo("29 passed, 0 failed");
        assertThat(run.out()).contains("kind \\ cipher suite", "treekem", "passive-client-random");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "bc", "native", "best"})
    void takesEveryProvider(String provider) {
        generate("--suite", "4", "--count", "1", "--kind", "crypto-basics,welcome");
        Coppice.Run run = Coppice.run("vectors", directory.toString(), "--provider", provider);
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.lastLine()).isEqualTo("2 passed, 0 failed");
    }

    @Test
    void failsWhenACaseFailsAndSaysWhy() throws Exception {
        generate("--suite", "1", "--count", "2", "--kind", "psk_secret");
        Path file = directory.resolve("psk_secret.json");
        String changed = Files.readString(file).replaceFirst("\"psk_secret\" : \"..", "\"psk_secret\" : \"5a");
        Files.writeString(file, changed);
        Coppice.Run run = Coppice.run("vectors", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.lastLine()).isEqualTo("1 passed, 1 failed");
        assertThat(run.out()).contains("failed psk_secret suite 1 #0: ", "1/1");
    }

    @Test
    void printsJsonForPrograms() throws Exception {
        generate("--suite", "1", "--count", "1", "--kind", "welcome");
        Coppice.Run run = Coppice.run("vectors", directory.toString(), "--json");
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("passed").intValue()).isEqualTo(1);
        assertThat(json.get("failed").intValue()).isZero();
        JsonNode result = json.get("results").get(0);
        assertThat(result.get("kind").textValue()).isEqualTo("welcome");
        assertThat(result.get("cipher_suite").intValue()).isEqualTo(1);
        assertThat(result.get("outcome").textValue()).isEqualTo("passed");
    }

    /** One case of no known kind ended the run without a word about the others; a directory's file was passed over whole. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsACaseOfNoKnownKindAsFailedAndGoesOn(boolean named) throws Exception {
        generate("--suite", "1", "--count", "2", "--kind", "psk_secret,welcome");
        Path file = directory.resolve("psk_secret.json");
        JsonNode cases = new ObjectMapper().readTree(file.toFile());
        Files.writeString(file, "[" + cases.get(0) + ", {\"cipher_suite\": 1}, " + cases.get(1) + "]");
        String welcome = directory.resolve("welcome.json").toString();
        Coppice.Run run =
                named ? Coppice.run("vectors", welcome, file.toString()) : Coppice.run("vectors", directory.toString());
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.out()).contains("welcome", "failed psk_secret.json #1: of no known kind of vector");
        assertThat(run.lastLine()).isEqualTo("4 passed, 1 failed");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void listsACaseOfNoKnownKindInJson() throws Exception {
        Path file = directory.resolve("a.json");
        Files.writeString(file, "[{\"x\": 1}, {\"cipher_suite\": 99, \"psks\": [], \"psk_secret\": \"00\"}]");
        JsonNode json = new ObjectMapper()
                .readTree(Coppice.run("vectors", file.toString(), "--json").out());
        assertThat(json.get("failed").intValue()).isEqualTo(1);
        JsonNode result = json.get("results").get(1);
        assertThat(result.get("file").textValue()).isEqualTo("a.json");
        assertThat(result.get("index").intValue()).isZero();
        assertThat(result.get("outcome").textValue()).isEqualTo("failed");
        assertThat(result.get("reason").textValue()).isEqualTo("of no known kind of vector");
    }

    private static String ofSuite(int suite) {
        return "{\"cipher_suite\": " + suite + ", \"psks\": [], \"psk_secret\": \"00\"}";
    }

    /** A run that skipped everything ended with exit code 0. */
    @Test
    void aRunThatCanVerifyNothingIsNoSuccess() throws Exception {
        Path file = directory.resolve("psk_secret.json");
        Files.writeString(file, "[" + ofSuite(99) + "," + ofSuite(98) + "," + ofSuite(99) + "]");
        Coppice.Run run = Coppice.run("vectors", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.NOTHING_CHECKED);
        assertThat(run.out())
                .contains(" skip\n")
                .containsPattern("\n3 skipped: 2 as cipher suite CipherSuite\\(0x0063\\)[^\n]*, "
                        + "1 as cipher suite CipherSuite\\(0x0062\\)[^\n]*\n0 passed, 0 failed\n$");
        assertThat(Coppice.run("vectors", file.toString(), "--json").code()).isEqualTo(ExitCode.NOTHING_CHECKED);
        assertThat(Coppice.run("vectors", "--help").out()).contains("4 all were skipped");
    }

    @Test
    void skippedCasesBesideVerifiedOnesAreToldWithoutFailure() throws Exception {
        generate("--suite", "1", "--count", "1", "--kind", "welcome");
        Files.writeString(directory.resolve("psk_secret.json"), "[" + ofSuite(99) + "]");
        Coppice.Run run = Coppice.run("vectors", directory.toString());
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("\n1 skipped: 1 as cipher suite CipherSuite(0x0063)");
        assertThat(run.lastLine()).isEqualTo("1 passed, 0 failed");
    }

    @Test
    void passesOverOtherFilesInADirectoryButNotOneThatIsNamed() throws Exception {
        generate("--suite", "1", "--count", "1", "--kind", "welcome");
        Path other = directory.resolve("package.json");
        Files.writeString(other, "{\"name\": \"something else\"}");
        Coppice.Run all = Coppice.run("vectors", directory.toString());
        assertThat(all.code()).isZero();
        assertThat(all.err()).isEqualTo("coppice: passed over, as they hold no known kind of vector: package.json\n");
        Coppice.Run named = Coppice.run("vectors", other.toString());
        assertThat(named.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(named.err()).startsWith("coppice: package.json #0 is of no known kind of vector\nhint: ");
    }

    @Test
    void missingFilesAndBrokenJsonAreBadInput() throws Exception {
        assertThat(Coppice.run("vectors", "/no/such/directory").code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(Coppice.run("vectors", directory.toString()).code()).isEqualTo(ExitCode.BAD_INPUT);
        Path file = directory.resolve("broken.json");
        Files.writeString(file, "[{]");
        Coppice.Run run = Coppice.run("vectors", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).startsWith("coppice: broken.json is no JSON: line 1");
    }

    @Test
    void saysWhyItCannotWriteVectors() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Coppice.Run run = Coppice.run("vectors", "--generate", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err())
                .isEqualTo("coppice: cannot write to " + file
                        + ": a file has that name\nhint: choose another directory\n");
    }

    @Test
    void senselessArgumentsAreWrongUsage() {
        assertThat(Coppice.run("vectors").code()).isEqualTo(ExitCode.USAGE);
        assertThat(generate("--kind", "nonsense").code()).isEqualTo(ExitCode.USAGE);
        assertThat(generate("--suite", "8").code()).isEqualTo(ExitCode.USAGE);
        assertThat(generate("--count", "0").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Coppice.run("vectors", "x", "--provider", "rot13").code()).isEqualTo(ExitCode.USAGE);
    }
}
