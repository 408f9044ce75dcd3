package org.coppice.mls.crypto;

import java.util.Arrays;
import org.coppice.mls.error.CryptoException;

/** DHKEM over a curve (RFC 9180 §4.1), composed from a provider's Diffie-Hellman and hash. Thread safe. */
public final class DhKem implements Kem {
    private final DiffieHellman dh;
    private final Hkdf hkdf;
    private final byte[] suiteId;
    private final int secretLength;

    /**
     * @param dh Diffie-Hellman on the curve
     * @param hash the hash {@link NamedCurve#kemHash()} of the curve's KEM
     */
    public DhKem(DiffieHellman dh, Hash hash) {
        if (hash.algorithm() != dh.curve().kemHash()) {
            throw new IllegalArgumentException(
                    dh.curve().label() + " needs " + dh.curve().kemHash().label());
        }
        this.dh = dh;
        this.hkdf = new Hkdf(hash);
        int id = dh.curve().kemId();
        this.suiteId = new byte[] {'K', 'E', 'M', (byte) (id >> 8), (byte) id};
        this.secretLength = hash.length();
    }

    @Override
    public int id() {
        return dh.curve().kemId();
    }

    @Override
    public int publicKeyLength() {
        return dh.curve().publicLength();
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        if (randomness.isSystem()) {
            return dh.generate();
        }
        byte[] ikm = randomness.bytes(dh.curve().privateLength());
        RawKeyPair pair = deriveKeyPair(ikm);
        Arrays.fill(ikm, (byte) 0);
        return pair;
    }

    @Override
    public RawKeyPair deriveKeyPair(byte[] ikm) {
        byte[] prk = hkdf.labeledExtract(suiteId, new byte[secretLength], "dkp_prk", ikm);
        byte[] privateKey = dh.curve().order().isPresent() ? scalar(prk) : bytes(prk);
        Arrays.fill(prk, (byte) 0);
        try {
            return new RawKeyPair(privateKey, dh.publicKey(privateKey));
        } catch (CryptoException e) {
            throw new AssertionError("a derived private key is in range by construction", e);
        }
    }

    private byte[] bytes(byte[] prk) {
        return hkdf.labeledExpand(suiteId, prk, "sk", new byte[0], dh.curve().privateLength());
    }

    /** RFC 9180 §7.1.3: draws candidates until one is in range; the first nearly always is. */
    private byte[] scalar(byte[] prk) {
        for (int counter = 0; counter < 256; counter++) {
            byte[] candidate = hkdf.labeledExpand(
                    suiteId,
                    prk,
                    "candidate",
                    new byte[] {(byte) counter},
                    dh.curve().privateLength());
            if (dh.curve() == NamedCurve.P521) {
                candidate[0] &= 1;
            }
            if (dh.curve().isInRange(candidate)) {
                return candidate;
            }
        }
        throw new AssertionError("256 candidates out of range: the chance is below 2^-2000");
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        return dh.publicKey(privateKey);
    }

    @Override
    public Encapsulation encapsulate(byte[] publicKey, Randomness randomness) throws CryptoException {
        RawKeyPair ephemeral = generate(randomness);
        try {
            byte[] shared = dh.agree(ephemeral.privateKey(), ephemeral.publicKey(), publicKey);
            byte[] enc = ephemeral.publicKey();
            return new Encapsulation(extractAndExpand(shared, enc, publicKey), enc);
        } finally {
            ephemeral.wipe();
        }
    }

    @Override
    public byte[] decapsulate(byte[] privateKey, byte[] ownPublicKey, byte[] encapsulated) throws CryptoException {
        return extractAndExpand(dh.agree(privateKey, ownPublicKey, encapsulated), encapsulated, ownPublicKey);
    }

    private byte[] extractAndExpand(byte[] shared, byte[] enc, byte[] recipient) {
        byte[] prk = hkdf.labeledExtract(suiteId, new byte[secretLength], "eae_prk", shared);
        byte[] out = hkdf.labeledExpand(suiteId, prk, "shared_secret", Hkdf.concat(enc, recipient), secretLength);
        Arrays.fill(prk, (byte) 0);
        Arrays.fill(shared, (byte) 0);
        return out;
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        dh.checkPublicKey(publicKey);
    }
}
