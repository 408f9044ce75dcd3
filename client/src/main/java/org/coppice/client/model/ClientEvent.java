package org.coppice.client.model;

import java.util.Objects;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;

/**
 * Something that happened, told after it was stored. A listener that was not there finds the same in the history,
 * unless an event says otherwise.
 */
public sealed interface ClientEvent {
    /** The conversation; empty if it is of none. */
    Bytes groupId();

    /**
     * A line was added to the history.
     *
     * @param entry the line
     */
    record Added(Bytes groupId, HistoryEntry entry) implements ClientEvent {
        /** Checks that nothing is missing. */
        public Added {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(entry, "entry");
        }
    }

    /**
     * This client's standing changed: it came in, was removed, cannot follow, or is healed.
     *
     * @param status the standing now
     * @param reason why, in words or the name of a rule; may be empty
     */
    record StatusChanged(Bytes groupId, ConversationStatus status, String reason) implements ClientEvent {
        /** Checks that nothing is missing. */
        public StatusChanged {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Something that was asked for is done or refused.
     *
     * @param receipt the outcome
     */
    record Settled(Bytes groupId, Receipt receipt) implements ClientEvent {
        /** Checks that nothing is missing. */
        public Settled {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(receipt, "receipt");
        }
    }

    /**
     * A sender's count of messages shows that some of them are not in the log before the one that was just read (RFC 9750 §8.1.4). They
     * were held back, or the service had refused them to their sender: the two look alike. Told once, not kept in the history.
     *
     * @param sender whose messages
     * @param count how many
     */
    record MessagesMissing(Bytes groupId, ClientId sender, long count) implements ClientEvent {
        /** Checks that nothing is missing. */
        public MessagesMissing {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(sender, "sender");
        }
    }

    /**
     * Records of the store could not be read any more, and were given up so that all else goes on. A store that loses records may lose
     * more. Told once, not kept in the history.
     *
     * @param groupId the conversation that they were of; empty if they were of none, or nobody knows of which
     * @param kind what they were
     * @param count how many they were, above 0
     */
    record RecordsLost(Bytes groupId, Kind kind, int count) implements ClientEvent {
        /** Kinds of records that can be done without. Later releases may add some. */
        public enum Kind {
            /**
             * A conversation of which not even the id is known; if the service still counts this client for a member,
             * {@link org.coppice.client.CoppiceClient#recoverable} has it.
             */
            CONVERSATION,
            /** Lines of a conversation's history; in their places are {@link HistoryEntry.Unreadable}. */
            HISTORY,
            /** Key packages: who invites by one of them has this client come in by itself. */
            KEY_PACKAGES,
            /** Key packages that were to be published: others are made. */
            PUBLICATION,
            /** How far the inbox was read: it is read from its beginning. */
            INBOX,
            /** A replacement of the credential that was under way: it is to be asked for again. */
            ROTATION,
            /** Former signature keys: a conversation that still has one is {@link ConversationStatus#DAMAGED}. */
            FORMER_KEYS
        }

        /** Checks that nothing is missing. */
        public RecordsLost {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(kind, "kind");
        }
    }
}
