package org.coppice.cli.group;

import java.time.Duration;
import org.coppice.cli.Terminal;
import org.coppice.cli.conversation.Changes;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.Receipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coppice group leave}. */
@Command(
        name = "leave",
        header = "Leave a conversation.",
        description = {
            "Asks to leave. Another member has to commit that, which happens when one is online; this command waits for it as "
                    + "long as --wait says, and the wish is kept beyond that."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  coppice group leave garden --as bob --wait 30",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class LeaveGroup extends ChangeGroup {
    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "how long to wait for a member who commits it (default: 5)")
    private int seconds;

    LeaveGroup(Terminal terminal) {
        super(terminal);
    }

    @Override
    Receipt change(CoppiceClient client, Conversation conversation) {
        return Changes.leave(conversation, Duration.ofSeconds(seconds));
    }

    @Override
    String done(Conversation conversation) {
        return "left " + Lookup.title(conversation);
    }
}
