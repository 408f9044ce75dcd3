package org.coppice.mls.schedule;

import org.coppice.mls.crypto.Secret;

/** epoch_secret, from which all of an epoch is derived (RFC 9420 §8). It is consumed as soon as that is done (§9.2). */
public final class EpochSecret extends NamedSecret {
    private EpochSecret(Secret value) {
        super(value);
    }

    static EpochSecret wrap(Secret value) {
        return new EpochSecret(value);
    }
}
