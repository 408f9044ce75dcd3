package org.coppice.mls.schedule;

import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;

/** epoch_secret, from which all of an epoch is derived (RFC 9420 §8). It is consumed as soon as that is done (§9.2). */
public final class EpochSecret extends NamedSecret {
    private EpochSecret(Secret value) {
        super(value);
    }

    static EpochSecret wrap(Secret value) {
        return new EpochSecret(value);
    }

    /** That of epoch 0: Nh random bytes (RFC 9420 §11). */
    public static EpochSecret random(SuiteCrypto crypto) {
        return new EpochSecret(crypto.randomSecret(crypto.hashLength()));
    }
}
