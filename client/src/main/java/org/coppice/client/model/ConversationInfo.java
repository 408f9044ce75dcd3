package org.coppice.client.model;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.ExtensionType;

/**
 * What a conversation's members agree on beside the keys: an extension of the GroupContext, so that the service can neither change it nor
 * tell members different things. {@code struct { uint8 version = 1; opaque name<V>; HandshakePolicy handshakes; uint8 external_joins; }}
 *
 * @param name what the conversation is called, at most 256 bytes of UTF-8
 * @param handshakes how handshake messages travel
 * @param externalJoins who may come in without being added
 */
public record ConversationInfo(String name, HandshakePolicy handshakes, ExternalJoins externalJoins)
        implements Encodable {
    /** The type of the extension, of the range for private use. */
    public static final ExtensionType TYPE = new ExtensionType(0xf0c1);

    /** Who may join by an external Commit, as each member enforces it. */
    public enum ExternalJoins {
        /** A client that is a member and takes its own place again, after it lost its state. */
        RESYNC,
        /** Everyone whom the service lets in. */
        OPEN
    }

    private static final int VERSION = 1;
    private static final int MAX_NAME = 256;

    /** Checks the name. */
    public ConversationInfo {
        Objects.requireNonNull(handshakes, "handshakes");
        Objects.requireNonNull(externalJoins, "externalJoins");
        requireName(name);
    }

    /**
     * The name, if a conversation can be called so.
     *
     * @throws IllegalArgumentException if it is longer than 256 bytes of UTF-8, or is no Unicode text
     */
    public static String requireName(String name) {
        if (!Text.isUnicode(name) || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            throw new IllegalArgumentException("a name is a text of at most " + MAX_NAME + " bytes");
        }
        return name;
    }

    /** The same conversation under another name. */
    public ConversationInfo withName(String value) {
        return new ConversationInfo(value, handshakes, externalJoins);
    }

    /** The extension that carries this. */
    public Extension toExtension() {
        return new Extension(TYPE, Bytes.wrap(encoded()));
    }

    /** What the extensions of a GroupContext say; empty if they say nothing, or in a way that this release cannot read. */
    public static Optional<ConversationInfo> find(Extensions extensions) {
        Decoder<ConversationInfo> decoder = ConversationInfo::decode;
        return extensions.find(TYPE).flatMap(data -> {
            try {
                return Optional.of(decoder.decodeAll(data, DecodeLimits.DEFAULT));
            } catch (DecodeException e) {
                return Optional.empty();
            }
        });
    }

    private static ConversationInfo decode(TlsReader in) throws DecodeException {
        int version = in.uint8();
        if (version != VERSION) {
            throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "conversation info of version " + version);
        }
        try {
            return new ConversationInfo(Text.read(in), HandshakePolicy.decode(in), joins(in));
        } catch (IllegalArgumentException e) {
            throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "conversation info of no valid form");
        }
    }

    private static ExternalJoins joins(TlsReader in) throws DecodeException {
        int value = in.uint8();
        if (value >= ExternalJoins.values().length) {
            throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "external joins " + value);
        }
        return ExternalJoins.values()[value];
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint8(VERSION)
                .vector(name.getBytes(StandardCharsets.UTF_8))
                .struct(handshakes)
                .uint8(externalJoins.ordinal());
    }
}
