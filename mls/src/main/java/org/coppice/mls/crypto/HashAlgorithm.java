package org.coppice.mls.crypto;

/** The hash functions of the standard suites; HMAC and HKDF are made from the same (RFC 9420 §17.1). */
public enum HashAlgorithm implements Primitive {
    /** 32 bytes of output; HKDF-SHA256 is HPKE's KDF 0x0001. */
    SHA_256("SHA-256", 32, 64, 1),
    /** 48 bytes of output; HKDF-SHA384 is HPKE's KDF 0x0002. */
    SHA_384("SHA-384", 48, 128, 2),
    /** 64 bytes of output; HKDF-SHA512 is HPKE's KDF 0x0003. */
    SHA_512("SHA-512", 64, 128, 3);

    private final String label;
    private final int length;
    private final int blockLength;
    private final int kdfId;

    HashAlgorithm(String label, int length, int blockLength, int kdfId) {
        this.label = label;
        this.length = length;
        this.blockLength = blockLength;
        this.kdfId = kdfId;
    }

    @Override
    public String label() {
        return label;
    }

    /** Output length in bytes, Nh. */
    public int length() {
        return length;
    }

    /** Length of an input block in bytes, which HMAC pads its key to. */
    public int blockLength() {
        return blockLength;
    }

    /** HPKE's number for HKDF with this hash (RFC 9180 §7.2). */
    public int kdfId() {
        return kdfId;
    }
}
