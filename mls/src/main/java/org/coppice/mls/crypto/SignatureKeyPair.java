package org.coppice.mls.crypto;

/** A key pair of a suite's signature scheme. The owner wipes the private key with {@link #close()}. */
public final class SignatureKeyPair implements AutoCloseable {
    private final Secret privateKey;
    private final SignaturePublicKey publicKey;

    /** Takes over {@code privateKey}. */
    public SignatureKeyPair(Secret privateKey, SignaturePublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** The private key; it stays this object's. */
    public Secret privateKey() {
        return privateKey;
    }

    /** The public key. */
    public SignaturePublicKey publicKey() {
        return publicKey;
    }

    @Override
    public void close() {
        privateKey.close();
    }
}
