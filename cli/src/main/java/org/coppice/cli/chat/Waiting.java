package org.coppice.cli.chat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.Conversation;
import org.coppice.client.model.Receipt;
import org.coppice.mls.codec.Bytes;

/** What was typed and is not done yet, for as long as this chat lasts. Thread safe. */
final class Waiting {
    /** What the line about the connection tells already. */
    private static final Set<Receipt.Kind> PLAIN = Set.of(Receipt.Kind.NOT_TRIED, Receipt.Kind.UNREACHABLE);

    private final Map<Wish, Line> lines = new LinkedHashMap<>();
    /** By conversation, the last wish that was settled; they are settled in their order. */
    private final Map<Bytes, Long> settled = new HashMap<>();

    private record Wish(Bytes groupId, long number) {}

    /**
     * Something that was typed.
     *
     * @param why what it waits for, if that is not the connection
     */
    record Line(String text, Optional<String> why) {}

    /** Takes something that was just asked for; it may be settled in the same moment. */
    synchronized void add(Conversation conversation, Receipt receipt, String text) {
        if (receipt.state() == Receipt.State.WAITING
                && receipt.number() > settled.getOrDefault(conversation.id(), -1L)) {
            lines.put(new Wish(conversation.id(), receipt.number()), new Line(text, Optional.empty()));
        }
    }

    /** Takes what became of something; whether it still waits here. */
    synchronized boolean told(Conversation conversation, Receipt receipt) {
        Wish wish = new Wish(conversation.id(), receipt.number());
        if (receipt.state() == Receipt.State.WAITING) {
            Optional<String> why = receipt.problem()
                    .filter(problem -> !PLAIN.contains(problem.kind()))
                    .map(Receipt.Problem::text);
            return lines.computeIfPresent(wish, (key, line) -> new Line(line.text(), why)) != null;
        }
        settled.merge(conversation.id(), receipt.number(), Math::max);
        lines.remove(wish);
        return false;
    }

    /** What waits in a conversation, the earliest first. */
    synchronized List<Line> of(Conversation conversation) {
        return lines.entrySet().stream()
                .filter(entry -> entry.getKey().groupId().equals(conversation.id()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
