package org.coppice.mls.crypto;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.coppice.mls.error.CryptoException;

/**
 * A key pair of a suite's signature scheme. The owner wipes the private key with {@link #close()}, and with it what signers of this
 * pair keep of it.
 */
public final class SignatureKeyPair implements AutoCloseable {
    private final Secret privateKey;
    private final SignaturePublicKey publicKey;
    /** What signers keep: the private key as schemes have prepared it, each with a copy of its own. */
    private final List<WeakReference<SignatureScheme.SigningKey>> prepared = new ArrayList<>();

    private volatile boolean closed;

    /** Takes over {@code privateKey}. */
    public SignatureKeyPair(Secret privateKey, SignaturePublicKey publicKey) {
        this.privateKey = Objects.requireNonNull(privateKey, "privateKey");
        this.publicKey = Objects.requireNonNull(publicKey, "publicKey");
    }

    /** The private key, which stays this object's. */
    public Secret privateKey() {
        return privateKey;
    }

    /** The public key, whole. */
    public SignaturePublicKey publicKey() {
        return publicKey;
    }

    /** The private key prepared for signing: the caller's to use, this object's to close. */
    synchronized SignatureScheme.SigningKey prepare(SignatureScheme scheme) throws CryptoException {
        SignatureScheme.SigningKey key =
                scheme.loadPrivate(privateKey.raw(), publicKey.data().toByteArray());
        prepared.removeIf(other -> other.get() == null);
        prepared.add(new WeakReference<>(key));
        return key;
    }

    /** Whether {@link #close()} was called. */
    boolean isClosed() {
        return closed || privateKey.isClosed();
    }

    /** Signers of this pair sign no more; a signature that is being made in another thread is not handed out. */
    @Override
    public synchronized void close() {
        closed = true;
        privateKey.close();
        for (WeakReference<SignatureScheme.SigningKey> reference : prepared) {
            SignatureScheme.SigningKey key = reference.get();
            if (key != null) {
                key.close();
            }
        }
        prepared.clear();
    }
}
