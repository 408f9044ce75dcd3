package org.coppice.delivery.engine;

/** A database cannot be used; the message says why, for the operator. */
public final class EngineStartException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong
     * @param cause why, or null
     */
    public EngineStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
