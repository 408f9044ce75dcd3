package org.coppice.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.coppice.mls.crypto.Randomness;

/**
 * Random bytes that follow from a seed, so that a run can be repeated bit for bit. Not for real use: who knows the seed knows
 * every key.
 *
 * <p>Block i of the output is SHA-256 of the seed's digest and i. Thread safe; the order of calls decides who gets which bytes,
 * so a repeatable run draws from one thread or gives each thread a {@link #fork} of its own.
 */
public final class SeededRandomness implements Randomness {
    private final byte[] key;
    private long counter;
    private byte[] block = new byte[0];
    private int used;

    /** The bytes of {@code seed}. */
    public SeededRandomness(long seed) {
        this(Long.toString(seed));
    }

    /** The bytes of {@code seed}. */
    public SeededRandomness(String seed) {
        this.key = sha256(("org.coppice.testkit.SeededRandomness " + seed).getBytes(StandardCharsets.UTF_8));
    }

    private SeededRandomness(byte[] key) {
        this.key = key;
    }

    @Override
    public synchronized void fill(byte[] target) {
        for (int i = 0; i < target.length; i++) {
            if (used == block.length) {
                block = sha256(ByteBuffer.allocate(key.length + 8)
                        .put(key)
                        .putLong(counter++)
                        .array());
                used = 0;
            }
            target[i] = block[used++];
        }
    }

    /** Another stream of bytes that follows from this one's seed and {@code name}, however much was drawn before. */
    public SeededRandomness fork(String name) {
        byte[] suffix = name.getBytes(StandardCharsets.UTF_8);
        return new SeededRandomness(sha256(ByteBuffer.allocate(key.length + 8 + suffix.length)
                .put(key)
                .putLong(-1)
                .put(suffix)
                .array()));
    }

    /**
     * A number from 0 to {@code bound - 1}.
     *
     * @throws IllegalArgumentException if {@code bound} is not positive
     */
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("the bound must be positive");
        }
        // 32 random bits more than needed: what remains of the bias is too small to matter to a test.
        return (int) Long.remainderUnsigned(ByteBuffer.wrap(bytes(8)).getLong(), bound);
    }

    /** True in {@code percent} of a hundred cases. */
    public boolean chance(int percent) {
        return below(100) < percent;
    }

    private static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "SeededRandomness";
    }
}
