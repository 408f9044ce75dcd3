package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;

/**
 * A group that a client may read, and how far it has come.
 *
 * @param groupId the group
 * @param epoch its epoch, an unsigned 64-bit number; for one who left, the epoch it left in
 * @param head the last entry that the client may see; 0 if there is none
 * @param from the first entry that the client may see
 * @param member whether the client is a member now
 */
public record GroupHead(Bytes groupId, long epoch, long head, long from, boolean member) {
    /** Checks that nothing is missing or negative. */
    public GroupHead {
        Objects.requireNonNull(groupId, "groupId");
        Nested.checkNotNegative(head, "head");
        Nested.checkNotNegative(from, "from");
    }
}
