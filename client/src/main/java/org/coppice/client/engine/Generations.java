package org.coppice.client.engine;

import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.tree.LeafIndex;

/**
 * Counts the messages of each sender in an epoch (RFC 9750 §8.1.4): a generation that is passed over is a message that was sent and is
 * not in the log before this one, because it was lost or held back. Only epochs that were followed from their beginning are judged.
 */
final class Generations {
    /** The mark that an epoch is counted from its beginning; no leaf has this key. */
    private static final Bytes COUNTED = Bytes.EMPTY;

    private Generations() {}

    /** Begins to count an epoch, as the group enters it. */
    static void begin(Unit unit, Bytes groupId, long epoch) {
        unit.records().put(Spaces.generations(groupId, epoch), COUNTED, new byte[0]);
    }

    /** Notes a message; returns how many of its sender's that come before it were not read until now. */
    static long missingBefore(Unit unit, Bytes groupId, long epoch, LeafIndex sender, long generation) {
        Space space = Spaces.generations(groupId, epoch);
        if (!Damage.isThere(unit, space, COUNTED)) {
            return 0;
        }
        Bytes key = Space.key(sender.value());
        long next;
        try {
            next = unit.records().get(space, key).map(Spaces::number).orElse(0L);
        } catch (StoreException e) {
            // Counted from here: what was missing before was told then.
            Damage.require(e);
            next = generation;
        }
        if (generation < next) {
            return 0;
        }
        unit.records().put(space, key, Space.key(generation + 1).toByteArray());
        return generation - next;
    }
}
