package org.coppice.client.store;

/**
 * Records that outlive the process, changed by one transaction at a time.
 *
 * <p>What a client does in one step (the state of a group, a message to be sent, a line of history, the place in the log) is
 * written in one transaction: all of it is there after a crash, or nothing of it. Thread safe. {@code ClientStoreContract} of
 * coppice-client-testkit tests whether an implementation holds what is promised here and in {@link StoreTransaction}.
 */
public interface ClientStore extends AutoCloseable {
    /**
     * Begins a transaction, and waits for that as long as another thread has one open.
     *
     * @throws StoreException if the store cannot be used ({@link StoreException.Reason#FAILED})
     * @throws IllegalStateException if the store is closed, or this thread has a transaction open
     */
    StoreTransaction begin();

    /**
     * Takes from the medium what deleted and replaced records have left there, as far as the store can. A client asks for it whenever it
     * has done what there was to do, so that it need not happen at each commit. This implementation does nothing.
     *
     * @throws StoreException if that fails ({@link StoreException.Reason#FAILED}); the records are as they were
     * @throws IllegalStateException if this thread has a transaction open
     */
    default void sweep() {}

    /** Frees the store for other processes and wipes its keys. Closing twice does nothing. */
    @Override
    void close();
}
