package org.coppice.delivery.engine;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;

/**
 * A database that keeps what it has confirmed. Thread safe; every method blocks.
 *
 * <p>Failures of the database become {@link org.coppice.delivery.api.ProblemKind#OUT_OF_STORAGE} or
 * {@link org.coppice.delivery.api.ProblemKind#UNAVAILABLE} where it is certain that nothing was done, and
 * {@link org.coppice.delivery.api.OutcomeUnknownException} where it is not.
 */
public interface Engine extends AutoCloseable {
    /** Runs {@code work}, which only reads, on one consistent state that holds everything confirmed before the call. */
    <T> T read(Work<T> work) throws DeliveryException, IOException;

    /**
     * Runs {@code work} and returns its result when all it did will survive a crash. Either all of it happens or nothing; rows that two
     * works change at once are changed by one after the other.
     */
    <T> T write(Work<T> work) throws DeliveryException, IOException;

    /**
     * The same for a work that changes a row which others change too: works of one lane may be run together, in the order in which they
     * came, which spares each the wait for the others' sync.
     *
     * @param lane names the row
     */
    default <T> T write(Bytes lane, Work<T> work) throws DeliveryException, IOException {
        return write(work);
    }

    /**
     * Asks for the least that shows that the tables can be read, and that nothing is known which keeps them from being written;
     * {@link ProbedEngine} also writes.
     *
     * @throws DeliveryException {@link org.coppice.delivery.api.ProblemKind#UNAVAILABLE} if it does not work now
     */
    default void check() throws DeliveryException, IOException {
        read(tx -> tx.exists("SELECT 1 FROM node_secret"));
    }

    /** What this database needs to be told in its own words. */
    Dialect dialect();

    /** How this node hears of what others did, if there can be others. */
    SignalBus signals();

    /** Lets running works finish and lets go of the database; throws nothing. */
    @Override
    void close();
}
