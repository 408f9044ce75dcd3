package org.coppice.mls.schedule;

import org.coppice.mls.crypto.Secret;

/**
 * init_secret of the previous epoch, where the key schedule begins (RFC 9420 §8). An external Commit brings its own in the place
 * of that (§8.3).
 */
public final class InitSecret extends NamedSecret {
    private InitSecret(Secret value) {
        super(value);
    }

    /** Takes over {@code value}: what external initialization gave (RFC 9420 §8.3), Nh bytes. */
    public static InitSecret wrap(Secret value) {
        return new InitSecret(value);
    }
}
