package org.coppice.delivery.account;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;

/** The service's own records could not be asked while MLS checked something. */
public final class DirectoryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Carries what an engine threw.
     *
     * @param cause a {@link DeliveryException} or an {@link IOException}
     */
    public DirectoryUnavailableException(Exception cause) {
        super("the registered credentials cannot be read now", cause);
    }

    /** Throws what the engine threw. */
    public AssertionError rethrow() throws DeliveryException, IOException {
        if (getCause() instanceof DeliveryException refusal) {
            throw refusal;
        }
        if (getCause() instanceof IOException unknown) {
            throw unknown;
        }
        throw new AssertionError("made of nothing else", this);
    }
}
