package org.coppice.testkit.mutate;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/**
 * Where the parts of FramedContent and its signature are in a message that is opened: alike for PublicMessage and PrivateMessage.
 *
 * @param root the message
 * @param wireFormat its wire format, which the signature covers
 */
record Frame(Field root, int wireFormat) {
    private boolean isPrivate() {
        return wireFormat == 2;
    }

    /** The fields of FramedContent, or of PrivateMessage, which has the same ones. */
    private Field framed() {
        return root.get(isPrivate() ? "body" : "body/content");
    }

    /** Proposal, Commit or application data. */
    Field content() {
        return framed().get("content");
    }

    Bytes groupId() {
        return framed().get("group_id").bytes();
    }

    long senderType() {
        return isPrivate() ? 1 : framed().get("sender/sender_type").number();
    }

    /** The leaf or sender index, if the sender has one. */
    Optional<Field> senderIndex() {
        return isPrivate() ? Optional.of(root.get("body/sender_data/leaf_index")) : framed().find("sender/sender");
    }

    long contentType() {
        return framed().get("content_type").number();
    }

    Field signature() {
        return root.get("body/signature");
    }

    Optional<Field> confirmationTag() {
        return root.find("body/confirmation_tag");
    }

    Optional<Field> membershipTag() {
        return root.find("body/membership_tag");
    }

    private Bytes framedBytes() {
        if (!isPrivate()) {
            return framed().encoded();
        }
        Field body = framed();
        return new TlsWriter()
                .raw(body.get("group_id").encoded())
                .raw(body.get("epoch").encoded())
                .uint8(1)
                .raw(body.get("sender_data/leaf_index").encoded())
                .raw(body.get("authenticated_data").encoded())
                .raw(body.get("content_type").encoded())
                .raw(content().encoded())
                .toBytes();
    }

    /**
     * FramedContentTBS (RFC 9420 §6.1).
     *
     * @param context the encoded GroupContext, which the signature of some senders covers
     */
    Bytes toBeSigned(Bytes context) {
        TlsWriter out = new TlsWriter().uint16(1).uint16(wireFormat).raw(framedBytes());
        long sender = senderType();
        return (sender == 1 || sender == 4 ? out.raw(context) : out).toBytes();
    }

    /** AuthenticatedContentTBM (RFC 9420 §6.2). */
    Bytes toBeMaced(Bytes context) {
        TlsWriter out = new TlsWriter().raw(toBeSigned(context)).raw(signature().encoded());
        confirmationTag().ifPresent(tag -> out.raw(tag.encoded()));
        return out.toBytes();
    }

    /** ConfirmedTranscriptHashInput (RFC 9420 §8.2). */
    Bytes confirmedTranscriptHashInput() {
        return new TlsWriter()
                .uint16(wireFormat)
                .raw(framedBytes())
                .raw(signature().encoded())
                .toBytes();
    }
}
