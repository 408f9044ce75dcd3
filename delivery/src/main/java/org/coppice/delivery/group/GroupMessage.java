package org.coppice.delivery.group;

import java.util.Optional;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;

/**
 * What everybody can see of a message to a group.
 *
 * @param message the message
 * @param encoded its encoding
 * @param groupId the group
 * @param epoch the epoch
 * @param kind what it is
 * @param sender who it says it is from; empty if that is encrypted
 * @param content what is in it; empty if that is encrypted
 */
record GroupMessage(
        MlsMessage message,
        Bytes encoded,
        Bytes groupId,
        long epoch,
        EntryKind kind,
        Optional<Sender> sender,
        Optional<Content> content) {
    static GroupMessage of(MlsMessage message) throws DeliveryException {
        Bytes encoded = Bytes.wrap(message.encoded());
        if (message.body() instanceof PrivateMessage body) {
            return new GroupMessage(
                    message,
                    encoded,
                    body.groupId(),
                    body.epoch(),
                    kind(body.contentType()),
                    Optional.empty(),
                    Optional.empty());
        }
        if (message.body() instanceof PublicMessage body) {
            FramedContent content = body.authenticated().content();
            return new GroupMessage(
                    message,
                    encoded,
                    content.groupId(),
                    content.epoch(),
                    kind(content.content().type()),
                    Optional.of(content.sender()),
                    Optional.of(content.content()));
        }
        throw ServiceRule.WRONG_MESSAGE.refusal();
    }

    private static EntryKind kind(ContentType type) {
        return switch (type) {
            case APPLICATION -> EntryKind.APPLICATION;
            case PROPOSAL -> EntryKind.PROPOSAL;
            case COMMIT -> EntryKind.COMMIT;
        };
    }

    boolean isEncrypted() {
        return sender.isEmpty();
    }

    boolean isOfMember() {
        return sender.isPresent() && sender.get() instanceof Sender.Member;
    }
}
