package org.coppice.mls.registry;

import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * The type of an extension (RFC 9420 §13.4, §17.3).
 *
 * @param value the code point, uint16
 */
public record ExtensionType(int value) implements Encodable, Comparable<ExtensionType> {
    /** application_id, in a LeafNode (§5.3.3). */
    public static final ExtensionType APPLICATION_ID = new ExtensionType(1);
    /** ratchet_tree, in a GroupInfo (§12.4.3.3). */
    public static final ExtensionType RATCHET_TREE = new ExtensionType(2);
    /** required_capabilities, in a GroupContext (§11.1). */
    public static final ExtensionType REQUIRED_CAPABILITIES = new ExtensionType(3);
    /** external_pub, in a GroupInfo (§12.4.3.2). */
    public static final ExtensionType EXTERNAL_PUB = new ExtensionType(4);
    /** external_senders, in a GroupContext (§12.1.8.1). */
    public static final ExtensionType EXTERNAL_SENDERS = new ExtensionType(5);
    /** last_resort, in a KeyPackage: the package may be used more than once (draft-ietf-mls-extensions). */
    public static final ExtensionType LAST_RESORT = new ExtensionType(10);

    /** Checks that the number is a uint16. */
    public ExtensionType {
        CodePoints.checkUint16(value);
    }

    /** Whether every client has it, so that it is not listed in capabilities (§7.2). */
    public boolean isDefault() {
        return value >= 1 && value <= 5;
    }

    /** Reads a number, known or not. */
    public static ExtensionType decode(TlsReader in) throws DecodeException {
        return new ExtensionType(in.uint16());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint16(value);
    }

    @Override
    public int compareTo(ExtensionType other) {
        return Integer.compare(value, other.value);
    }

    /** The registered name, or the number. */
    @Override
    public String toString() {
        return switch (value) {
            case 1 -> "application_id";
            case 2 -> "ratchet_tree";
            case 3 -> "required_capabilities";
            case 4 -> "external_pub";
            case 5 -> "external_senders";
            case 10 -> "last_resort";
            default -> String.format(CodePoints.isGrease(value) ? "GREASE(0x%04x)" : "0x%04x", value);
        };
    }
}
