package org.coppice.cli.group;

import org.coppice.cli.Terminal;
import org.coppice.cli.conversation.Changes;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.Receipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice group rename}. */
@Command(
        name = "rename",
        header = "Give a conversation another name.",
        description = "Gives a conversation another name, for all members.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  coppice group rename garden orchard --as alice",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class RenameGroup extends ChangeGroup {
    @Parameters(index = "1", paramLabel = "NAME", description = "the new name")
    private String name;

    RenameGroup(Terminal terminal) {
        super(terminal);
    }

    @Override
    Receipt change(CoppiceClient client, Conversation conversation) {
        return Changes.rename(conversation, name);
    }

    @Override
    String done(Conversation conversation) {
        return "now called " + Lookup.title(conversation);
    }
}
