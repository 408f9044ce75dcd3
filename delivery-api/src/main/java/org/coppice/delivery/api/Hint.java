package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;

/** That something has grown. Hints may be merged, repeated or lost; what to read is up to the cursor. */
public sealed interface Hint {
    /**
     * A group's log.
     *
     * @param groupId the group
     * @param head its last entry
     */
    record OfGroup(Bytes groupId, long head) implements Hint {
        /** Checks that it is there. */
        public OfGroup {
            Objects.requireNonNull(groupId, "groupId");
        }
    }

    /**
     * The client's inbox.
     *
     * @param head its last entry
     */
    record OfInbox(long head) implements Hint {}
}
