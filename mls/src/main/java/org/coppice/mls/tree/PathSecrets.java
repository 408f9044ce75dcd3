package org.coppice.mls.tree;

import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;

/** What follows from a path secret (RFC 9420 §7.4). The arguments stay the caller's, the results become the caller's. */
final class PathSecrets {
    private PathSecrets() {}

    /** The key pair of the node that the path secret belongs to; the node secret in between is wiped. */
    static HpkeKeyPair keyPair(Secret pathSecret, SuiteCrypto crypto) {
        try (Secret nodeSecret = crypto.deriveSecret(pathSecret, "node")) {
            return crypto.deriveHpkeKeyPair(nodeSecret);
        }
    }

    /** The path secret of the next node on the filtered direct path; above the last one, the commit secret. */
    static Secret next(Secret pathSecret, SuiteCrypto crypto) {
        return crypto.deriveSecret(pathSecret, "path");
    }
}
