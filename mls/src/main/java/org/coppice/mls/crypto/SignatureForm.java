package org.coppice.mls.crypto;

/** What well-formed keys and signatures of an algorithm look like, decided on their bytes (see {@link SignatureScheme#checked}). */
interface SignatureForm {
    /** Whether the bytes may be a public key: everything but the curve's equation. */
    boolean isPublicKey(byte[] publicKey);

    /** Whether what {@link #isPublicKey} let pass is a point of the curve. */
    boolean isPoint(byte[] publicKey);

    /** Whether the bytes may be a signature: everything but the equation. */
    boolean isSignature(byte[] signature);

    static SignatureForm of(SignatureAlgorithm algorithm) {
        switch (algorithm) {
            case ED25519:
                return EdwardsForm.ED25519;
            case ED448:
                return EdwardsForm.ED448;
            case ECDSA_SECP256R1_SHA256:
                return new EcdsaForm(WeierstrassCurve.SECP256R1);
            case ECDSA_SECP384R1_SHA384:
                return new EcdsaForm(WeierstrassCurve.SECP384R1);
            case ECDSA_SECP521R1_SHA512:
                return new EcdsaForm(WeierstrassCurve.SECP521R1);
            default:
                throw new AssertionError(algorithm);
        }
    }
}
