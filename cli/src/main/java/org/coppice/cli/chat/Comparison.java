package org.coppice.cli.chat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.SafetyNumber;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;

/** Comparing keys with other users: shows digits, and notes what a person says of those that were shown. Thread safe. */
final class Comparison {
    /** The digits that the person has seen. */
    private final Map<Compared, SafetyNumber> shown = new ConcurrentHashMap<>();

    /** Whose digits were shown where. */
    private record Compared(Bytes groupId, UserName user) {}

    /** {@code USER [yes|no]}. */
    void obey(List<String> words, Conversation conversation, ChatOutput answers) {
        UserName user = Lookup.user(words.get(0));
        if (conversation.members().stream()
                .noneMatch(member -> member.client().user().equals(user))) {
            throw CommandFailure.input(user + " is no member here", "/members lists them");
        }
        if (words.size() == 1) {
            SafetyNumber number = conversation.safetyNumber(user);
            shown.put(new Compared(conversation.id(), user), number);
            answers.safetyNumber(conversation, user, number);
        } else if (words.size() == 2 && words.get(1).equals("yes")) {
            confirm(conversation, user);
            answers.note("the keys of " + user + " are verified; a new key or device will be marked again");
        } else if (words.size() == 2 && words.get(1).equals("no")) {
            conversation.unverify(user);
            answers.note("the keys of " + user + " are not verified any more");
        } else {
            throw CommandFailure.usage(
                    "yes or no, not " + String.join(" ", words.subList(1, words.size())), ChatVerb.VERIFY.usage());
        }
    }

    /** Notes what was shown, and nothing that came since. */
    private void confirm(Conversation conversation, UserName user) {
        SafetyNumber compared = shown.get(new Compared(conversation.id(), user));
        if (compared == null) {
            throw CommandFailure.usage("nothing was compared yet", "/verify " + user + " shows what to compare");
        }
        try {
            conversation.verify(user, compared);
        } catch (KeysChangedException e) {
            shown.remove(new Compared(conversation.id(), user));
            throw CommandFailure.input(
                    "the keys of " + user + " have changed since: compare again",
                    "/verify " + user + " shows what to compare");
        }
    }
}
