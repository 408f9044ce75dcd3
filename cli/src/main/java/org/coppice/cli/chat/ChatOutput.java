package org.coppice.cli.chat;

import java.util.List;
import java.util.Optional;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.SafetyNumber;
import org.coppice.delivery.api.UserName;

/** Where a chat tells what happens. Called by several threads; thread safe. */
interface ChatOutput {
    /** The same, for what is told in answer to something that a program calls {@code ref}. */
    ChatOutput answering(String ref);

    /** A line of history; {@code foreign} if it is of another conversation than the one that is open. */
    void entry(Conversation conversation, HistoryEntry entry, boolean foreign);

    /** What became of something that was asked for; {@code ref} is what a program calls it. */
    void receipt(Conversation conversation, Receipt receipt, Optional<String> ref);

    /** Where this client stands now. */
    void standing(Conversation conversation, ConversationStatus status, String reason);

    /** The conversation that is open from now on. */
    void opened(Conversation conversation);

    /** All conversations, as {@code /list} asks. */
    void list(List<Conversation> conversations);

    /** The members, as {@code /members} asks. */
    void members(Conversation conversation);

    /** Everything about a conversation, as {@code /status} asks; why there is no connection, and why not all is read. */
    void status(Conversation conversation, Optional<String> link, Optional<String> reading);

    /** A safety number to compare, as {@code /verify} asks. */
    void safetyNumber(Conversation conversation, UserName user, SafetyNumber number);

    /** The commands, as {@code /help} asks. */
    void help(List<ChatVerb> verbs);

    /** The server cannot be reached any more, or can again. */
    void link(Optional<String> trouble);

    /** Not all that is new is read any more though the server can be reached, or all is again. */
    void reading(Optional<String> trouble);

    /** What was asked for is done, and has no receipt. */
    void done();

    /** Something that is good to know. */
    void note(String text);

    /** Something that went wrong; {@code hint} may be empty. */
    void problem(String text, String hint);
}
