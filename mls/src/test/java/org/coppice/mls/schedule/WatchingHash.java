package org.coppice.mls.schedule;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;

/**
 * Remembers every array that was the key of an HMAC, or the whole of its input: the very arrays of the secrets from which
 * something was derived or extracted, so that a test can look whether they were wiped.
 */
final class WatchingHash implements Hash {
    private final Hash hash;
    private final Set<byte[]> keys = Collections.newSetFromMap(new IdentityHashMap<>());
    private int macs;

    WatchingHash(Hash hash) {
        this.hash = hash;
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
        keys.add(key);
        // Extract hands over the input keying material as it is; all other inputs are parts of larger arrays.
        if (offset == 0 && length == in.length) {
            keys.add(in);
        }
        macs++;
        hash.hmac(key, in, offset, length, out, outOffset);
    }

    void reset() {
        keys.clear();
        macs = 0;
    }

    /** How many HMACs were computed since the last reset. */
    int macs() {
        return macs;
    }

    /** How many different secrets something was derived from since the last reset. */
    int seen() {
        return keys.size();
    }

    /** How many of those are not zero. */
    long alive() {
        return keys.stream().filter(WatchingHash::isAlive).count();
    }

    private static boolean isAlive(byte[] key) {
        for (byte b : key) {
            if (b != 0) {
                return true;
            }
        }
        return false;
    }
}
