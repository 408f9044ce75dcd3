package org.coppice.mls.error;

import java.util.Objects;
import java.util.Optional;

/**
 * A cryptographic operation refused its input (RFC 9420 §5.1).
 *
 * <p>A failed decryption never says which of its steps failed.
 */
public final class CryptoException extends MlsException {
    private static final long serialVersionUID = 1L;

    /** What the operation refused. */
    public enum Reason {
        /** A public key has the wrong length or encoding, or is not a point that may be used (RFC 9180 §7.1.4). */
        INVALID_PUBLIC_KEY,
        /** A private key has the wrong length or is out of range. */
        INVALID_PRIVATE_KEY,
        /** The key, nonce, additional data or ciphertext do not belong together. */
        DECRYPTION_FAILED,
        /** The cipher suite, or a primitive of it, is offered by no provider at hand. */
        UNSUPPORTED,
        /** The keeper of a private key (a hardware module, a key store) did not perform the operation. */
        SIGNER_FAILED
    }

    private final Reason reason;

    /**
     * @param reason what the operation refused
     * @param what the same in words, without key material
     */
    public CryptoException(Reason reason, String what) {
        super(what);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * @param reason what the operation refused
     * @param what the same in words, without key material
     * @param cause the provider's own exception
     */
    public CryptoException(Reason reason, String what, Throwable cause) {
        super(what, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** What the operation refused. */
    public Reason reason() {
        return reason;
    }

    @Override
    public Optional<Rule> brokenRule() {
        return Optional.empty();
    }

    /** A decryption that failed, whatever the step. */
    public static CryptoException decryptionFailed() {
        return new CryptoException(Reason.DECRYPTION_FAILED, "decryption failed");
    }
}
