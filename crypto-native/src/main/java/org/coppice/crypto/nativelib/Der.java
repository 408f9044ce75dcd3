package org.coppice.crypto.nativelib;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.NamedCurve;

/**
 * Keys in the DER forms that key factories take. For one curve these are constant bytes in front of the raw key: X.509
 * (RFC 5480 §2, RFC 8410 §4) and PKCS #8 without the public key (RFC 5958 §2, RFC 8410 §7).
 */
final class Der {
    private static final byte[] ED25519_PUBLIC = hex("302a300506032b6570032100");
    private static final byte[] ED25519_PRIVATE = hex("302e020100300506032b657004220420");

    private Der() {}

    static byte[] ed25519Public(byte[] raw) {
        return concat(ED25519_PUBLIC, raw);
    }

    static byte[] ed25519Private(byte[] raw) {
        return concat(ED25519_PRIVATE, raw);
    }

    static byte[] publicPrefix(NamedCurve curve) {
        return hex(
                switch (curve) {
                    case P256 -> "3059301306072a8648ce3d020106082a8648ce3d030107034200";
                    case P384 -> "3076301006072a8648ce3d020106052b81040022036200";
                    case P521 -> "30819b301006072a8648ce3d020106052b8104002303818600";
                    case X25519, X448 -> throw new IllegalArgumentException(curve.label());
                });
    }

    static byte[] concat(byte[] prefix, byte[] raw) {
        byte[] out = new byte[prefix.length + raw.length];
        System.arraycopy(prefix, 0, out, 0, prefix.length);
        System.arraycopy(raw, 0, out, prefix.length, raw.length);
        return out;
    }

    /** The last bytes: in X.509 the raw key. */
    static byte[] tail(byte[] der, int length) {
        byte[] out = new byte[length];
        System.arraycopy(der, der.length - length, out, 0, length);
        return out;
    }

    private static byte[] hex(String hex) {
        return Bytes.fromHex(hex).toByteArray();
    }
}
