package org.coppice.delivery.api;

import java.io.IOException;
import java.time.Duration;

/** Takes the hints of a {@link Subscription}, one at a time, on a thread of the subscription's. A slow one gets fewer, merged. */
public interface HintListener {
    /**
     * Something has grown.
     *
     * @param eventId where to resume with {@link DeliverySession#subscribe}
     */
    void onHint(Hint hint, String eventId);

    /**
     * How long the service wants who subscribes again, once this subscription has ended, to wait before: another time for each, so that
     * not all come back at once. What it said last holds.
     */
    default void onPause(Duration pause) {}

    /** The subscription has ended by itself; no more hints come. Whoever wants more subscribes again. */
    default void onInterrupted(IOException cause) {}
}
