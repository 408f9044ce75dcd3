package org.coppice.mls.environment;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;

/** Where pre-shared keys come from that a group does not hold itself (RFC 9420 §8.4). Thread safe. */
public interface PskSource {
    /** A key that the application distributed under {@code pskId}; the caller closes the copy it is given. */
    Optional<Secret> externalPsk(Bytes pskId);

    /**
     * The resumption_psk of an epoch of another group; the caller closes the copy it is given.
     *
     * @param epoch an unsigned 64-bit number
     */
    default Optional<Secret> resumptionPsk(Bytes groupId, long epoch) {
        return Optional.empty();
    }

    /** A source without any keys. */
    static PskSource none() {
        return pskId -> Optional.empty();
    }
}
