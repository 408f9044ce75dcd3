package org.coppice.delivery.engine;

import java.util.function.Consumer;

/**
 * Carries short texts between the nodes that share a database. They may be lost, and are never awaited by what they tell of. Thread
 * safe.
 */
public interface SignalBus {
    /** A bus of one node alone: nobody else is there to be told. */
    SignalBus NONE = new SignalBus() {
        @Override
        public void send(String signal) {
            // Nobody listens.
        }

        @Override
        public void listen(Consumer<String> listener, Runnable gap) {
            // Nothing will come.
        }
    };

    /**
     * Sends to all other nodes, soon. Equal texts that wait to be sent are sent once.
     *
     * @param signal printable ASCII without a line break, at most 1000 characters
     */
    void send(String signal);

    /**
     * Sets who is told; once.
     *
     * @param listener gets the texts of other nodes, on a thread of the bus, and returns soon
     * @param gap is run when texts may have been lost
     */
    void listen(Consumer<String> listener, Runnable gap);
}
