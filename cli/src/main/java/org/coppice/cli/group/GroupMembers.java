package org.coppice.cli.group;

import org.coppice.cli.Terminal;
import org.coppice.cli.Texts;
import org.coppice.cli.account.Account;
import org.coppice.cli.conversation.HistoryJson;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.MembersText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice group members}. */
@Command(
        name = "members",
        header = "List the members of a conversation.",
        description = "Lists the devices in a conversation, and whether you have compared their keys.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  coppice group members garden --as alice",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class GroupMembers extends ReadGroups {
    @Parameters(index = "0", paramLabel = "GROUP", description = "name of the conversation, or the beginning of its id")
    private String group;

    GroupMembers(Terminal terminal) {
        super(terminal);
    }

    @Override
    void print(Account account, boolean coloured) {
        MembersText.lines(Lookup.find(account.client(), group).members(), coloured)
                .forEach(terminal.out()::println);
    }

    @Override
    void printJson(Account account) {
        terminal.out()
                .println(Texts.json(
                        HistoryJson.of(Lookup.find(account.client(), group).view())
                                .toPrettyString()));
    }
}
