package org.coppice.delivery.group;

import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Problem;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;

/**
 * A group as its row has it.
 *
 * @param groupId the group
 * @param epoch its epoch
 * @param head the last entry of its log
 * @param first the first entry that is still kept
 * @param cipherSuite its suite
 * @param settings how the service treats it
 * @param ended whether a ReInit has ended it
 * @param commitSeq the Commit that began the epoch; 0 if that is not one that could be taken back
 * @param committer who sent that
 * @param confirmed whether anybody else has shown to be in the epoch
 * @param handshakeSeq the last entry that is no application message
 * @param treeFloor the oldest epoch whose tree can be put together
 */
public record GroupRow(
        Bytes groupId,
        long epoch,
        long head,
        long first,
        CipherSuite cipherSuite,
        GroupSettings settings,
        boolean ended,
        long commitSeq,
        String committer,
        boolean confirmed,
        long handshakeSeq,
        long treeFloor) {
    boolean isPublic() {
        return settings.handshakes() == HandshakePolicy.PUBLIC;
    }

    /** Whether anybody may come in without being added. */
    boolean isJoinable() {
        return !(settings.externalJoins() instanceof ExternalJoinPolicy.None);
    }

    DeliveryException staleEpoch() {
        return Problem.staleEpoch(epoch, head).asException();
    }
}
