package org.coppice.mls.credential;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;

/**
 * The application's record of which signature keys belong to which identity: an authentication service in its simplest form
 * (RFC 9420 §5.3.1; RFC 9750 §3). Thread safe.
 */
@FunctionalInterface
public interface Directory {
    /**
     * Whether {@code signatureKey} is a present key of the client or user of this identity.
     *
     * @param identity what a basic credential holds
     * @param signatureKey the key that the credential is to speak for
     */
    boolean holds(Bytes identity, SignaturePublicKey signatureKey);
}
