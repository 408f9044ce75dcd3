package org.coppice.cli.group;

import java.util.List;
import org.coppice.cli.Terminal;
import org.coppice.cli.conversation.Changes;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.Receipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice group remove}. */
@Command(
        name = "remove",
        header = "Remove users.",
        description = "Removes all devices of users, or single devices: what is said from then on they cannot read.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  coppice group remove garden carol --as alice",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class RemoveFromGroup extends ChangeGroup {
    @Parameters(index = "1..*", arity = "1..*", paramLabel = "USER", description = "a user, or one device: USER/DEVICE")
    private List<String> names;

    RemoveFromGroup(Terminal terminal) {
        super(terminal);
    }

    @Override
    Receipt change(CoppiceClient client, Conversation conversation) {
        return Changes.remove(conversation, names, Lookup.whoIs(client, conversation));
    }

    @Override
    String done(Conversation conversation) {
        return "removed from " + Lookup.title(conversation) + ": " + String.join(", ", names);
    }
}
