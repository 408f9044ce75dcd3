package org.coppice.client.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;

/**
 * What became of something that was asked for. All that was asked for is kept in the store until it is done or refused, whatever happens
 * to process and network in between.
 *
 * @param number the number of the wish, growing within a conversation; 0 for one that is of no conversation
 * @param state how far it came
 * @param problem why it waits or was refused
 * @param messageId for a message, its id
 * @param without for an invitation, the clients that had no usable key package, and those whose Welcome the service said it could not
 *     route: the latter are members who do not know it, until they are removed and invited again
 */
public record Receipt(
        long number, State state, Optional<Problem> problem, Optional<MessageId> messageId, List<ClientId> without) {
    /** How far it came. */
    public enum State {
        /** The service has it in its log, and this client has seen it there. */
        DONE,
        /** It is kept, and will be sent or settled by a later call or by the background loop. */
        WAITING,
        /** It cannot be done; nothing of it will be tried again. */
        REFUSED
    }

    /**
     * Why something waits or was refused.
     *
     * @param kind for programs
     * @param text for people and logs; may change with releases
     */
    public record Problem(Kind kind, String text) {
        /** Checks that nothing is missing. */
        public Problem {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(text, "text");
        }

        /** The text. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** The kinds of problems. Later releases may add some. */
    public enum Kind {
        /** Waits: it is kept, and was not tried yet. */
        NOT_TRIED,
        /** Waits: the service cannot be reached, or is not trusted. */
        UNREACHABLE,
        /** Waits: the service does not do it now. */
        PUT_OFF,
        /** Waits: the keeper of the signature key did not sign. */
        SIGNER_AWAY,
        /** Waits for other members: one has to commit it, or this client cannot follow the conversation. */
        OTHERS,
        /** Refused by the service. */
        REFUSED_BY_SERVICE,
        /** Refused: it breaks a rule of MLS, or of the conversation. */
        RULE,
        /** Refused: nobody who was invited has a usable key package. */
        NO_KEY_PACKAGE,
        /** Refused: this client is no member, or has ceased to be one meanwhile. */
        NO_MEMBER,
        /** Refused, as it was taken back. */
        CANCELLED,
        /** Refused, as the store has lost what it was. */
        DAMAGED
    }

    /** Copies the list. */
    public Receipt {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(messageId, "messageId");
        without = List.copyOf(without);
    }

    /** Whether it is done. */
    public boolean isDone() {
        return state == State.DONE;
    }
}
