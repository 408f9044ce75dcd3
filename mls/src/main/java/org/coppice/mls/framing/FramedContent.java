package org.coppice.mls.framing;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * Content with its group, epoch and sender (RFC 9420 §6). Keeps the encoding, which is signed and hashed. Immutable; equal by
 * encoding.
 */
public final class FramedContent implements Encodable {

    private final Bytes encoding;
    private final int contentOffset;
    private final Bytes groupId;
    private final long epoch;
    private final Sender sender;
    private final Bytes authenticatedData;
    private final Content content;

    private FramedContent(TlsReader in) throws DecodeException {
        int start = in.mark();
        groupId = in.vector();
        epoch = in.uint64();
        sender = Sender.decode(in);
        authenticatedData = in.vector();
        ContentType type = ContentType.decode(in);
        contentOffset = in.since(start).length();
        content = Content.decode(type, in);
        encoding = in.since(start);
    }

    private FramedContent(Header header, Sender sender, Content content, Bytes encoding, int contentOffset) {
        this.groupId = header.groupId();
        this.epoch = header.epoch();
        this.authenticatedData = header.authenticatedData();
        this.sender = sender;
        this.content = content;
        this.encoding = encoding;
        this.contentOffset = contentOffset;
    }

    /**
     * What every message says about itself.
     *
     * @param groupId the group
     * @param epoch its epoch, an unsigned 64-bit number
     * @param authenticatedData data of the application that are authenticated, not encrypted
     */
    public record Header(Bytes groupId, long epoch, Bytes authenticatedData) {
        /** Checks that nothing is missing. */
        public Header {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(authenticatedData, "authenticatedData");
        }
    }

    /** Frames {@code content}. */
    public static FramedContent of(Header header, Sender sender, Content content) {
        TlsWriter out = begin(header, sender, content.type(), sizeHint(content));
        int contentOffset = out.size();
        content.encodeTo(out);
        return new FramedContent(header, sender, content, out.finishBytes(), contentOffset);
    }

    /** Reads {@code FramedContent}. */
    public static FramedContent decode(TlsReader in) throws DecodeException {
        return new FramedContent(in);
    }

    /**
     * Reads the content of a decrypted PrivateMessage and puts the frame around it that its sender signed.
     *
     * @param in stands at the content and is left behind it
     */
    static FramedContent decodePrivate(Header header, Sender sender, ContentType type, TlsReader in)
            throws DecodeException {
        int start = in.mark();
        Content content = Content.decode(type, in);
        Bytes body = in.since(start);
        TlsWriter out = begin(header, sender, type, body.length() + 64);
        int contentOffset = out.size();
        return new FramedContent(header, sender, content, out.raw(body).finishBytes(), contentOffset);
    }

    private static int sizeHint(Content content) {
        return content instanceof Content.Application application
                ? application.data().length() + 64
                : 512;
    }

    private static TlsWriter begin(Header header, Sender sender, ContentType type, int capacity) {
        return new TlsWriter(capacity
                        + header.groupId().length()
                        + header.authenticatedData().length())
                .vector(header.groupId())
                .uint64(header.epoch())
                .struct(sender)
                .vector(header.authenticatedData())
                .struct(type);
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.raw(encoding);
    }

    /** How long the encoding is. */
    int length() {
        return encoding.length();
    }

    /** The content alone, as it stands in a PrivateMessage. */
    Bytes encodedContent() {
        return encoding.slice(contentOffset, encoding.length() - contentOffset);
    }

    /** The group. */
    public Bytes groupId() {
        return groupId;
    }

    /** The epoch, an unsigned 64-bit number. */
    public long epoch() {
        return epoch;
    }

    /** Who claims to have sent it. */
    public Sender sender() {
        return sender;
    }

    /** Data of the application that are authenticated, not encrypted. */
    public Bytes authenticatedData() {
        return authenticatedData;
    }

    /** The content. */
    public Content content() {
        return content;
    }

    /** Group, epoch and authenticated data. */
    public Header header() {
        return new Header(groupId, epoch, authenticatedData);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof FramedContent other && encoding.equals(other.encoding);
    }

    @Override
    public int hashCode() {
        return encoding.hashCode();
    }

    @Override
    public String toString() {
        return "FramedContent[" + content.type() + ", epoch " + Long.toUnsignedString(epoch) + ", " + sender + "]";
    }
}
