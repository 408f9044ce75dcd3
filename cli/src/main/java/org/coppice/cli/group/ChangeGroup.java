package org.coppice.cli.group;

import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.cli.Texts;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.AsAccount;
import org.coppice.cli.conversation.HistoryJson;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.Settle;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.Receipt;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that asks for one change of a conversation. */
abstract class ChangeGroup extends AsAccount {
    @Parameters(index = "0", paramLabel = "GROUP", description = "name of the conversation, or the beginning of its id")
    private String group;

    @Option(names = "--json", description = "print the receipt as JSON")
    private boolean json;

    ChangeGroup(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected final int run(Account account) {
        account.sync(terminal);
        Conversation conversation = Lookup.find(account.client(), group);
        Receipt receipt = change(account.client(), conversation);
        if (json) {
            terminal.out()
                    .println(Texts.json(
                            HistoryJson.of(conversation.id(), receipt).toString()));
            terminal.out().flush();
        }
        Settle.orFail(receipt);
        if (!json) {
            terminal.out().println(done(conversation));
        }
        if (!Settle.without(receipt).isEmpty()) {
            terminal.say(Settle.without(receipt));
        }
        return ExitCode.SUCCESS;
    }

    /** Asks for it. */
    abstract Receipt change(CoppiceClient client, Conversation conversation);

    /** What to say once it is done. */
    abstract String done(Conversation conversation);
}
