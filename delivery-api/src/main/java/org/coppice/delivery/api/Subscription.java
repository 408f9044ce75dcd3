package org.coppice.delivery.api;

/** A stream of hints. Thread safe. */
public interface Subscription extends AutoCloseable {
    /** Ends it; a hint that is being delivered may still finish. Closing again does nothing. */
    @Override
    void close();
}
