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
 * @param problem why it waits or was refused, in words
 * @param messageId for a message, its id
 * @param without for an invitation, the clients that had no usable key package
 */
public record Receipt(
        long number, State state, Optional<String> problem, Optional<MessageId> messageId, List<ClientId> without) {
    /** How far it came. */
    public enum State {
        /** The service has it in its log, and this client has seen it there. */
        DONE,
        /** It is kept, and will be sent or settled by a later call or by the background loop. */
        WAITING,
        /** It cannot be done; nothing of it will be tried again. */
        REFUSED
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
