package org.coppice.testkit.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.testkit.ProjectRoot;
import org.coppice.testkit.search.WindowSearch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 9420 §9.2, §14, §15.3: what is to be deleted is in no object that lives. Suite 1 with each provider set in a normal run, and once
 * with a policy that keeps nothing of past epochs;
 * {@code -Dheap.suites=1,2,3,4,5,6,7} plays others. SECURITY.md has the table of what is looked for.
 */
@Tag("long")
class HeapTest {
    /** What is there for a reason before anything is deleted, and so has to be found: or the search finds nothing at all. */
    private static final Set<SecretKind> ALIVE_BEFORE = EnumSet.of(
            SecretKind.MESSAGE_KEY,
            SecretKind.RATCHET,
            SecretKind.TREE_NODE,
            SecretKind.SENDER_DATA,
            SecretKind.EPOCH,
            SecretKind.RESUMPTION,
            SecretKind.TREE_KEY,
            SecretKind.INIT_KEY,
            SecretKind.SIGNATURE_KEY);

    private static final int PAST_EPOCHS = 2;

    @TempDir
    Path directory;

    static Stream<Arguments> scenes() {
        return Stream.of(System.getProperty("heap.suites", "1").split(","))
                .flatMap(suite -> Stream.concat(
                        Stream.of(ProviderSet.values()).map(providers -> Arguments.of(suite, providers, PAST_EPOCHS)),
                        Stream.of(Arguments.of(suite, ProviderSet.BEST, 0))));
    }

    @ParameterizedTest(name = "suite {0}, {1}, {2} past epochs")
    @MethodSource("scenes")
    void holdsNoSecretThatIsToBeDeleted(String suite, ProviderSet providers, int pastEpochs)
            throws IOException, InterruptedException {
        play(suite, providers, pastEpochs);
        Derivations log = Derivations.of(SecretLog.read(HeapScene.logIn(directory)));
        assertThat(log.moments()).hasSize(9);
        assertThat(log.secrets().stream().map(LoggedSecret::kind).collect(Collectors.toSet()))
                .as("kinds of secrets that came up")
                .containsExactlyInAnyOrder(SecretKind.values());
        SecretSearch search = new SecretSearch(log.secrets());
        Set<String> faults = new LinkedHashSet<>();
        for (int i = 0; i < log.moments().size(); i++) {
            Set<SecretKind> found = search(search, log.moments().get(i), i, faults);
            if (i == 0) {
                assertThat(found).as("found while it is needed").containsAll(ALIVE_BEFORE);
            }
        }
        assertThat(faults).isEmpty();
    }

    private Set<SecretKind> search(SecretSearch search, Moment moment, int number, Set<String> faults)
            throws IOException {
        byte[] file = Files.readAllBytes(moment.dump(directory));
        Set<SecretKind> found = EnumSet.noneOf(SecretKind.class);
        HeapDump dump = null;
        for (WindowSearch.Hit<LoggedSecret> hit : search.in(file)) {
            found.add(hit.value().kind());
            if (!Lifetimes.mayLive(hit.value(), moment, number)) {
                dump = dump == null ? new HeapDump(file) : dump;
                faults.add(moment.name() + ": " + hit.value() + " as " + hit.form() + " in "
                        + dump.holderOf(hit.offset()));
            }
        }
        return found;
    }

    private void play(String suite, ProviderSet providers, int pastEpochs) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        // Or the collection before a dump leaves dead objects where they are, and the dump has them as
                        // fillers.
                        "-XX:MarkSweepDeadRatio=0",
                        "-XX:MarkSweepAlwaysCompactCount=1",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeapScene.class.getName(),
                        providers.name(),
                        suite,
                        Integer.toString(pastEpochs),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(10, TimeUnit.MINUTES)).as("the scene ends").isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.exitValue())
                .as(Files.readString(output, StandardCharsets.UTF_8))
                .isZero();
    }

    @Test
    void theTableOfTheDocumentHasEveryKindOfSecret() throws IOException {
        String document = Files.readString(ProjectRoot.find().resolve("SECURITY.md"));
        for (SecretKind kind : SecretKind.values()) {
            assertThat(document).contains("| " + kind.description() + " | " + kind.until() + " | none |");
        }
    }
}
