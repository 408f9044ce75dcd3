package org.coppice.mls.framing;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * A signed and encrypted message of a member (RFC 9420 §6.3).
 *
 * @param groupId the group
 * @param epoch its epoch, an unsigned 64-bit number
 * @param contentType what is inside
 * @param authenticatedData data of the application that are authenticated, not encrypted
 * @param encryptedSenderData who sent it and which key it used, encrypted
 * @param ciphertext content, signature and padding, encrypted
 */
public record PrivateMessage(
        Bytes groupId,
        long epoch,
        ContentType contentType,
        Bytes authenticatedData,
        Bytes encryptedSenderData,
        Bytes ciphertext)
        implements MlsMessage.Body {
    /** Checks that nothing is missing. */
    public PrivateMessage {
        Objects.requireNonNull(groupId, "groupId");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(authenticatedData, "authenticatedData");
        Objects.requireNonNull(encryptedSenderData, "encryptedSenderData");
        Objects.requireNonNull(ciphertext, "ciphertext");
    }

    /** Reads {@code PrivateMessage}. */
    public static PrivateMessage decode(TlsReader in) throws DecodeException {
        return new PrivateMessage(
                in.vector(), in.uint64(), ContentType.decode(in), in.vector(), in.vector(), in.vector());
    }

    @Override
    public WireFormat wireFormat() {
        return WireFormat.PRIVATE_MESSAGE;
    }

    /** About how many bytes the encoding has, and no less. */
    int sizeHint() {
        return 32 + groupId.length() + authenticatedData.length() + encryptedSenderData.length() + ciphertext.length();
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(groupId)
                .uint64(epoch)
                .struct(contentType)
                .vector(authenticatedData)
                .vector(encryptedSenderData)
                .vector(ciphertext);
    }

    /** PrivateContentAAD (RFC 9420 §6.3.1). */
    static Bytes contentAad(FramedContent.Header header, ContentType type) {
        return new TlsWriter(64 + header.authenticatedData().length())
                .vector(header.groupId())
                .uint64(header.epoch())
                .struct(type)
                .vector(header.authenticatedData())
                .finishBytes();
    }

    /** SenderDataAAD (RFC 9420 §6.3.2). */
    static Bytes senderDataAad(FramedContent.Header header, ContentType type) {
        return new TlsWriter(64)
                .vector(header.groupId())
                .uint64(header.epoch())
                .struct(type)
                .finishBytes();
    }

    /** Group, epoch and authenticated data. */
    public FramedContent.Header header() {
        return new FramedContent.Header(groupId, epoch, authenticatedData);
    }
}
