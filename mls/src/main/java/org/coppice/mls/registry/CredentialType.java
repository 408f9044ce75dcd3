package org.coppice.mls.registry;

import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * The type of a credential (RFC 9420 §5.3, §17.5).
 *
 * @param value the code point, uint16
 */
public record CredentialType(int value) implements Encodable, Comparable<CredentialType> {
    /** basic: an identity that the application gives meaning to. */
    public static final CredentialType BASIC = new CredentialType(1);
    /** x509: a chain of certificates. */
    public static final CredentialType X509 = new CredentialType(2);

    /** Checks that the number is a uint16. */
    public CredentialType {
        CodePoints.checkUint16(value);
    }

    /** Reads a number, known or not. */
    public static CredentialType decode(TlsReader in) throws DecodeException {
        return new CredentialType(in.uint16());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint16(value);
    }

    @Override
    public int compareTo(CredentialType other) {
        return Integer.compare(value, other.value);
    }

    /** The registered name, or the number. */
    @Override
    public String toString() {
        return switch (value) {
            case 1 -> "basic";
            case 2 -> "x509";
            default -> String.format(CodePoints.isGrease(value) ? "GREASE(0x%04x)" : "0x%04x", value);
        };
    }
}
