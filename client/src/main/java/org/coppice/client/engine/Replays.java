package org.coppice.client.engine;

import org.coppice.client.model.MessageId;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/**
 * Tells a message that comes a second time (RFC 9750 §8.6): a member can encrypt what another has signed again, but only within the
 * epoch that the signature names. So the ids of an epoch can be forgotten
 * with its keys.
 */
final class Replays {
    private final int pastEpochs;

    Replays(int pastEpochs) {
        this.pastEpochs = pastEpochs;
    }

    /** Remembers a message; false if it was there before. */
    boolean isFirst(Unit unit, Bytes groupId, long epoch, ClientId sender, MessageId id) {
        Bytes key = new TlsWriter(64).struct(sender).struct(id).toBytes();
        // A message that was sent again in a later epoch, as its sender could not know that it had arrived, counts as
        // the same.
        for (long past = Math.max(0, epoch - pastEpochs); past <= epoch + pastEpochs; past++) {
            if (Damage.isThere(unit, Spaces.seen(groupId, past), key)) {
                return false;
            }
        }
        unit.records().put(Spaces.seen(groupId, epoch), key, new byte[0]);
        return true;
    }
}
