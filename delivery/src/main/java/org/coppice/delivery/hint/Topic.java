package org.coppice.delivery.hint;

import java.util.Objects;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;

/** What can grow. */
public sealed interface Topic {
    /**
     * A group's log.
     *
     * @param groupId the group
     */
    record OfGroup(Bytes groupId) implements Topic {
        /** Checks that it is there. */
        public OfGroup {
            Objects.requireNonNull(groupId, "groupId");
        }
    }

    /**
     * A client's inbox.
     *
     * @param client the client
     */
    record OfInbox(ClientId client) implements Topic {
        /** Checks that it is there. */
        public OfInbox {
            Objects.requireNonNull(client, "client");
        }
    }
}
