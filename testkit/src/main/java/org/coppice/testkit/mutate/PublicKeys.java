package org.coppice.testkit.mutate;

import java.util.Arrays;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.error.CryptoException;

/** Which bytes are a public key (RFC 9420 §5.1.1, §5.1.2): their length tells of which curve. */
final class PublicKeys {
    private PublicKeys() {}

    static boolean isOfSignatures(byte[] bytes) {
        return Arrays.stream(SignatureAlgorithm.values()).anyMatch(algorithm -> algorithm.isPublicKey(bytes));
    }

    static boolean isOfHpke(byte[] bytes) {
        return Arrays.stream(NamedCurve.values()).anyMatch(curve -> isOn(curve, bytes));
    }

    private static boolean isOn(NamedCurve curve, byte[] bytes) {
        try {
            curve.checkPublicKey(bytes);
            return true;
        } catch (CryptoException e) {
            return false;
        }
    }
}
