package org.coppice.delivery.hint;

import java.io.IOException;
import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;

/** Where a client's groups and inbox stand. */
public interface Heads {
    /**
     * What a stream of hints begins with.
     *
     * @param groups the groups of which the client is a member
     * @param inbox the last entry in its inbox, 0 if the inbox is empty
     */
    record Snapshot(List<Moved> groups, long inbox) {}

    /**
     * A group.
     *
     * @param groupId the group
     * @param head its last entry
     * @param movedMillis when that came, in milliseconds since 1970-01-01T00:00:00Z
     */
    record Moved(Bytes groupId, long head, long movedMillis) {}

    /** Reads them. */
    Snapshot of(ClientId client) throws DeliveryException, IOException;
}
