package org.coppice.testkit.crypto;

import java.util.Objects;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;

/** Another hash function and its HMAC; every call comes through the two methods with offsets. */
public abstract class ForwardingHash implements Hash {
    private final Hash hash;

    /** In front of {@code hash}. */
    protected ForwardingHash(Hash hash) {
        this.hash = Objects.requireNonNull(hash, "hash");
    }

    @Override
    public HashAlgorithm algorithm() {
        return hash.algorithm();
    }

    @Override
    public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
        hash.hash(in, offset, length, out, outOffset);
    }

    @Override
    public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
        hash.hmac(key, in, offset, length, out, outOffset);
    }
}
