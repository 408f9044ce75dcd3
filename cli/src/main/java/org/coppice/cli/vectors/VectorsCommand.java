package org.coppice.cli.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Providers;
import org.coppice.cli.Terminal;
import org.coppice.cli.vectors.RunResults.UnknownCase;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CompositeCryptoProvider;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.vectors.VectorKind;
import org.coppice.testkit.vectors.VectorResult;
import org.coppice.testkit.vectors.VectorResult.Outcome;
import org.coppice.testkit.vectors.VectorVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice vectors}. */
@Command(
        name = "vectors",
        header = "Verify test vectors, or make new ones.",
        description = {
            "Verifies test vectors in the formats of the MLS working group.",
            "",
            "The kind of each case is recognised from its fields. Directories are searched for .json files; files in "
                    + "them that hold something else are passed over. A case of no known kind among others counts as "
                    + "failed. The last line is \"N passed, N failed\"."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice vectors ../mls-implementations/test-vectors --provider jdk",
            "  coppice vectors --generate new --kind treekem,welcome --suite 1,2",
            "",
            "Exit codes: 0 none failed, 1 some failed, 2 wrong usage, 3 a file cannot be read,",
            "4 all were skipped."
        })
public final class VectorsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Colours colours;

    @Mixin
    private Providers providers;

    @Parameters(paramLabel = "DIR|FILE", arity = "0..*", description = "files of vectors, or directories of them")
    private List<Path> paths = List.of();

    @Option(names = "--generate", paramLabel = "DIR", description = "make new vectors and write them into DIR instead")
    private Path generate;

    @Option(
            names = "--seed",
            paramLabel = "TEXT",
            defaultValue = "coppice",
            description = "of new vectors: the same gives the same (default: ${DEFAULT-VALUE})")
    private String seed;

    @Option(
            names = "--suite",
            paramLabel = "N",
            split = ",",
            description = "cipher suites of new vectors, such as 1,2 (default: all seven)")
    private List<Integer> suites = List.of();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "kinds of new vectors, such as treekem (default: all)")
    private List<String> kinds = List.of();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "3",
            description = "how many new vectors of each kind and suite (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--json", description = "print all results as JSON")
    private boolean json;

    /** @param terminal where to read and write */
    public VectorsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws JsonProcessingException, MlsException {
        if (generate != null) {
            return generate();
        }
        if (paths.isEmpty()) {
            throw CommandFailure.usage("no file or directory given", "run: coppice vectors --help");
        }
        VectorFiles files = VectorFiles.of(paths);
        RunResults results = new VectorRun(terminal, new VectorVerifier(providers.load())).verify(files);
        if (results.known().isEmpty()) {
            throw CommandFailure.input("no test vectors in " + paths.get(0), "give a directory of test vectors");
        }
        long failed = results.count(Outcome.FAILED);
        if (json) {
            terminal.out()
                    .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(toJson(results)));
        } else {
            new ResultTable(results, colours.on(terminal)).print(terminal.out());
            terminal.out().println();
            results.skipped().ifPresent(terminal.out()::println);
            terminal.out().println(results.count(Outcome.PASSED) + " passed, " + failed + " failed");
        }
        if (failed > 0) {
            return ExitCode.FAILED_CHECK;
        }
        return results.count(Outcome.PASSED) > 0 ? ExitCode.SUCCESS : ExitCode.NOTHING_CHECKED;
    }

    private int generate() throws MlsException {
        if (!paths.isEmpty()) {
            throw CommandFailure.usage("--generate writes vectors, it reads none", "leave out " + paths.get(0));
        }
        if (count < 1) {
            throw CommandFailure.usage("--count must be positive", "the default is 3");
        }
        new VectorMill(terminal, generatorProvider(), seed, chosenSuites(), count).write(generate, chosenKinds());
        return ExitCode.SUCCESS;
    }

    /** Native libraries draw nonces of signatures from the system, which would not be the same again. */
    private CompositeCryptoProvider generatorProvider() {
        return providers.choice() == Providers.Choice.best ? Providers.load(Providers.Choice.bc) : providers.load();
    }

    private List<CipherSuite> chosenSuites() {
        for (int suite : suites) {
            if (suite < 1 || suite > CipherSuite.STANDARD.size()) {
                throw CommandFailure.usage("no such cipher suite: " + suite, "the suites of RFC 9420 are 1 to 7");
            }
        }
        return suites.isEmpty()
                ? CipherSuite.STANDARD
                : suites.stream().map(CipherSuite::new).toList();
    }

    private List<VectorKind> chosenKinds() {
        List<VectorKind> out = new ArrayList<>();
        for (String kind : kinds) {
            out.add(VectorKind.named(kind)
                    .orElseThrow(() -> CommandFailure.usage(
                            "no such kind of vector: " + kind,
                            "one of " + Arrays.toString(VectorKind.values()).replaceAll("[\\[\\]]", ""))));
        }
        return out.isEmpty() ? List.of(VectorKind.values()) : out;
    }

    private ObjectNode toJson(RunResults results) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("provider", providers.choice().toString());
        for (Outcome outcome : Outcome.values()) {
            out.put(label(outcome), results.count(outcome));
        }
        ArrayNode list = out.putArray("results");
        for (VectorResult result : results.known()) {
            ObjectNode entry = list.addObject();
            entry.put("file", result.vector().source());
            entry.put("index", result.vector().index());
            entry.put("kind", result.vector().kind().label());
            result.vector().suite().ifPresent(suite -> entry.put("cipher_suite", suite));
            entry.put("outcome", label(result.outcome()));
            if (!result.reason().isEmpty()) {
                entry.put("reason", result.reason());
            }
        }
        for (UnknownCase unknown : results.unknown()) {
            list.addObject()
                    .put("file", unknown.source())
                    .put("index", unknown.index())
                    .put("outcome", label(Outcome.FAILED))
                    .put("reason", UnknownCase.REASON);
        }
        return out;
    }

    private static String label(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
