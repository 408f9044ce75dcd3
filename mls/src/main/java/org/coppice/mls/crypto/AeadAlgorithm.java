package org.coppice.mls.crypto;

/** The AEADs of the standard suites. All have 12-byte nonces and 16-byte tags. */
public enum AeadAlgorithm implements Primitive {
    /** HPKE's AEAD 0x0001, 16-byte keys. */
    AES_128_GCM("AES-128-GCM", 1, 16),
    /** HPKE's AEAD 0x0002, 32-byte keys. */
    AES_256_GCM("AES-256-GCM", 2, 32),
    /** HPKE's AEAD 0x0003, 32-byte keys. */
    CHACHA20_POLY1305("ChaCha20-Poly1305", 3, 32);

    private final String label;
    private final int id;
    private final int keyLength;

    AeadAlgorithm(String label, int id, int keyLength) {
        this.label = label;
        this.id = id;
        this.keyLength = keyLength;
    }

    @Override
    public String label() {
        return label;
    }

    /** HPKE's number (RFC 9180 §7.3). */
    public int id() {
        return id;
    }

    /** Key length in bytes, Nk. */
    public int keyLength() {
        return keyLength;
    }

    /** Nonce length in bytes, Nn. */
    public int nonceLength() {
        return 12;
    }

    /** Tag length in bytes. */
    public int tagLength() {
        return 16;
    }
}
