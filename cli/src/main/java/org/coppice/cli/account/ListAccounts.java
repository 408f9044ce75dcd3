package org.coppice.cli.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.coppice.cli.Colours;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Style;
import org.coppice.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coppice account list}. */
@Command(
        name = "list",
        header = "List the accounts on this machine.",
        description = "Lists the accounts in the home: who, registered where, and what opens the keys.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice account list",
            "  coppice account list --json | jq -r '.[].client'",
            "",
            "Exit codes: 0 done (with none, too), 2 wrong usage, 3 bad input."
        })
public final class ListAccounts implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private HomeOption home;

    @Mixin
    private Colours colours;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** @param terminal where to read and write */
    public ListAccounts(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<AccountPlace> all = home.get().all();
        if (json) {
            terminal.out().println(json(all).toPrettyString());
            return ExitCode.SUCCESS;
        }
        if (all.isEmpty()) {
            terminal.say("no account in " + home.get().directory());
            terminal.err().println("hint: make one: coppice account new --name alice");
        }
        int width = all.stream()
                .mapToInt(place -> place.client().toString().length())
                .max()
                .orElse(0);
        for (AccountPlace place : all) {
            AccountFacts facts = AccountFacts.read(place);
            String name = place.client().toString();
            terminal.out()
                    .println(Style.NAME.apply(name, colours.on(terminal)) + " ".repeat(width - name.length() + 2)
                            + facts.server() + "  "
                            + (facts.opening() == AccountFacts.Opening.PASSPHRASE ? "passphrase" : "no passphrase")
                            + (facts.registered() ? "" : ", not registered yet"));
        }
        return ExitCode.SUCCESS;
    }

    private static ArrayNode json(List<AccountPlace> all) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (AccountPlace place : all) {
            AccountFacts facts = AccountFacts.read(place);
            out.addObject()
                    .put("client", place.client().toString())
                    .put("server", facts.server())
                    .put("opening", facts.opening().name().toLowerCase(Locale.ROOT))
                    .put("registered", facts.registered())
                    .put("directory", place.directory().toString());
        }
        return out;
    }
}
