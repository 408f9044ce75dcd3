package org.coppice.client.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;

/** One line of a conversation, at the place of the log where the service put it. */
public sealed interface HistoryEntry {
    /** When and where it happened. */
    Place place();

    /**
     * A place in the log of a conversation.
     *
     * @param seq the entry in the log
     * @param timeMillis when the service took it, in milliseconds since 1970-01-01T00:00:00Z; the service's word
     * @param epoch the epoch that the entry is of, an unsigned 64-bit number
     */
    record Place(long seq, long timeMillis, long epoch) {}

    /**
     * A message of the application.
     *
     * @param sender who sent it, verified by its signature
     * @param payload what it says
     */
    record Message(Place place, ClientId sender, Payload payload) implements HistoryEntry {
        /** Checks that nothing is missing. */
        public Message {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(sender, "sender");
            Objects.requireNonNull(payload, "payload");
        }
    }

    /**
     * A Commit: who came, who is gone, who has new keys, what else is new. All lists may be empty, for a Commit that refreshed keys only.
     *
     * @param actor who committed it; of those who left, it only carried out the wish
     * @param added who came
     * @param removed who was removed by others
     * @param left who is gone by a proposal of their own
     * @param rejoined who took their own place again
     * @param newKeys who has another signature key or credential than before
     * @param renamed the conversation's new name, if it changed
     */
    record Change(
            Place place,
            ClientId actor,
            List<ClientId> added,
            List<ClientId> removed,
            List<ClientId> left,
            List<ClientId> rejoined,
            List<ClientId> newKeys,
            Optional<String> renamed)
            implements HistoryEntry {
        /** Copies the lists. */
        public Change {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(actor, "actor");
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            left = List.copyOf(left);
            rejoined = List.copyOf(rejoined);
            newKeys = List.copyOf(newKeys);
            Objects.requireNonNull(renamed, "renamed");
        }

        /** Whether it did nothing but refresh keys. */
        public boolean isRefresh() {
            return added.isEmpty()
                    && removed.isEmpty()
                    && left.isEmpty()
                    && rejoined.isEmpty()
                    && newKeys.isEmpty()
                    && renamed.isEmpty();
        }
    }

    /**
     * This client came in: created the conversation, was added, or took its place again.
     *
     * @param how by which way
     * @param missedFrom for one that could not follow before, the first entry that it could not read; 0 for none
     * @param newKeys for one that took its own place again, which members sign with a key that it did not know: another one than before,
     *     or they have come since. That it is theirs is the service's word, where no certificate tells
     * @param comparedBefore which of those the user had compared, by a key that is theirs no more
     */
    record Joined(Place place, Way how, long missedFrom, List<ClientId> newKeys, List<ClientId> comparedBefore)
            implements HistoryEntry {
        /** The ways in. */
        public enum Way {
            /** It created the conversation. */
            CREATED,
            /** A member added it. */
            ADDED,
            /** It came back by itself. */
            REJOINED
        }

        /** Copies the lists. */
        public Joined {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(how, "how");
            newKeys = List.copyOf(newKeys);
            comparedBefore = List.copyOf(comparedBefore);
        }

        /** Of one that found no new keys. */
        public Joined(Place place, Way how, long missedFrom) {
            this(place, how, missedFrom, List.of(), List.of());
        }
    }

    /**
     * The service took a Commit back, as most members could not process it (RFC 9750 §5.3): the epoch that it began does not count. What
     * was said in it may be missing here, or to others.
     *
     * @param from the entry of that Commit
     */
    record TakenBack(Place place, long from) implements HistoryEntry {
        /** Checks that nothing is missing. */
        public TakenBack {
            Objects.requireNonNull(place, "place");
        }
    }

    /**
     * An entry that this client could not use.
     *
     * @param rule the name of the rule that it breaks
     */
    record Unreadable(Place place, String rule) implements HistoryEntry {
        /** Checks that nothing is missing. */
        public Unreadable {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(rule, "rule");
        }
    }
}
