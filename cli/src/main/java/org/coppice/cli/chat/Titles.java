package org.coppice.cli.chat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.mls.codec.Bytes;

/** What to call conversations: who was removed from one does not know its name any more, and has just read it. Thread safe. */
final class Titles {
    private final Map<Bytes, String> known = new ConcurrentHashMap<>();

    /** Its name, or the last one that was asked for, or its id. */
    String of(Conversation conversation) {
        if (conversation.view().name().isEmpty()) {
            return known.getOrDefault(conversation.id(), Lookup.title(conversation));
        }
        String title = Lookup.title(conversation);
        known.put(conversation.id(), title);
        return title;
    }
}
