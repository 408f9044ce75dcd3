package org.coppice.mls.credential;

import java.util.Objects;
import org.coppice.mls.crypto.SignaturePublicKey;

/**
 * A credential with the key that it speaks for, to be judged by the application (RFC 9420 §5.3.1).
 *
 * @param credential what is presented
 * @param signatureKey the key that the leaf or external sender signs with
 * @param event why it is asked now
 */
public record IdentityClaim(Credential credential, SignaturePublicKey signatureKey, Event event) {
    /** When a credential is new to the client (RFC 9420 §5.3.1 lists these). */
    public enum Event {
        /** A KeyPackage that is to be used in an Add. */
        KEY_PACKAGE,
        /** A leaf of a group that this client is about to join. */
        JOIN,
        /** An Add proposal. */
        ADD,
        /** An Update proposal with a new credential. */
        UPDATE,
        /** The path of a Commit with a new credential, or of an external Commit. */
        COMMIT,
        /** A new or changed entry of external_senders. */
        EXTERNAL_SENDER
    }

    /** Checks that nothing is missing. */
    public IdentityClaim {
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(signatureKey, "signatureKey");
        Objects.requireNonNull(event, "event");
    }
}
