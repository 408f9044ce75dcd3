package org.coppice.mls.error;

import java.util.Optional;

/**
 * Input from outside was refused: it could not be decoded, broke a rule of RFC 9420, or failed a cryptographic operation.
 *
 * <p>Whatever threw this left its object as it was before the call. Immutable and safe to share.
 */
public abstract sealed class MlsException extends Exception
        permits DecodeException, ValidationException, CryptoException {
    private static final long serialVersionUID = 1L;

    MlsException(String message) {
        super(message);
    }

    MlsException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The rule that the input breaks, whether it is malformed ({@link DecodeException#rule}) or invalid ({@link
     * ValidationException#rule}). Empty if a cryptographic operation failed, which is no rule's matter: {@link
     * CryptoException#reason} says what it refused.
     */
    public abstract Optional<Rule> brokenRule();
}
