package org.coppice.mls.credential.x509;

import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * Why a certificate chain is refused, on its way to the {@link X509CredentialValidator}, which knows whose chain it is. The
 * reason never holds anything of the certificate, and no cause is kept: the platform's messages quote names.
 */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    private Refusal(Rule rule, String reason) {
        // No stack trace: this is an answer, and an attacker may ask for many.
        super(reason, null, false, false);
        this.rule = rule;
    }

    static Refusal because(String reason) {
        return new Refusal(Rule.CREDENTIAL_REJECTED, reason);
    }

    static Refusal keyMismatch(String reason) {
        return new Refusal(Rule.CREDENTIAL_KEY_MISMATCH, reason);
    }

    /** This refusal, said of the certificate at {@code index} of the chain. */
    Refusal at(int index) {
        return new Refusal(rule, "certificate " + index + ": " + getMessage());
    }

    /** What the caller of the validator sees, for the credential at {@code index} of the batch. */
    ValidationException of(int index) {
        return new ValidationException(rule, "x509 credential " + index + ", " + getMessage());
    }
}
