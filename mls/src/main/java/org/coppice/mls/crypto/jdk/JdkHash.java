package org.coppice.mls.crypto.jdk;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Arrays;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;

/**
 * SHA-2 of the platform, and HMAC (RFC 2104) written out over it: on the short inputs of a key schedule that is faster than
 * {@code javax.crypto.Mac}, which wraps the key in an object and clones digests.
 */
final class JdkHash implements Hash {
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final HashAlgorithm algorithm;
    private final Provider provider;

    /** Belongs to the instance, so that nothing static is left behind; a thread's entry dies with either of the two. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Engine> engines = new ThreadLocal<>();

    JdkHash(HashAlgorithm algorithm) throws NoSuchAlgorithmException {
        this.algorithm = algorithm;
        this.provider = Jca.providerOf("MessageDigest", algorithm.label());
    }

    @Override
    public HashAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
        checkRanges(in, offset, length, out, outOffset);
        Engine engine = engine();
        try {
            engine.digest.update(in, offset, length);
            engine.digest.digest(out, outOffset, algorithm.length());
        } catch (DigestException e) {
            throw unreachable(e);
        } catch (Error e) {
            engines.remove();
            throw e;
        }
    }

    @Override
    public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
        checkRanges(in, offset, length, out, outOffset);
        Engine engine = engine();
        try {
            engine.hmac(key, in, offset, length, out, outOffset);
        } catch (DigestException e) {
            throw unreachable(e);
        } catch (Error e) {
            // Out of memory or stack in the midst of a digest: what it has absorbed must not leak into the next one.
            engines.remove();
            throw e;
        }
    }

    /** Before anything is absorbed: a digest abandoned halfway would spoil the thread's next one. */
    private void checkRanges(byte[] in, int offset, int length, byte[] out, int outOffset) {
        if (offset < 0 || length < 0 || length > in.length - offset) {
            throw new IndexOutOfBoundsException("input range " + offset + "+" + length + " of " + in.length);
        }
        if (outOffset < 0 || algorithm.length() > out.length - outOffset) {
            throw new IndexOutOfBoundsException("no room for " + algorithm.length() + " bytes from " + outOffset);
        }
    }

    private Engine engine() {
        Engine present = engines.get();
        if (present == null) {
            present = new Engine(algorithm, provider);
            engines.set(present);
        }
        return present;
    }

    private static AssertionError unreachable(DigestException e) {
        return new AssertionError("the ranges were checked", e);
    }

    /** One thread's digest and scratch space. */
    private static final class Engine {
        private final MessageDigest digest;
        private final int length;
        private final byte[] block;

        Engine(HashAlgorithm algorithm, Provider provider) {
            try {
                digest = MessageDigest.getInstance(algorithm.label(), provider);
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("the provider had it when it was looked up", e);
            }
            length = algorithm.length();
            block = new byte[algorithm.blockLength()];
        }

        /** H(key ^ opad, H(key ^ ipad, in)); {@code out} may be {@code in}. */
        void hmac(byte[] key, byte[] in, int offset, int inLength, byte[] out, int outOffset) throws DigestException {
            byte[] pad = block;
            int keyLength = key.length;
            if (keyLength > pad.length) {
                digest.update(key, 0, keyLength);
                keyLength = digest.digest(pad, 0, length);
            } else {
                System.arraycopy(key, 0, pad, 0, keyLength);
            }
            // Behind the key the block is zero: each use leaves it wiped.
            for (int i = 0; i < pad.length; i++) {
                pad[i] ^= INNER;
            }
            digest.update(pad, 0, pad.length);
            digest.update(in, offset, inLength);
            // The inner hash may rest in the output: it is no longer than what ends up there.
            digest.digest(out, outOffset, length);
            for (int i = 0; i < pad.length; i++) {
                pad[i] ^= INNER ^ OUTER;
            }
            digest.update(pad, 0, pad.length);
            digest.update(out, outOffset, length);
            digest.digest(out, outOffset, length);
            // Otherwise the result, which may be a key, stays in it until it is used again.
            digest.reset();
            Arrays.fill(pad, (byte) 0);
        }
    }
}
