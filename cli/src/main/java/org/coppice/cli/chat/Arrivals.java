package org.coppice.cli.chat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.coppice.cli.account.Account;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEvent;
import org.coppice.mls.codec.Bytes;

/**
 * What comes in before a conversation is opened by its name, while nobody listens yet: where each conversation stood before, so that
 * nothing is passed over, and what each was called on the way, as its name may change in the same moment.
 */
final class Arrivals {
    private final CoppiceClient client;
    private final Map<Bytes, Long> before = new HashMap<>();
    private final Map<Bytes, Set<String>> names = new ConcurrentHashMap<>();

    private Arrivals(CoppiceClient client) {
        this.client = client;
    }

    /**
     * Takes in what waits.
     *
     * @param remark told if the server takes its time
     */
    static Arrivals of(Account account, Consumer<String> remark) {
        Arrivals out = new Arrivals(account.client());
        out.client
                .conversations()
                .forEach(one -> out.before.put(one.id(), one.view().cursor()));
        Consumer<ClientEvent> listener = out::happened;
        out.client.listen(listener);
        try {
            account.sync(remark);
        } finally {
            out.client.unlisten(listener);
        }
        return out;
    }

    private void happened(ClientEvent event) {
        client.conversation(event.groupId())
                .ifPresent(one -> names.computeIfAbsent(one.id(), id -> new HashSet<>())
                        .add(one.view().name()));
    }

    /** The conversation that was called so meanwhile, if it was the only one. */
    Optional<Conversation> find(String name) {
        var found = names.entrySet().stream()
                .filter(entry -> entry.getValue().contains(name))
                .map(Map.Entry::getKey)
                .toList();
        return found.size() == 1 ? client.conversation(found.get(0)) : Optional.empty();
    }

    /** The last entry of a conversation that was there before. */
    long seenUpTo(Conversation conversation) {
        return before.getOrDefault(conversation.id(), 0L);
    }
}
