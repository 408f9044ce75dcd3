package org.coppice.mls.registry;

import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * The type of a proposal (RFC 9420 §12.1, §17.4).
 *
 * @param value the code point, uint16
 */
public record ProposalType(int value) implements Encodable, Comparable<ProposalType> {
    /** add (§12.1.1). */
    public static final ProposalType ADD = new ProposalType(1);
    /** update (§12.1.2). */
    public static final ProposalType UPDATE = new ProposalType(2);
    /** remove (§12.1.3). */
    public static final ProposalType REMOVE = new ProposalType(3);
    /** psk (§12.1.4). */
    public static final ProposalType PSK = new ProposalType(4);
    /** reinit (§12.1.5). */
    public static final ProposalType REINIT = new ProposalType(5);
    /** external_init (§12.1.6). */
    public static final ProposalType EXTERNAL_INIT = new ProposalType(6);
    /** group_context_extensions (§12.1.7). */
    public static final ProposalType GROUP_CONTEXT_EXTENSIONS = new ProposalType(7);

    /** Checks that the number is a uint16. */
    public ProposalType {
        CodePoints.checkUint16(value);
    }

    /** Whether every client has it, so that it is not listed in capabilities (§7.2). */
    public boolean isDefault() {
        return value >= 1 && value <= 7;
    }

    /** Reads a number, known or not. */
    public static ProposalType decode(TlsReader in) throws DecodeException {
        return new ProposalType(in.uint16());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint16(value);
    }

    @Override
    public int compareTo(ProposalType other) {
        return Integer.compare(value, other.value);
    }

    /** The registered name, or the number. */
    @Override
    public String toString() {
        return switch (value) {
            case 1 -> "add";
            case 2 -> "update";
            case 3 -> "remove";
            case 4 -> "psk";
            case 5 -> "reinit";
            case 6 -> "external_init";
            case 7 -> "group_context_extensions";
            default -> String.format(CodePoints.isGrease(value) ? "GREASE(0x%04x)" : "0x%04x", value);
        };
    }
}
