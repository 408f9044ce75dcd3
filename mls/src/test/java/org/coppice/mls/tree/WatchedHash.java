package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.coppice.mls.crypto.ForwardingKem;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.Kem;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.SuiteParts;

/** Counts hashes, and remembers the arrays that secrets were in when something was derived from them. */
final class WatchedHash implements Hash {
    private final Hash hash;
    private final Set<byte[]> keys = Collections.newSetFromMap(new IdentityHashMap<>());
    private long hashes;

    private WatchedHash(Hash hash) {
        this.hash = hash;
    }

    /** The hash of a suite, watched. */
    static WatchedHash of(SuiteCrypto crypto) {
        return new WatchedHash(crypto.parts().hash());
    }

    /** The suite with this hash in place of its own, and with a KEM whose key pairs are derived under the same eyes. */
    SuiteCrypto in(SuiteCrypto crypto) {
        SuiteParts parts = crypto.parts();
        SuiteCrypto out = new SuiteCrypto(
                new SuiteParts(parts.suite(), new WatchedKem(parts.kem()), this, parts.aead(), parts.signatures()),
                crypto.randomness());
        reset();
        return out;
    }

    void reset() {
        keys.clear();
        hashes = 0;
    }

    long hashes() {
        return hashes;
    }

    /** How many different arrays were used as secrets. */
    int secrets() {
        return keys.size();
    }

    /** The arrays that still hold something. */
    List<byte[]> alive() {
        List<byte[]> out = new ArrayList<>();
        for (byte[] key : keys) {
            int any = 0;
            for (byte b : key) {
                any |= b;
            }
            if (any != 0) {
                out.add(key);
            }
        }
        return out;
    }

    @Override
    public HashAlgorithm algorithm() {
        return hash.algorithm();
    }

    @Override
    public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
        hashes++;
        hash.hash(in, offset, length, out, outOffset);
    }

    @Override
    public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
        keys.add(key);
        hash.hmac(key, in, offset, length, out, outOffset);
    }

    /** Remembers the arrays that key pairs were derived from. */
    private final class WatchedKem extends ForwardingKem {
        WatchedKem(Kem kem) {
            super(kem);
        }

        @Override
        public RawKeyPair deriveKeyPair(byte[] ikm) {
            keys.add(ikm);
            return super.deriveKeyPair(ikm);
        }
    }
}
