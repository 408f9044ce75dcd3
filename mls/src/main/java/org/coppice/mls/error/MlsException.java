package org.coppice.mls.error;

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
}
