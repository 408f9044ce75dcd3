package org.coppice.mls.schedule;

import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;

/** commit_secret: what the path of a Commit adds to the key schedule (RFC 9420 §7.4, §8). */
public final class CommitSecret extends NamedSecret {
    private CommitSecret(Secret value) {
        super(value);
    }

    /** Takes over {@code value}: the path secret after that of the root, Nh bytes. */
    public static CommitSecret wrap(Secret value) {
        return new CommitSecret(value);
    }

    /** That of a Commit without a path: Nh zero bytes (RFC 9420 §12.4.1). */
    public static CommitSecret none(SuiteCrypto crypto) {
        return new CommitSecret(Secret.zeros(crypto.hashLength()));
    }
}
