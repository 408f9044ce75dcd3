package org.coppice.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Providers;
import org.coppice.cli.Style;
import org.coppice.cli.Terminal;
import org.coppice.cli.Version;
import org.coppice.cli.account.AccountCheck;
import org.coppice.cli.account.AccountOptions;
import org.coppice.cli.account.Finding;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CompositeCryptoProvider;
import org.coppice.mls.crypto.CryptoReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coppice doctor}. */
@Command(
        name = "doctor",
        header = "Tell what is wrong with this set-up, if something is.",
        description = {
            "Tells what this installation runs on: which provider serves each cryptographic primitive, and why others "
                    + "were passed over. Every primitive in use has just passed its known-answer test.",
            "Then it looks at your accounts, or at the one of --as: whether the server answers, whether the clocks agree, whether "
                    + "the store opens, how many key packages are left for others to invite you with. A store whose passphrase is not "
                    + "given by file or variable is asked for with --as only."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice doctor",
            "  coppice doctor --as alice",
            "  coppice doctor --no-accounts --provider jdk --json",
            "",
            "Exit codes: 0 all is well, 1 something is not, 2 wrong usage."
        })
public final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Colours colours;

    @Mixin
    private Providers providers;

    @Mixin
    private AccountOptions accounts;

    @Option(names = "--no-accounts", description = "look at the cryptography only")
    private boolean noAccounts;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** @param terminal where to read and write */
    public DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CompositeCryptoProvider provider = providers.load();
        CryptoReport report = provider.report();
        List<CipherSuite> missing = CipherSuite.STANDARD.stream()
                .filter(suite -> provider.suite(suite).isEmpty())
                .toList();
        List<Finding> findings = noAccounts ? List.of() : new AccountCheck(accounts).findings();
        if (json) {
            ObjectNode out = toJson(report, missing);
            ArrayNode list = out.putArray("findings");
            findings.forEach(finding -> list.add(finding.toJson()));
            terminal.out().println(out.toPrettyString());
        } else {
            print(report, provider.name());
            print(findings);
        }
        if (!missing.isEmpty()) {
            throw CommandFailure.check(
                    "these cipher suites do not work here: " + missing, "try --provider best, or another JDK");
        }
        if (!json) {
            terminal.out().println(Style.GOOD.apply("✓", colours.on(terminal)) + " all seven cipher suites work");
        }
        return findings.stream().allMatch(Finding::isGood) ? ExitCode.SUCCESS : ExitCode.FAILED_CHECK;
    }

    private void print(List<Finding> findings) {
        boolean on = colours.on(terminal);
        for (Finding finding : findings) {
            String mark = finding.isGood() ? Style.GOOD.apply("✓ ", on) : Style.BAD.apply("✗ ", on);
            terminal.out().println(mark + finding.what());
            if (!finding.hint().isEmpty()) {
                terminal.out().println("  " + Style.FAINT.apply(finding.hint(), on));
            }
        }
    }

    /** What else matters to who reads a bug report. */
    private static Map<String, String> platform() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("coppice", Version.number());
        out.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        out.put("java home", System.getProperty("java.home"));
        out.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        out.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        out.put("heap limit", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
        return out;
    }

    private void print(CryptoReport report, String providerNames) {
        boolean on = colours.on(terminal);
        PrintStream out = terminal.out();
        platform().forEach((name, value) -> out.println(Style.FAINT.apply(pad(name, 14), on) + value));
        out.println(Style.FAINT.apply(pad("providers", 14), on) + providerNames.replace("+", ", "));
        out.println();
        out.println(Style.TITLE.apply(pad("primitive", 20) + "served by", on));
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (CryptoReport.Choice choice : report.choices()) {
            String served = choice.provider()
                    .map(name -> Style.GOOD.apply(name, on))
                    .orElseGet(() -> Style.BAD.apply("nobody", on));
            out.println(pad(choice.primitive().label(), 20) + served);
            for (CryptoReport.PassedOver passed : choice.passedOver()) {
                reasons.computeIfAbsent(passed.toString(), text -> new ArrayList<>())
                        .add(choice.primitive().label());
            }
        }
        out.println();
        reasons.forEach((reason, primitives) ->
                out.println(Style.NOTICE.apply(reason, on) + " (" + String.join(", ", primitives) + ")"));
        if (!reasons.isEmpty()) {
            out.println();
        }
    }

    private static ObjectNode toJson(CryptoReport report, List<CipherSuite> missing) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        platform().forEach((name, value) -> out.put(name.replace(' ', '_'), value));
        ArrayNode primitives = out.putArray("primitives");
        for (CryptoReport.Choice choice : report.choices()) {
            ObjectNode entry = primitives.addObject();
            entry.put("primitive", choice.primitive().label());
            entry.put("provider", choice.provider().orElse(null));
            ArrayNode passedOver = entry.putArray("passed_over");
            for (CryptoReport.PassedOver passed : choice.passedOver()) {
                passedOver.addObject().put("provider", passed.provider()).put("reason", passed.reason());
            }
        }
        ArrayNode unavailable = out.putArray("missing_cipher_suites");
        missing.forEach(suite -> unavailable.add(suite.value()));
        return out;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
