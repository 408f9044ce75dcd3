package org.coppice.client.model;

import java.util.Objects;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.tree.LeafIndex;

/**
 * A member of a conversation: one client, that is one device of a user.
 *
 * @param client which client
 * @param leaf its leaf in the present epoch
 * @param signatureKey the key that it signs with
 * @param verified whether the user of this client has compared this very key
 * @param certified whether the name comes with a certificate that the client's validator has accepted, so that somebody vouches for it;
 *     false once it is revoked
 * @param revoked whether the client's validator knows that the credential was revoked since: whoever has the device still reads what is
 *     said, until a member removes it
 * @param self whether it is this client
 */
public record MemberInfo(
        ClientId client,
        LeafIndex leaf,
        SignaturePublicKey signatureKey,
        boolean verified,
        boolean certified,
        boolean revoked,
        boolean self) {
    /** Checks that nothing is missing. */
    public MemberInfo {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(leaf, "leaf");
        Objects.requireNonNull(signatureKey, "signatureKey");
    }

    /**
     * Whether there is more to the name than the member's own word: it is this client, or was compared, or is certified. Nothing that was
     * compared holds for a credential that is revoked.
     */
    public boolean isKnown() {
        return self || certified || verified && !revoked;
    }
}
