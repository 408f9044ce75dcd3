package org.coppice.client.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.Receipt;
import org.coppice.mls.codec.Bytes;

/** The receipts that callers wait for. Thread safe. */
final class Receipts {
    private final Map<Key, Optional<Receipt>> awaited = new ConcurrentHashMap<>();

    private record Key(Bytes groupId, long number) {}

    void await(Bytes groupId, long number) {
        awaited.put(new Key(groupId, number), Optional.empty());
    }

    void note(List<ClientEvent> events) {
        for (ClientEvent event : events) {
            if (event instanceof ClientEvent.Settled settled) {
                awaited.computeIfPresent(
                        new Key(settled.groupId(), settled.receipt().number()),
                        (key, none) -> Optional.of(settled.receipt()));
            }
        }
    }

    /** The receipt, if the wish was settled; ends the waiting. */
    Optional<Receipt> take(Bytes groupId, long number) {
        Optional<Receipt> out = awaited.remove(new Key(groupId, number));
        return out == null ? Optional.empty() : out;
    }
}
