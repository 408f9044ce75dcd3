package org.coppice.mls.group;

import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.WireFormat;

/**
 * How one message is sent.
 *
 * @param authenticatedData data that are authenticated, not encrypted (RFC 9420 §6)
 * @param wireFormat for a handshake message; the group's policy where empty
 * @param padding for a PrivateMessage; the group's policy where empty
 */
public record SendOptions(Bytes authenticatedData, Optional<WireFormat> wireFormat, Optional<PaddingPolicy> padding) {
    /** No authenticated data, everything else by the group's policy. */
    public static final SendOptions DEFAULT = new SendOptions(Bytes.EMPTY, Optional.empty(), Optional.empty());

    /** Checks that the wire format is one of messages. */
    public SendOptions {
        Objects.requireNonNull(authenticatedData, "authenticatedData");
        Objects.requireNonNull(padding, "padding");
        wireFormat.ifPresent(SendOptions::check);
    }

    private static void check(WireFormat format) {
        if (format != WireFormat.PUBLIC_MESSAGE && format != WireFormat.PRIVATE_MESSAGE) {
            throw new IllegalArgumentException("messages travel as PublicMessage or PrivateMessage, not as " + format);
        }
    }

    /** These options with other authenticated data. */
    public SendOptions withAuthenticatedData(Bytes data) {
        return new SendOptions(data, wireFormat, padding);
    }

    /** These options with a wire format of their own. */
    public SendOptions withWireFormat(WireFormat format) {
        return new SendOptions(authenticatedData, Optional.of(format), padding);
    }

    /** These options with a padding of their own. */
    public SendOptions withPadding(PaddingPolicy policy) {
        return new SendOptions(authenticatedData, wireFormat, Optional.of(policy));
    }
}
