package org.coppice.cli.group;

import java.util.List;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.cli.Texts;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.AsAccount;
import org.coppice.cli.conversation.Changes;
import org.coppice.cli.conversation.HistoryJson;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.Settle;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice group create}. */
@Command(
        name = "create",
        header = "Begin a conversation.",
        description = "Begins a conversation with you as its only member, and invites users if some are named.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice group create garden --as alice",
            "  coppice group create garden bob carol --as alice",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
final class CreateGroup extends AsAccount {
    @Parameters(index = "0", paramLabel = "NAME", description = "what to call it")
    private String name;

    @Parameters(index = "1..*", paramLabel = "USER", description = "whom to invite")
    private List<String> users = List.of();

    @Option(
            names = "--private-handshakes",
            description = "hide from the server who comes and goes, and the name; it can then check less")
    private boolean privateHandshakes;

    @Option(names = "--json", description = "print the conversation as JSON")
    private boolean json;

    CreateGroup(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected int run(Account account) {
        ConversationOptions options = Changes.named(name);
        if (!Lookup.named(account.client(), name).isEmpty()) {
            throw CommandFailure.input(
                    "there is a conversation " + Lookup.quoted(name) + " already",
                    "talk in it: coppice chat " + name + " --as " + account.id().user());
        }
        account.sync(terminal);
        Changes.requireKnown(account.client(), users);
        Conversation conversation =
                account.client().createConversation(privateHandshakes ? options.withPrivateHandshakes() : options);
        if (!users.isEmpty()) {
            Settle.orFail(Changes.invite(account.client(), conversation, users));
        }
        if (json) {
            terminal.out()
                    .println(Texts.json(HistoryJson.of(conversation.view()).toString()));
        } else {
            terminal.out().println(Lookup.title(conversation) + "  " + Lookup.shortId(conversation));
        }
        return ExitCode.SUCCESS;
    }
}
