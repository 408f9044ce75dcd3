package org.coppice.crypto.bc;

import java.math.BigInteger;
import java.util.Arrays;

/** {@code SEQUENCE { r INTEGER, s INTEGER }} in DER, at most 139 bytes long. */
final class EcdsaDer {
    private EcdsaDer() {}

    static byte[] encode(BigInteger r, BigInteger s) {
        byte[] rBytes = r.toByteArray();
        byte[] sBytes = s.toByteArray();
        int content = 4 + rBytes.length + sBytes.length;
        boolean shortForm = content < 128;
        byte[] out = new byte[(shortForm ? 2 : 3) + content];
        int at = 0;
        out[at++] = 0x30;
        if (!shortForm) {
            out[at++] = (byte) 0x81;
        }
        out[at++] = (byte) content;
        at = integer(out, at, rBytes);
        integer(out, at, sBytes);
        return out;
    }

    private static int integer(byte[] out, int at, byte[] value) {
        out[at] = 2;
        out[at + 1] = (byte) value.length;
        System.arraycopy(value, 0, out, at + 2, value.length);
        return at + 2 + value.length;
    }

    /** Reads what was checked to be well-formed before. */
    static BigInteger[] decode(byte[] der) {
        int at = der[1] == (byte) 0x81 ? 3 : 2;
        int rEnd = at + 2 + der[at + 1];
        return new BigInteger[] {
            new BigInteger(Arrays.copyOfRange(der, at + 2, rEnd)),
            new BigInteger(Arrays.copyOfRange(der, rEnd + 2, der.length))
        };
    }
}
