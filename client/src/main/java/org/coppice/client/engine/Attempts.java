package org.coppice.client.engine;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;

/**
 * Things that are done one after the other, each whether or not the service has put another off: else one conversation at its limit would
 * keep all others from being read. What concerns the service as a whole ends them at once. For one thread.
 */
final class Attempts {
    private DeliveryException refusal;
    private IOException failure;

    /** Something that is done with the service's help. */
    @FunctionalInterface
    interface Work {
        void run() throws DeliveryException, IOException;
    }

    /**
     * Does it, and keeps what it throws for {@link #end}.
     *
     * @throws DeliveryException if the service does not know this client
     * @throws IOException if the service cannot be reached
     */
    void attempt(Work work) throws DeliveryException, IOException {
        try {
            work.run();
        } catch (DeliveryException e) {
            if (Problems.isOfAll(e)) {
                throw e;
            }
            if (isWithoutFailure()) {
                refusal = e;
            }
        } catch (IOException e) {
            if (Problems.isOfAll(e)) {
                throw e;
            }
            if (isWithoutFailure()) {
                failure = e;
            }
        }
    }

    private boolean isWithoutFailure() {
        return refusal == null && failure == null;
    }

    /** Throws what the first that failed has thrown, if one did. */
    void end() throws DeliveryException, IOException {
        if (refusal != null) {
            throw refusal;
        }
        if (failure != null) {
            throw failure;
        }
    }
}
