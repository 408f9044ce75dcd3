package org.coppice.client.scenario;

import org.coppice.delivery.api.EntryKind;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;

/** What a delivery service sees of a message that belongs to a group and is no Commit. */
public final class MessageFacts {
    private MessageFacts() {}

    /** The epoch it was sent in. */
    public static long epoch(MlsMessage message) {
        return message.body() instanceof PrivateMessage body
                ? body.epoch()
                : framed(message).epoch();
    }

    /** As what the log has it. */
    public static EntryKind kind(MlsMessage message) {
        ContentType type = message.body() instanceof PrivateMessage body
                ? body.contentType()
                : framed(message).content().type();
        return type == ContentType.APPLICATION ? EntryKind.APPLICATION : EntryKind.PROPOSAL;
    }

    private static FramedContent framed(MlsMessage message) {
        return ((PublicMessage) message.body()).authenticated().content();
    }
}
