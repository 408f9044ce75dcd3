package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;

/**
 * That somebody agrees to something, now.
 *
 * @param challenge what the service gave to be signed: it ends after minutes
 * @param signature of a {@link ConsentStatement} that has the challenge in its subject
 */
public record Consent(Bytes challenge, Bytes signature) {
    /** Checks that nothing is missing. */
    public Consent {
        Objects.requireNonNull(challenge, "challenge");
        Objects.requireNonNull(signature, "signature");
    }
}
