package org.coppice.cli.inspect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;

/** Names of numbers (RFC 9420 §17), and of bytes that a person can read. */
final class Names {
    /** Begins the name of a number that no table here holds. */
    static final String UNKNOWN = "unknown";

    private static final List<String> WIRE_FORMATS =
            List.of("mls_public_message", "mls_private_message", "mls_welcome", "mls_group_info", "mls_key_package");
    private static final List<String> CONTENT_TYPES = List.of("application", "proposal", "commit");
    private static final List<String> SENDER_TYPES =
            List.of("member", "external", "new_member_proposal", "new_member_commit");
    private static final List<String> LEAF_NODE_SOURCES = List.of("key_package", "update", "commit");
    private static final List<String> NODE_TYPES = List.of("leaf", "parent");
    private static final List<String> PROPOSAL_OR_REF_TYPES = List.of("proposal", "reference");
    private static final List<String> PSK_TYPES = List.of("external", "resumption");
    private static final List<String> PSK_USAGES = List.of("application", "reinit", "branch");

    private Names() {}

    static String none(long value) {
        return "";
    }

    static String version(long value) {
        return known(new ProtocolVersion((int) value).toString());
    }

    static String suite(long value) {
        int code = (int) value;
        return new CipherSuite(code).name().orElse(CodePoints.isGrease(code) ? "GREASE" : UNKNOWN);
    }

    static String extension(long value) {
        return known(new ExtensionType((int) value).toString());
    }

    static String proposal(long value) {
        return known(new ProposalType((int) value).toString());
    }

    static String credential(long value) {
        return known(new CredentialType((int) value).toString());
    }

    static String wireFormat(long value) {
        return of(WIRE_FORMATS, value);
    }

    static String contentType(long value) {
        return of(CONTENT_TYPES, value);
    }

    static String senderType(long value) {
        return of(SENDER_TYPES, value);
    }

    static String leafNodeSource(long value) {
        return of(LEAF_NODE_SOURCES, value);
    }

    static String nodeType(long value) {
        return of(NODE_TYPES, value);
    }

    static String proposalOrRef(long value) {
        return of(PROPOSAL_OR_REF_TYPES, value);
    }

    static String pskType(long value) {
        return of(PSK_TYPES, value);
    }

    static String pskUsage(long value) {
        return of(PSK_USAGES, value);
    }

    /** Seconds since 1970 as a date, where there is one. */
    static String time(long seconds) {
        if (seconds == 0) {
            return "the beginning of 1970";
        }
        if (seconds == -1) {
            return "the end of time";
        }
        try {
            // 9999 in years: what comes later is a way to say "for ever".
            return seconds > 0 && seconds < 253_402_300_800L
                    ? Instant.ofEpochSecond(seconds).toString()
                    : "after the year 9999";
        } catch (DateTimeException e) {
            return "";
        }
    }

    /** Bytes as text in quotation marks, if they are text. */
    static String text(Bytes bytes) {
        if (bytes.isEmpty()) {
            return "";
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            // Control characters could repaint the terminal of whoever inspects a message from a stranger.
            boolean printable = text.codePoints()
                    .allMatch(c -> !Character.isISOControl(c)
                            && Character.isDefined(c)
                            && Character.getType(c) != Character.FORMAT
                            && Character.getType(c) != Character.PRIVATE_USE);
            return printable ? '"' + text + '"' : "";
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    /** The registries print a number that they do not know in hexadecimal. */
    private static String known(String name) {
        return name.startsWith("0x") ? UNKNOWN : name.startsWith("GREASE") ? "GREASE" : name;
    }

    private static String of(List<String> names, long value) {
        return value >= 1 && value <= names.size() ? names.get((int) value - 1) : UNKNOWN;
    }
}
