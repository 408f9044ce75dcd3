package org.coppice.cli.group;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.coppice.cli.Terminal;
import org.coppice.cli.Texts;
import org.coppice.cli.account.Account;
import org.coppice.cli.conversation.HistoryJson;
import org.coppice.cli.conversation.ListText;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import picocli.CommandLine.Command;

/** {@code coppice group list}. */
@Command(
        name = "list",
        header = "List your conversations.",
        description = "Lists all conversations that you are or were in.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice group list --as alice",
            "  coppice group list --as alice --offline --json | jq -r '.[].name'",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class ListGroups extends ReadGroups {
    ListGroups(Terminal terminal) {
        super(terminal);
    }

    @Override
    void print(Account account, boolean coloured) {
        List<Conversation> all = Lookup.sorted(account.client());
        if (all.isEmpty()) {
            terminal.say("no conversation yet");
            terminal.err().println("hint: begin one: coppice group create NAME, or wait for an invitation");
        }
        ListText.lines(all, coloured).forEach(terminal.out()::println);
    }

    @Override
    void printJson(Account account) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        Lookup.sorted(account.client()).forEach(conversation -> out.add(HistoryJson.of(conversation.view())));
        terminal.out().println(Texts.json(out.toPrettyString()));
    }
}
