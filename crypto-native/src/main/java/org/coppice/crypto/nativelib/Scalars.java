package org.coppice.crypto.nativelib;

import java.math.BigInteger;
import org.coppice.mls.crypto.NamedCurve;

/** Scalars of the P-curves as raw private keys. */
final class Scalars {
    private Scalars() {}

    /** Big-endian, in the full length of the curve's private keys. */
    static byte[] bytes(BigInteger scalar, NamedCurve curve) {
        byte[] signed = scalar.toByteArray();
        byte[] out = new byte[curve.privateLength()];
        int count = Math.min(signed.length, out.length);
        System.arraycopy(signed, signed.length - count, out, out.length - count, count);
        return out;
    }
}
