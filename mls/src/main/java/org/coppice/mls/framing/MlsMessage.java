package org.coppice.mls.framing;

import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.ProtocolVersion;

/**
 * What goes over the wire (RFC 9420 §6): every object that clients exchange, under one header. Media type {@code message/mls}.
 *
 * @param body what it holds
 */
public record MlsMessage(Body body) implements Encodable {
    /** Checks that nothing is missing. */
    public MlsMessage {
        Objects.requireNonNull(body, "body");
    }

    /** One of the five things that a message can hold. The wire format follows from the arm. */
    public sealed interface Body extends Encodable
            permits PublicMessage, PrivateMessage, Welcome, GroupInfo, KeyPackage {
        /** The number by which the header announces it. */
        WireFormat wireFormat();
    }

    /**
     * A Welcome.
     *
     * @param welcome the Welcome
     */
    public record Welcome(org.coppice.mls.message.Welcome welcome) implements Body {
        /** Checks that nothing is missing. */
        public Welcome {
            Objects.requireNonNull(welcome, "welcome");
        }

        @Override
        public WireFormat wireFormat() {
            return WireFormat.WELCOME;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(welcome);
        }
    }

    /**
     * A GroupInfo.
     *
     * @param groupInfo the GroupInfo
     */
    public record GroupInfo(org.coppice.mls.message.GroupInfo groupInfo) implements Body {
        /** Checks that nothing is missing. */
        public GroupInfo {
            Objects.requireNonNull(groupInfo, "groupInfo");
        }

        @Override
        public WireFormat wireFormat() {
            return WireFormat.GROUP_INFO;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(groupInfo);
        }
    }

    /**
     * A KeyPackage.
     *
     * @param keyPackage the KeyPackage
     */
    public record KeyPackage(org.coppice.mls.message.KeyPackage keyPackage) implements Body {
        /** Checks that nothing is missing. */
        public KeyPackage {
            Objects.requireNonNull(keyPackage, "keyPackage");
        }

        @Override
        public WireFormat wireFormat() {
            return WireFormat.KEY_PACKAGE;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(keyPackage);
        }
    }

    /** Reads {@code MLSMessage}. */
    public static MlsMessage decode(TlsReader in) throws DecodeException {
        int start = in.offset();
        ProtocolVersion version = ProtocolVersion.decode(in);
        if (!version.equals(ProtocolVersion.MLS10)) {
            throw new DecodeException(Rule.UNKNOWN_VERSION, start, "version " + version);
        }
        WireFormat wireFormat = WireFormat.decode(in);
        int bodyStart = in.offset();
        return new MlsMessage(
                switch (wireFormat) {
                    case PUBLIC_MESSAGE -> PublicMessage.decode(in);
                    case PRIVATE_MESSAGE -> PrivateMessage.decode(in);
                    case WELCOME -> new Welcome(org.coppice.mls.message.Welcome.decode(in));
                    case GROUP_INFO -> new GroupInfo(org.coppice.mls.message.GroupInfo.decode(in));
                    case KEY_PACKAGE -> new KeyPackage(keyPackage(in, bodyStart));
                });
    }

    private static org.coppice.mls.message.KeyPackage keyPackage(TlsReader in, int start) throws DecodeException {
        org.coppice.mls.message.KeyPackage keyPackage = org.coppice.mls.message.KeyPackage.decode(in);
        // §10: in an MLSMessage both versions are the same.
        if (!keyPackage.version().equals(ProtocolVersion.MLS10)) {
            throw new DecodeException(
                    Rule.KEY_PACKAGE_VERSION_MISMATCH, start, "a KeyPackage of version " + keyPackage.version());
        }
        return keyPackage;
    }

    /**
     * Decodes a whole message, within {@link DecodeLimits#DEFAULT}.
     *
     * @param input is copied
     * @throws DecodeException if it is malformed
     */
    public static MlsMessage decode(byte[] input) throws DecodeException {
        return decode(Bytes.copyOf(input), DecodeLimits.DEFAULT);
    }

    /**
     * Decodes a whole message.
     *
     * @throws DecodeException if it is malformed or exceeds a limit
     */
    public static MlsMessage decode(Bytes input, DecodeLimits limits) throws DecodeException {
        Decoder<MlsMessage> decoder = MlsMessage::decode;
        return decoder.decodeAll(input, limits);
    }

    /** How it travels. */
    public WireFormat wireFormat() {
        return body.wireFormat();
    }

    /** The Welcome that it holds; empty if it holds something else. */
    public Optional<org.coppice.mls.message.Welcome> welcome() {
        return body instanceof Welcome message ? Optional.of(message.welcome()) : Optional.empty();
    }

    /** The GroupInfo that it holds; empty if it holds something else. */
    public Optional<org.coppice.mls.message.GroupInfo> groupInfo() {
        return body instanceof GroupInfo message ? Optional.of(message.groupInfo()) : Optional.empty();
    }

    /** The KeyPackage that it holds; empty if it holds something else. */
    public Optional<org.coppice.mls.message.KeyPackage> keyPackage() {
        return body instanceof KeyPackage message ? Optional.of(message.keyPackage()) : Optional.empty();
    }

    /** The group that a handshake, application or GroupInfo message is for; empty for the others. */
    public Optional<Bytes> groupId() {
        if (body instanceof PublicMessage message) {
            return Optional.of(message.authenticated().content().groupId());
        }
        if (body instanceof PrivateMessage message) {
            return Optional.of(message.groupId());
        }
        if (body instanceof GroupInfo message) {
            return Optional.of(message.groupInfo().groupContext().groupId());
        }
        return Optional.empty();
    }

    @Override
    public byte[] encoded() {
        TlsWriter out = new TlsWriter(body instanceof PrivateMessage message ? message.sizeHint() : 256);
        encodeTo(out);
        return out.finish();
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(ProtocolVersion.MLS10).struct(wireFormat()).struct(body);
    }
}
