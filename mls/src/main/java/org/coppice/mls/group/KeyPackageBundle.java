package org.coppice.mls.group;

import java.util.Arrays;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.DecodedSecrets;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.KeyPackage;

/**
 * A key package with its private keys: published by the one, kept by the other. The owner closes it once it was used to join,
 * unless it is a last-resort package (RFC 9420 §10, §16.8). Not thread safe.
 */
public final class KeyPackageBundle implements AutoCloseable {
    private final KeyPackage keyPackage;
    private final HpkeKeyPair initKeyPair;
    private final HpkeKeyPair leafKeyPair;

    /**
     * Takes over both key pairs.
     *
     * @throws IllegalArgumentException if they are not those of the key package
     */
    public KeyPackageBundle(KeyPackage keyPackage, HpkeKeyPair initKeyPair, HpkeKeyPair leafKeyPair) {
        this.keyPackage = Objects.requireNonNull(keyPackage, "keyPackage");
        this.initKeyPair = initKeyPair;
        this.leafKeyPair = leafKeyPair;
        if (!initKeyPair.publicKey().equals(keyPackage.initKey())
                || !leafKeyPair.publicKey().equals(keyPackage.leafNode().encryptionKey())) {
            throw new IllegalArgumentException("the key pairs are not those of the key package");
        }
    }

    /** The public part. */
    public KeyPackage keyPackage() {
        return keyPackage;
    }

    /** The public part as it is published. */
    public MlsMessage message() {
        return new MlsMessage(new MlsMessage.KeyPackage(keyPackage));
    }

    /** The key pair that a Welcome is encrypted to; it stays this object's. */
    public HpkeKeyPair initKeyPair() {
        return initKeyPair;
    }

    /** The key pair of the leaf; it stays this object's. */
    public HpkeKeyPair leafKeyPair() {
        return leafKeyPair;
    }

    /** Everything in one secret, to be stored until the package is used; the caller's to close. */
    public Secret encode() {
        try (SecretWriter out = new SecretWriter(1024)) {
            out.uint16(1).struct(keyPackage);
            GroupRecords.write(initKeyPair, out);
            GroupRecords.write(leafKeyPair, out);
            return Secret.wrap(out.toByteArray());
        }
    }

    /**
     * Reads what {@link #encode()} gave.
     *
     * @throws DecodeException if it is damaged or of another version
     */
    public static KeyPackageBundle decode(Secret stored) throws DecodeException {
        byte[] bytes = stored.exposeCopy();
        try (DecodedSecrets decoded = new DecodedSecrets()) {
            return decode(bytes, decoded);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static KeyPackageBundle decode(byte[] stored, DecodedSecrets decoded) throws DecodeException {
        TlsReader in = decoded.reader(Bytes.wrap(stored), DecodeLimits.DEFAULT);
        int version = in.uint16();
        if (version != 1) {
            throw in.error(Rule.STORED_STATE, "a key package bundle of version " + version);
        }
        // Again from a copy of its own, or it would keep the private keys behind it for as long as it lives.
        Decoder<KeyPackage> decoder = KeyPackage::decode;
        KeyPackage keyPackage =
                decoder.decodeAll(Bytes.wrap(KeyPackage.decode(in).encoded()), in.limits());
        HpkeKeyPair initKeyPair = GroupRecords.readKeyPair(in);
        HpkeKeyPair leafKeyPair = GroupRecords.readKeyPair(in);
        in.expectEnd();
        try {
            KeyPackageBundle bundle = new KeyPackageBundle(keyPackage, initKeyPair, leafKeyPair);
            decoded.handOver();
            return bundle;
        } catch (IllegalArgumentException e) {
            throw in.error(Rule.STORED_STATE, e.getMessage());
        }
    }

    /** Whether the private keys were wiped. */
    boolean isClosed() {
        return initKeyPair.privateKey().isClosed() || leafKeyPair.privateKey().isClosed();
    }

    @Override
    public void close() {
        initKeyPair.close();
        leafKeyPair.close();
    }

    @Override
    public String toString() {
        return "KeyPackageBundle[" + keyPackage + "]";
    }
}
