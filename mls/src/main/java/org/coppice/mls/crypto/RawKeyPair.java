package org.coppice.mls.crypto;

import java.util.Arrays;
import java.util.Objects;

/** A key pair as raw bytes, on its way between a provider and the owner of the keys, who takes over both arrays. */
public final class RawKeyPair {
    private final byte[] privateKey;
    private final byte[] publicKey;

    /** Takes over both arrays. */
    public RawKeyPair(byte[] privateKey, byte[] publicKey) {
        this.privateKey = Objects.requireNonNull(privateKey, "privateKey");
        this.publicKey = Objects.requireNonNull(publicKey, "publicKey");
    }

    /** The array of the private key, not a copy. */
    public byte[] privateKey() {
        return privateKey;
    }

    /** The array of the public key, not a copy. */
    public byte[] publicKey() {
        return publicKey;
    }

    /** Overwrites the private key with zeros. */
    public void wipe() {
        Arrays.fill(privateKey, (byte) 0);
    }

    @Override
    public String toString() {
        return "RawKeyPair[" + publicKey.length + "-byte public key]";
    }
}
