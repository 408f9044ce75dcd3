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

/** {@code coppice group invite}. */
@Command(
        name = "invite",
        header = "Invite users.",
        description = "Adds all devices of users, or single devices, with one commit.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  coppice group invite garden bob carol/phone --as alice",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class InviteToGroup extends ChangeGroup {
    @Parameters(index = "1..*", arity = "1..*", paramLabel = "USER", description = "a user, or one device: USER/DEVICE")
    private List<String> names;

    InviteToGroup(Terminal terminal) {
        super(terminal);
    }

    @Override
    Receipt change(CoppiceClient client, Conversation conversation) {
        return Changes.invite(client, conversation, names);
    }

    @Override
    String done(Conversation conversation) {
        return "invited to " + Lookup.title(conversation) + ": " + String.join(", ", names);
    }
}
