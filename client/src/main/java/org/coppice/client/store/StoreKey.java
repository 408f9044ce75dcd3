package org.coppice.client.store;

import java.util.Arrays;
import org.coppice.mls.crypto.Secret;

/**
 * What opens a sealed store: a key of the application's, such as one that a platform's key store keeps, or a passphrase. It wraps the
 * key that encrypts the records, so that either can be changed without rewriting them.
 *
 * <p>Holds a secret of its own until it is closed. Not thread safe.
 */
public final class StoreKey implements AutoCloseable {
    /** How long a key of the application's is, in bytes. */
    public static final int LENGTH = 32;

    private final Secret secret;
    private final boolean isPassphrase;
    private final PassphraseCost cost;

    private StoreKey(Secret secret, boolean isPassphrase, PassphraseCost cost) {
        this.secret = secret;
        this.isPassphrase = isPassphrase;
        this.cost = cost;
    }

    /**
     * A key of {@value #LENGTH} random bytes; takes a copy.
     *
     * @throws IllegalArgumentException if it has another length
     */
    public static StoreKey of(Secret key) {
        if (key.length() != LENGTH) {
            throw new IllegalArgumentException("a key has " + LENGTH + " bytes, not " + key.length());
        }
        return new StoreKey(key.copy(), false, PassphraseCost.DEFAULT);
    }

    /** A passphrase, hardened by Argon2id at {@link PassphraseCost#DEFAULT}; takes a copy of its UTF-8 encoding. */
    public static StoreKey passphrase(char[] passphrase) {
        return passphrase(passphrase, PassphraseCost.DEFAULT);
    }

    /**
     * A passphrase, hardened by Argon2id; takes a copy of its UTF-8 encoding.
     *
     * @param cost counts when a store is made or gets this key; a store that has a passphrase is opened at the cost it was made with, if
     *     that is not above this cost, 128 MiB of memory, and four times the work of {@link PassphraseCost#DEFAULT}
     */
    public static StoreKey passphrase(char[] passphrase, PassphraseCost cost) {
        java.nio.ByteBuffer encoded =
                java.nio.charset.StandardCharsets.UTF_8.encode(java.nio.CharBuffer.wrap(passphrase));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        return new StoreKey(Secret.wrap(bytes), true, cost);
    }

    boolean isPassphrase() {
        return isPassphrase;
    }

    PassphraseCost cost() {
        return cost;
    }

    /** The key or passphrase itself, in a new array that the caller wipes. */
    byte[] expose() {
        return secret.exposeCopy();
    }

    @Override
    public void close() {
        secret.close();
    }

    /** The kind, never the content. */
    @Override
    public String toString() {
        return isPassphrase ? "StoreKey[passphrase]" : "StoreKey[key]";
    }
}
