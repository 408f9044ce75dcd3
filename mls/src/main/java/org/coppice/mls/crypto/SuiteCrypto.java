package org.coppice.mls.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.CryptoException;

/**
 * The operations of one cipher suite under the names of RFC 9420 §5 and §8. Immutable and thread safe.
 *
 * <p>Labels are given without the prefix "MLS 1.0 ", which every labelled operation adds.
 */
public final class SuiteCrypto {
    private static final byte[] PREFIX = "MLS 1.0 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXTERNAL_INIT = "MLS 1.0 external init secret".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = new byte[0];

    private final SuiteParts parts;
    private final Randomness randomness;
    private final Hkdf hkdf;
    private final Hpke hpke;

    /**
     * @param parts the primitives of the suite
     * @param randomness where keys and nonces come from
     */
    public SuiteCrypto(SuiteParts parts, Randomness randomness) {
        this.parts = Objects.requireNonNull(parts, "parts");
        this.randomness = Objects.requireNonNull(randomness, "randomness");
        this.hkdf = new Hkdf(parts.hash());
        this.hpke = new Hpke(parts.kem(), parts.hash(), parts.aead());
    }

    /**
     * The operations of {@code suite} with the primitives of {@code provider}.
     *
     * @throws CryptoException if the provider lacks the suite ({@link CryptoException.Reason#UNSUPPORTED})
     */
    public static SuiteCrypto of(CipherSuite suite, CryptoProvider provider, Randomness randomness)
            throws CryptoException {
        SuiteParts parts = provider.suite(suite)
                .orElseThrow(() -> new CryptoException(
                        CryptoException.Reason.UNSUPPORTED,
                        "cipher suite " + suite + " is not offered by provider " + provider.name()));
        return new SuiteCrypto(parts, randomness);
    }

    /** The suite. */
    public CipherSuite suite() {
        return parts.suite();
    }

    /** The primitives of the suite. */
    public SuiteParts parts() {
        return parts;
    }

    /** Where random bytes come from. */
    public Randomness randomness() {
        return randomness;
    }

    /** The output length of the hash and of KDF.Extract in bytes, Nh. */
    public int hashLength() {
        return parts.hash().length();
    }

    // ---- hash, MAC, KDF

    /** The hash of {@code input}. */
    public Bytes hash(Bytes input) {
        byte[] out = new byte[hashLength()];
        input.feed((array, offset, length) -> parts.hash().hash(array, offset, length, out, 0));
        return Bytes.wrap(out);
    }

    /** The hash of what was written to {@code input}. */
    public Bytes hash(TlsWriter input) {
        byte[] out = new byte[hashLength()];
        input.feed((array, offset, length) -> parts.hash().hash(array, offset, length, out, 0));
        return Bytes.wrap(out);
    }

    /** The MAC of {@code input} under {@code key}: HMAC with the suite's hash, not shortened. */
    public Bytes mac(Secret key, Bytes input) {
        byte[] out = new byte[hashLength()];
        input.feed((array, offset, length) -> parts.hash().hmac(key.raw(), array, offset, length, out, 0));
        return Bytes.wrap(out);
    }

    /** Whether {@code tag} is the MAC of {@code input} under {@code key}, compared in constant time over the full length. */
    public boolean verifyMac(Secret key, Bytes input, Bytes tag) {
        return MessageDigest.isEqual(mac(key, input).toByteArray(), tag.toByteArray());
    }

    /** KDF.Extract. */
    public Secret extract(Secret salt, Secret ikm) {
        return Secret.wrap(hkdf.extract(salt.raw(), ikm.raw()));
    }

    /** ExpandWithLabel (RFC 9420 §8): {@code length} bytes from {@code secret}. */
    public Secret expandWithLabel(Secret secret, String label, Bytes context, int length) {
        return Secret.wrap(expand(secret, label, context.toByteArray(), length));
    }

    /** DeriveSecret (RFC 9420 §8): Nh bytes from {@code secret}. */
    public Secret deriveSecret(Secret secret, String label) {
        return Secret.wrap(expand(secret, label, EMPTY, hashLength()));
    }

    /** DeriveTreeSecret (RFC 9420 §9.1): {@code generation} is a uint32. */
    public Secret deriveTreeSecret(Secret secret, String label, int generation, int length) {
        byte[] context = {
            (byte) (generation >> 24), (byte) (generation >> 16), (byte) (generation >> 8), (byte) generation
        };
        return Secret.wrap(expand(secret, label, context, length));
    }

    private byte[] expand(Secret secret, String label, byte[] context, int length) {
        // struct { uint16 length; opaque label<V>; opaque context<V>; } KDFLabel
        int size = 2 + TlsWriter.vectorLength(PREFIX.length + label.length()) + TlsWriter.vectorLength(context.length);
        TlsWriter info = new TlsWriter(size).uint16(length);
        return hkdf.expand(secret.raw(), label(info, label).vector(context).finish(), length);
    }

    // ---- references

    /** RefHash (RFC 9420 §5.2); {@code label} is whole, no prefix is added. */
    public Bytes refHash(String label, Bytes value) {
        TlsWriter out = new TlsWriter(label.length() + value.length() + 8);
        out.vector(label.getBytes(StandardCharsets.US_ASCII)).vector(value);
        return hash(out);
    }

    // ---- signatures

    /** A new signature key pair. */
    public SignatureKeyPair generateSignatureKeyPair() {
        RawKeyPair raw = parts.signatures().generate(randomness);
        return new SignatureKeyPair(Secret.wrap(raw.privateKey()), new SignaturePublicKey(Bytes.wrap(raw.publicKey())));
    }

    /**
     * A signer that keeps the private key in this process. It works until {@code keys} is closed.
     *
     * @throws CryptoException if the private key is invalid
     */
    public Signer signer(SignatureKeyPair keys) throws CryptoException {
        return new LocalSigner(keys, keys.prepare(parts.signatures()), randomness);
    }

    /**
     * The public key of a private signature key.
     *
     * @throws CryptoException if the private key is invalid
     */
    public SignaturePublicKey signaturePublicKey(Secret privateKey) throws CryptoException {
        return new SignaturePublicKey(Bytes.wrap(parts.signatures().publicKey(privateKey.raw())));
    }

    /**
     * SignWithLabel (RFC 9420 §5.1.2).
     *
     * @throws CryptoException if the keeper of the key does not perform the operation
     */
    public Bytes signWithLabel(Signer signer, String label, Bytes content) throws CryptoException {
        return Bytes.wrap(signer.sign(signContent(label, content)));
    }

    /** VerifyWithLabel (RFC 9420 §5.1.2); false also for a key that is none of the suite. */
    public boolean verifyWithLabel(SignaturePublicKey key, String label, Bytes content, Bytes signature) {
        try {
            return parts.signatures()
                    .loadPublic(key.data().toByteArray())
                    .verify(signContent(label, content), signature.toByteArray());
        } catch (CryptoException e) {
            return false;
        }
    }

    /** Whether {@code key} is a public key of the suite's signature scheme. */
    public boolean isValid(SignaturePublicKey key) {
        try {
            parts.signatures().checkPublicKey(key.data().toByteArray());
            return true;
        } catch (CryptoException e) {
            return false;
        }
    }

    private static byte[] signContent(String label, Bytes content) {
        return labelled(label, content).finish();
    }

    /** Two vectors: a label and what it stands before. */
    private static TlsWriter labelled(String label, Bytes content) {
        int size = TlsWriter.vectorLength(PREFIX.length + label.length()) + TlsWriter.vectorLength(content.length());
        return label(new TlsWriter(size), label).vector(content);
    }

    // ---- HPKE

    /** A new key pair of the suite's KEM. */
    public HpkeKeyPair generateHpkeKeyPair() {
        return HpkeKeyPair.of(parts.kem().generate(randomness));
    }

    /** KEM.DeriveKeyPair. */
    public HpkeKeyPair deriveHpkeKeyPair(Secret ikm) {
        return HpkeKeyPair.of(parts.kem().deriveKeyPair(ikm.raw()));
    }

    /**
     * The public key of a private key of the suite's KEM.
     *
     * @throws CryptoException if the private key is invalid
     */
    public HpkePublicKey hpkePublicKey(Secret privateKey) throws CryptoException {
        return new HpkePublicKey(Bytes.wrap(parts.kem().publicKey(privateKey.raw())));
    }

    /** Whether {@code key} is a public key of the suite's KEM that may be used (RFC 9180 §7.1.4). */
    public boolean isValid(HpkePublicKey key) {
        try {
            parts.kem().checkPublicKey(key.data().toByteArray());
            return true;
        } catch (CryptoException e) {
            return false;
        }
    }

    /** The info of EncryptWithLabel, prepared once for many recipients of one context. */
    public EncryptionContext encryptionContext(String label, Bytes context) {
        return new EncryptionContext(hpke.infoHash(labelled(label, context).finish()));
    }

    /**
     * EncryptWithLabel (RFC 9420 §5.1.3).
     *
     * @throws CryptoException if the public key must not be used
     */
    public HpkeCiphertext encryptWithLabel(HpkePublicKey key, EncryptionContext context, Secret plaintext)
            throws CryptoException {
        return hpke.seal(key.data().toByteArray(), context.infoHash, plaintext.raw(), randomness);
    }

    /**
     * DecryptWithLabel (RFC 9420 §5.1.3).
     *
     * @throws CryptoException if the message is not authentic
     */
    public Secret decryptWithLabel(HpkeKeyPair key, EncryptionContext context, HpkeCiphertext message)
            throws CryptoException {
        try {
            return Secret.wrap(
                    hpke.open(key.privateKey().raw(), key.publicKey().data().toByteArray(), context.infoHash, message));
        } catch (CryptoException e) {
            // One answer, whether the encapsulated key or the ciphertext was at fault.
            throw CryptoException.decryptionFailed();
        }
    }

    /**
     * The joiner's side of external initialization (RFC 9420 §8.3).
     *
     * @throws CryptoException if the external public key must not be used
     */
    public ExternalInitSecret externalInit(HpkePublicKey externalPub) throws CryptoException {
        Kem.Encapsulation out =
                hpke.sendExport(externalPub.data().toByteArray(), EXTERNAL_INIT, hashLength(), randomness);
        return new ExternalInitSecret(Bytes.wrap(out.encapsulated()), Secret.wrap(out.sharedSecret()));
    }

    /**
     * A member's side of external initialization (RFC 9420 §8.3).
     *
     * @throws CryptoException if {@code kemOutput} is invalid
     */
    public Secret externalInit(HpkeKeyPair external, Bytes kemOutput) throws CryptoException {
        return Secret.wrap(hpke.receiveExport(
                external.privateKey().raw(),
                external.publicKey().data().toByteArray(),
                kemOutput.toByteArray(),
                EXTERNAL_INIT,
                hashLength()));
    }

    /** The hashed info of EncryptWithLabel; public data, immutable. */
    public static final class EncryptionContext {
        private final byte[] infoHash;

        private EncryptionContext(byte[] infoHash) {
            this.infoHash = infoHash;
        }
    }

    /**
     * What {@link #externalInit(HpkePublicKey)} gives.
     *
     * @param kemOutput for the ExternalInit proposal
     * @param initSecret takes the place of the previous epoch's init_secret; the caller's to close
     */
    public record ExternalInitSecret(Bytes kemOutput, Secret initSecret) {
        /** Checks that nothing is missing. */
        public ExternalInitSecret {
            Objects.requireNonNull(kemOutput, "kemOutput");
            Objects.requireNonNull(initSecret, "initSecret");
        }
    }

    // ---- AEAD

    /** Encrypts {@code plaintext}; the tag follows the ciphertext. */
    public Bytes seal(Secret key, byte[] nonce, Bytes aad, byte[] plaintext, int length) {
        return Bytes.wrap(parts.aead().seal(key.raw(), nonce, aad.toByteArray(), plaintext, 0, length));
    }

    /**
     * Decrypts.
     *
     * @return the plaintext, in a new array that belongs to the caller
     * @throws CryptoException if the ciphertext is not authentic
     */
    public byte[] open(Secret key, byte[] nonce, Bytes aad, Bytes ciphertext) throws CryptoException {
        return parts.aead().open(key.raw(), nonce, aad.toByteArray(), ciphertext.toByteArray());
    }

    /** {@code length} random bytes as a secret. */
    public Secret randomSecret(int length) {
        return Secret.wrap(randomness.bytes(length));
    }

    private static TlsWriter label(TlsWriter out, String label) {
        return out.length(PREFIX.length + label.length()).raw(PREFIX).raw(label.getBytes(StandardCharsets.US_ASCII));
    }

    /** Encodes a structure that is hashed or signed. */
    public static Bytes encode(Encodable value) {
        TlsWriter out = new TlsWriter();
        value.encodeTo(out);
        return out.finishBytes();
    }

    @Override
    public String toString() {
        return "SuiteCrypto[" + suite() + "]";
    }

    /** Compares public values that an attacker may probe (tags) in constant time. */
    public static boolean constantTimeEquals(Bytes a, Bytes b) {
        return MessageDigest.isEqual(a.toByteArray(), b.toByteArray());
    }
}
