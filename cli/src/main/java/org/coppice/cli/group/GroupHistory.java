package org.coppice.cli.group;

import java.util.List;
import java.util.function.Consumer;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import org.coppice.cli.Texts;
import org.coppice.cli.account.Account;
import org.coppice.cli.conversation.HistoryJson;
import org.coppice.cli.conversation.HistoryText;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.People;
import org.coppice.client.Conversation;
import org.coppice.client.model.HistoryEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice group history}. */
@Command(
        name = "history",
        header = "Print what was said and done.",
        description =
                "Prints the last lines of a conversation, those before an entry, or those after one. In JSON, one object a line.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice group history garden --as alice",
            "  coppice group history garden --as bot --after 40 --json",
            "  coppice group history garden --before 40 --last 20",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class GroupHistory extends ReadGroups {
    private static final int PAGE = 500;

    @Parameters(index = "0", paramLabel = "GROUP", description = "name of the conversation, or the beginning of its id")
    private String group;

    @Option(names = "--last", paramLabel = "N", defaultValue = "50", description = "how many lines (default: 50)")
    private int last;

    @Option(names = "--after", paramLabel = "SEQ", description = "all lines after this entry instead")
    private Long after;

    @Option(names = "--before", paramLabel = "SEQ", description = "the last lines before this entry")
    private Long before;

    GroupHistory(Terminal terminal) {
        super(terminal);
    }

    @Override
    void print(Account account, boolean coloured) {
        Conversation conversation = Lookup.find(account.client(), group);
        HistoryText text = new HistoryText(account.id(), new People(conversation.members()), coloured);
        each(conversation, entry -> terminal.out().println(text.line(entry)));
    }

    @Override
    void printJson(Account account) {
        Conversation conversation = Lookup.find(account.client(), group);
        People people = new People(conversation.members());
        each(
                conversation,
                entry -> terminal.out()
                        .println(Texts.json(HistoryJson.of(conversation.id(), entry, account.id(), people)
                                .toString())));
    }

    private void each(Conversation conversation, Consumer<HistoryEntry> use) {
        if (last < 1) {
            throw CommandFailure.usage("at least one line, not " + last, "run: coppice group history --help");
        }
        if (after != null && before != null) {
            throw CommandFailure.usage("--after and --before do not go together", "run: coppice group history --help");
        }
        if (before != null) {
            conversation.before(before, last).forEach(use);
            return;
        }
        if (after == null) {
            conversation.latest(last).forEach(use);
            return;
        }
        long from = after;
        List<HistoryEntry> page = conversation.history(from, PAGE);
        while (!page.isEmpty()) {
            page.forEach(use);
            from = page.get(page.size() - 1).place().seq();
            page = conversation.history(from, PAGE);
        }
    }
}
