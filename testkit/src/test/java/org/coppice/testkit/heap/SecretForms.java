package org.coppice.testkit.heap;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.EncodableDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;

/**
 * The shapes in which a secret may lie in a dump, whose numbers are all big-endian: as it is (also the words of a BigInteger, and the
 * first round key of AES), reversed, as little-endian ints (ChaCha20, scalars of Bouncy Castle) and longs, as the padded key of HMAC;
 * and for private keys clamped (RFC 7748 §5) and hashed (RFC 8032 §5.1.5).
 */
final class SecretForms {
    private SecretForms() {}

    static Map<String, byte[]> of(byte[] secret, boolean isPrivateKey) {
        Map<String, byte[]> out = new LinkedHashMap<>();
        basic("", secret, out);
        out.put("inner pad", masked(secret, 0x36));
        out.put("outer pad", masked(secret, 0x5c));
        hashOf(secret.length).ifPresent(hash -> {
            state("inner state", masked(secret, 0x36), 0x36, hash, out);
            state("outer state", masked(secret, 0x5c), 0x5c, hash, out);
        });
        if (isPrivateKey) {
            for (byte[] clamped : clamped(secret)) {
                basic("clamped ", clamped, out);
            }
            if (secret.length == 32) {
                byte[] hashed = sha512(secret);
                basic("hashed ", Arrays.copyOf(hashed, 32), out);
                clamped(Arrays.copyOf(hashed, 32)).forEach(scalar -> basic("hashed clamped ", scalar, out));
            }
        }
        return out;
    }

    /** Of the suites' hashes that with results of this length, which most keys of HMAC have, too. */
    static Optional<ExtendedDigest> hashOf(int length) {
        return Optional.ofNullable(
                switch (length) {
                    case 32 -> new SHA256Digest();
                    case 48 -> new SHA384Digest();
                    case 64 -> new SHA512Digest();
                    default -> null;
                });
    }

    /** The state after the padded key: whoever has both can do with them what the key does. */
    private static void state(String name, byte[] masked, int mask, ExtendedDigest hash, Map<String, byte[]> out) {
        byte[] block = new byte[hash.getByteLength()];
        Arrays.fill(block, (byte) mask);
        System.arraycopy(masked, 0, block, 0, masked.length);
        hash.reset();
        hash.update(block, 0, block.length);
        byte[] state = stateOf(hash);
        int word = hash.getByteLength() / 16;
        out.put(name, state);
        out.put(name + ", little-endian", swapped(state, word));
    }

    /** The eight words of a hash's state, big-endian. */
    static byte[] stateOf(ExtendedDigest hash) {
        byte[] encoded = ((EncodableDigest) hash).getEncodedState();
        int from = hash.getByteLength() == 64 ? 16 : 28;
        return Arrays.copyOfRange(encoded, from, from + hash.getByteLength() / 2);
    }

    private static void basic(String prefix, byte[] secret, Map<String, byte[]> out) {
        out.put(prefix + "bytes", secret);
        out.put(prefix + "reversed", swapped(secret, secret.length));
        out.put(prefix + "little-endian ints", swapped(secret, 4));
        out.put(prefix + "little-endian longs", swapped(secret, 8));
        out.put(prefix + "reversed ints", swapped(swapped(secret, secret.length), 4));
    }

    /** Each run of {@code size} bytes in reverse; what is left over is dropped. */
    private static byte[] swapped(byte[] in, int size) {
        byte[] out = new byte[in.length / size * size];
        for (int i = 0; i < out.length; i++) {
            out[i] = in[i / size * size + size - 1 - i % size];
        }
        return out;
    }

    private static byte[] masked(byte[] in, int mask) {
        byte[] out = in.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= (byte) mask;
        }
        return out;
    }

    private static List<byte[]> clamped(byte[] key) {
        List<byte[]> out = new ArrayList<>();
        if (key.length == 32) {
            byte[] copy = key.clone();
            copy[0] &= (byte) 0xf8;
            copy[31] = (byte) (copy[31] & 0x7f | 0x40);
            out.add(copy);
        } else if (key.length == 56) {
            byte[] copy = key.clone();
            copy[0] &= (byte) 0xfc;
            copy[55] |= (byte) 0x80;
            out.add(copy);
        }
        return out;
    }

    private static byte[] sha512(byte[] in) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(in);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
