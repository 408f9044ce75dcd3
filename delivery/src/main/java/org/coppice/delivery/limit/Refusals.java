package org.coppice.delivery.limit;

import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;

/** What MLS refuses, as an answer of the service. */
public final class Refusals {
    private Refusals() {}

    /** The answer to input that {@code e} refused. */
    public static DeliveryException of(MlsException e) {
        if (e instanceof ValidationException invalid) {
            return new DeliveryException(Problem.refused(invalid.rule().name(), e.getMessage()), e);
        }
        if (e instanceof DecodeException malformed) {
            return new DeliveryException(
                    Problem.malformed(malformed.rule().name(), malformed.offset(), e.getMessage()), e);
        }
        if (e instanceof CryptoException crypto) {
            return new DeliveryException(
                    Problem.refused("CRYPTO_" + crypto.reason().name(), e.getMessage()), e);
        }
        throw new AssertionError("MlsException permits no other family", e);
    }
}
