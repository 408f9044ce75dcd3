package org.coppice.delivery.api;

import java.io.IOException;

/**
 * Whether a request took effect is not known: the answer was lost, or the service could not learn its store's. Sending the very same
 * request again, with the same id, settles it.
 */
public class OutcomeUnknownException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, without content
     * @param cause why
     */
    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
