package org.coppice.cli.chat;

import java.util.Optional;

/** What can be done in a chat beside talking: a slash and a word. */
enum ChatVerb {
    HELP("", "these lines"),
    LIST("", "your conversations"),
    OPEN("NAME", "go to another conversation"),
    NEW("NAME [USER...]", "begin a conversation"),
    MEMBERS("", "who is here, and whose keys you have compared"),
    INVITE("USER...", "add users, or single devices: USER/DEVICE"),
    REMOVE("USER...", "remove them"),
    RENAME("NAME", "give this conversation another name"),
    VERIFY("USER [yes|no]", "compare keys; yes notes that they are the same"),
    HISTORY("[N]", "the last lines again"),
    STATUS("", "epoch, what waits, the value that all members share"),
    REFRESH("", "replace your keys now"),
    REJOIN("", "take your place again, if you cannot follow any more"),
    LEAVE("", "leave this conversation"),
    QUIT("", "end the chat; you stay a member");

    private final String arguments;
    private final String meaning;

    ChatVerb(String arguments, String meaning) {
        this.arguments = arguments;
        this.meaning = meaning;
    }

    /** As it is typed, without the slash. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether nothing comes after it. */
    boolean standsAlone() {
        return arguments.isEmpty();
    }

    /** As the help shows it. */
    String usage() {
        return "/" + word() + (arguments.isEmpty() ? "" : " " + arguments);
    }

    String meaning() {
        return meaning;
    }

    /** The verb of a word, or of the beginning of one that only one verb has. */
    static Optional<ChatVerb> of(String word) {
        ChatVerb found = null;
        for (ChatVerb verb : values()) {
            if (verb.word().equals(word)) {
                return Optional.of(verb);
            }
            if (!word.isEmpty() && verb.word().startsWith(word)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = verb;
            }
        }
        return Optional.ofNullable(found);
    }
}
