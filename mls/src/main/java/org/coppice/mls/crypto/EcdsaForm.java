package org.coppice.mls.crypto;

/** ECDSA: uncompressed points, and the one DER encoding (X.690 §10.1, §8.3) of {@code SEQUENCE { r INTEGER, s INTEGER }}. */
final class EcdsaForm implements SignatureForm {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 2;

    private final WeierstrassCurve curve;

    EcdsaForm(WeierstrassCurve curve) {
        this.curve = curve;
    }

    @Override
    public boolean isPublicKey(byte[] publicKey) {
        return curve.isUncompressed(publicKey);
    }

    @Override
    public boolean isPoint(byte[] publicKey) {
        return curve.contains(publicKey);
    }

    @Override
    public boolean isSignature(byte[] der) {
        if (der.length < 2 || der[0] != SEQUENCE) {
            return false;
        }
        // The short form of a length goes up to 127; beyond, all lengths here fit the form with one byte.
        boolean shortForm = der.length <= 2 + 127;
        int header = shortForm ? 2 : 3;
        if (!shortForm && der[1] != (byte) 0x81 || (der[header - 1] & 0xff) != der.length - header) {
            return false;
        }
        int s = afterScalar(der, header);
        return s > 0 && afterScalar(der, s) == der.length;
    }

    /** Where an INTEGER from 1 to order - 1 ends that starts at {@code at}, or -1 if there is none. */
    private int afterScalar(byte[] der, int at) {
        if (der.length - at < 3 || der[at] != INTEGER) {
            return -1;
        }
        int length = der[at + 1];
        int from = at + 2;
        if (length < 1 || length > der.length - from || der[from] < 0) {
            return -1;
        }
        int end = from + length;
        if (der[from] == 0) {
            // A zero in front is there only to keep the number positive.
            if (length == 1 || der[from + 1] >= 0) {
                return -1;
            }
            from++;
        }
        return end - from <= curve.length() && curve.isScalar(der, from, end - from) ? end : -1;
    }
}
