package org.coppice.mls.crypto;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;

/** A key pair of a suite's KEM. The owner wipes the private key with {@link #close()}. */
public final class HpkeKeyPair implements AutoCloseable {
    private final Secret privateKey;
    private final HpkePublicKey publicKey;

    /** Takes over {@code privateKey}. */
    public HpkeKeyPair(Secret privateKey, HpkePublicKey publicKey) {
        this.privateKey = Objects.requireNonNull(privateKey, "privateKey");
        this.publicKey = Objects.requireNonNull(publicKey, "publicKey");
    }

    static HpkeKeyPair of(RawKeyPair raw) {
        return new HpkeKeyPair(Secret.wrap(raw.privateKey()), new HpkePublicKey(Bytes.wrap(raw.publicKey())));
    }

    /** The private key; it stays this object's. */
    public Secret privateKey() {
        return privateKey;
    }

    /** The public key. */
    public HpkePublicKey publicKey() {
        return publicKey;
    }

    /** A second pair of the same keys, with an owner of its own. */
    public HpkeKeyPair copy() {
        return new HpkeKeyPair(privateKey.copy(), publicKey);
    }

    @Override
    public void close() {
        privateKey.close();
    }
}
