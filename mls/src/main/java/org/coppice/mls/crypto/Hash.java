package org.coppice.mls.crypto;

/** A hash function and HMAC over it. Thread safe. Inputs are only read, and not kept. */
public interface Hash {
    /** Which function it is. */
    HashAlgorithm algorithm();

    /** Writes the hash of a range to {@code out} from {@code outOffset} on. */
    void hash(byte[] in, int offset, int length, byte[] out, int outOffset);

    /** Writes HMAC of a range under {@code key} (any length, also empty) to {@code out} from {@code outOffset} on. */
    void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset);

    /** Output length in bytes, Nh. */
    default int length() {
        return algorithm().length();
    }

    /** The hash of a whole array, in a new array. */
    default byte[] hash(byte[] in) {
        byte[] out = new byte[length()];
        hash(in, 0, in.length, out, 0);
        return out;
    }

    /** HMAC of a whole array under {@code key}, in a new array. */
    default byte[] hmac(byte[] key, byte[] in) {
        byte[] out = new byte[length()];
        hmac(key, in, 0, in.length, out, 0);
        return out;
    }
}
