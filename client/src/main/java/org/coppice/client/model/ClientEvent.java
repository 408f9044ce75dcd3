package org.coppice.client.model;

import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Problem;
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
     * The service does not take new key packages of this client, so that nobody can invite it once those that it left there before are
     * used up. Everything else goes on. Told by each {@link org.coppice.client.CoppiceClient#sync} that tried, not kept in the history.
     *
     * @param problem why; of the rule {@link #LIFETIME} if the clocks here and at the service are too far apart, by
     *     {@link org.coppice.client.http.HttpDelivery#clockAhead}
     */
    record KeyPackagesRefused(Problem problem) implements ClientEvent {
        /** The rule that the service names where key packages are not valid by its clock. */
        public static final String LIFETIME = "KEY_PACKAGE_LIFETIME";

        /** Checks that nothing is missing. */
        public KeyPackagesRefused {
            Objects.requireNonNull(problem, "problem");
        }

        /** Whether the clock here is to be set, or that of the service. */
        public boolean isForTheClock() {
            return problem.rule().equals(Optional.of(LIFETIME));
        }

        @Override
        public Bytes groupId() {
            return Bytes.EMPTY;
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
            /** A replacement of the credential that was under way, and not taken by the service: it is to be asked for again. */
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
