package org.coppice.delivery.hint;

import java.util.Objects;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;

/** What can grow. Ordered, groups first: clients choose the ids of groups, and could choose many of one hash code. */
public sealed interface Topic extends Comparable<Topic> {
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

        @Override
        public int compareTo(Topic other) {
            return other instanceof OfGroup group ? groupId.compareTo(group.groupId) : -1;
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

        @Override
        public int compareTo(Topic other) {
            return other instanceof OfInbox inbox ? client.compareTo(inbox.client) : 1;
        }
    }
}
