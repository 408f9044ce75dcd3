package org.coppice.client.engine;

import java.util.List;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;

/**
 * The epochs of a conversation that something is kept of: the ids of messages ({@link Replays}) and the counts of senders
 * ({@link Generations}). Both are forgotten once no message of the epoch can be read any more, and with the membership.
 */
final class Epochs {
    private final int pastEpochs;

    Epochs(int pastEpochs) {
        this.pastEpochs = pastEpochs;
    }

    /** Begins to keep what there will be of {@code epoch}, as the group enters it, and forgets what can be read no longer. */
    void enter(Unit unit, Bytes groupId, long epoch) {
        Space index = Spaces.epochs(groupId);
        // A message that was sent again can be as many epochs late as the first one was.
        long oldest = Math.max(0, epoch - 2L * pastEpochs);
        List<StoreTransaction.Stored> known = unit.records().all(index);
        if (known.isEmpty()) {
            // Stores of former releases kept these without an index.
            for (long past = oldest; past < epoch; past++) {
                note(unit, index, past);
            }
        }
        known.stream().filter(record -> record.number() < oldest).forEach(record -> {
            forget(unit, groupId, record.number());
            unit.records().delete(index, record.key());
        });
        note(unit, index, epoch);
        Generations.begin(unit, groupId, epoch);
    }

    private static void note(Unit unit, Space index, long epoch) {
        unit.records().put(index, Space.key(epoch), new byte[0]);
    }

    private static void forget(Unit unit, Bytes groupId, long epoch) {
        unit.records().deleteAll(Spaces.seen(groupId, epoch));
        unit.records().deleteAll(Spaces.generations(groupId, epoch));
    }

    /** Forgets all epochs of a conversation. */
    static void forgetAll(Unit unit, Bytes groupId) {
        Space index = Spaces.epochs(groupId);
        unit.records().all(index).forEach(record -> forget(unit, groupId, record.number()));
        unit.records().deleteAll(index);
    }
}
