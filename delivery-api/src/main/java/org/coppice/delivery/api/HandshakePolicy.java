package org.coppice.delivery.api;

import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/** Whether the service can read a group's handshake messages (RFC 9750 §6.4). */
public enum HandshakePolicy implements Encodable {
    /** Handshakes travel as PublicMessage: the service follows the tree and refuses what the members would refuse. */
    PUBLIC(1),
    /** Handshakes travel as PrivateMessage: the service orders them, and believes the committer about who comes and goes. */
    PRIVATE(2);

    private final int value;

    HandshakePolicy(int value) {
        this.value = value;
    }

    /** Reads the number. */
    public static HandshakePolicy decode(TlsReader in) throws DecodeException {
        int offset = in.offset();
        int value = in.uint8();
        for (HandshakePolicy policy : values()) {
            if (policy.value == value) {
                return policy;
            }
        }
        throw Nested.unknownTag(value, offset, "handshake policy");
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint8(value);
    }
}
