package org.coppice.mls.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HKDF (RFC 5869) over a {@link Hash}, and the labelled forms of HPKE (RFC 9180 §4). */
final class Hkdf {
    private static final byte[] VERSION_LABEL = ascii("HPKE-v1");

    private final Hash hash;

    Hkdf(Hash hash) {
        this.hash = hash;
    }

    byte[] extract(byte[] salt, byte[] ikm) {
        return hash.hmac(salt, ikm);
    }

    /** Expands to {@code length} bytes, at most 255 times the hash's length. */
    byte[] expand(byte[] prk, byte[] info, int length) {
        int size = hash.length();
        if (length < 0 || length > 255 * size) {
            throw new IllegalArgumentException("HKDF-Expand gives at most " + 255 * size + " bytes, not " + length);
        }
        // RFC 5869 §2.3: T(i) = HMAC(PRK, T(i-1) ++ info ++ i). Nearly every call here needs T(1) alone.
        byte[] block = new byte[size + info.length + 1];
        System.arraycopy(info, 0, block, size, info.length);
        byte[] out = new byte[length];
        for (int i = 1, done = 0; done < length; i++) {
            block[block.length - 1] = (byte) i;
            int from = i == 1 ? size : 0;
            hash.hmac(prk, block, from, block.length - from, block, 0);
            int count = Math.min(size, length - done);
            System.arraycopy(block, 0, out, done, count);
            done += count;
        }
        Arrays.fill(block, 0, size, (byte) 0);
        return out;
    }

    byte[] labeledExtract(byte[] suiteId, byte[] salt, String label, byte[] ikm) {
        byte[] input = concat(VERSION_LABEL, suiteId, ascii(label), ikm);
        byte[] out = extract(salt, input);
        Arrays.fill(input, (byte) 0);
        return out;
    }

    byte[] labeledExpand(byte[] suiteId, byte[] prk, String label, byte[] info, int length) {
        byte[] prefix = {(byte) (length >> 8), (byte) length};
        return expand(prk, concat(prefix, VERSION_LABEL, suiteId, ascii(label), info), length);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] out = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }
}
