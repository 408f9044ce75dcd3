package org.coppice.mls.schedule;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;

/**
 * One pre-shared key that enters an epoch (RFC 9420 §8.4).
 *
 * @param encodedPreSharedKeyId the encoding of its PreSharedKeyID
 * @param psk the key; it stays the caller's
 */
public record PskInput(Bytes encodedPreSharedKeyId, Secret psk) {
    /** Checks that nothing is missing. */
    public PskInput {
        Objects.requireNonNull(encodedPreSharedKeyId, "encodedPreSharedKeyId");
        Objects.requireNonNull(psk, "psk");
    }
}
