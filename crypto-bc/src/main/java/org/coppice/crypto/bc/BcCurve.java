package org.coppice.crypto.bc;

import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;

/** A P-curve with arithmetic made for it, and raw keys in and out. */
final class BcCurve {
    private final NamedCurve curve;
    private final ECDomainParameters domain;
    private final Randomness system;

    BcCurve(NamedCurve curve) {
        this.curve = curve;
        X9ECParameters parameters =
                CustomNamedCurves.getByName("secp" + curve.label().substring(2) + "r1");
        this.domain = new ECDomainParameters(parameters);
        this.system = Randomness.system();
    }

    ECDomainParameters domain() {
        return domain;
    }

    RawKeyPair generate() {
        return generate(system);
    }

    RawKeyPair generate(Randomness randomness) {
        byte[] privateKey = curve.drawPrivateKey(randomness);
        return new RawKeyPair(privateKey, publicKey(privateKey));
    }

    /** The private key's range is checked before. */
    byte[] publicKey(byte[] privateKey) {
        // The comb's pattern of additions does not depend on the scalar.
        ECPoint point = new FixedPointCombMultiplier().multiply(domain.getG(), scalar(privateKey));
        return point.normalize().getEncoded(false);
    }

    BigInteger scalar(byte[] privateKey) {
        return new BigInteger(1, privateKey);
    }

    ECPoint point(byte[] publicKey) throws CryptoException {
        try {
            // Decoding checks that the point is on the curve; the cofactor is 1.
            return domain.getCurve().decodePoint(publicKey);
        } catch (IllegalArgumentException e) {
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of " + curve.label(), e);
        }
    }

    byte[] coordinate(BigInteger value) {
        return BigIntegers.asUnsignedByteArray(curve.sharedLength(), value);
    }
}
