package org.coppice.delivery.http;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.error.DecodeException;

/** What answers the requests of one route. Called on many threads at once. */
sealed interface Endpoint {
    /** Answers at once; may block. */
    @FunctionalInterface
    non-sealed interface Now extends Endpoint {
        /** The answer. */
        Reply answer(Call call) throws DeliveryException, IOException, DecodeException;
    }

    /** Answers later, or bit by bit; holds no thread while it waits. */
    @FunctionalInterface
    non-sealed interface Later extends Endpoint {
        /**
         * Takes the exchange over and completes it.
         *
         * @throws DeliveryException if nothing has been written yet and this is the answer
         */
        void begin(Call call, Exchange exchange) throws DeliveryException, IOException, DecodeException;
    }
}
