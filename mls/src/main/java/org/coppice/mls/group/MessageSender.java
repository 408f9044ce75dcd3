package org.coppice.mls.group;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.state.StateChange;

/** Signs and protects what this member sends in the present epoch (RFC 9420 §6). */
final class MessageSender {
    private final MemberState member;
    private final PrivateMessageCipher cipher;

    MessageSender(MemberState member) {
        this.member = member;
        this.cipher = new PrivateMessageCipher(member.crypto, member.environment.limits());
    }

    /** Frames and signs content under the present GroupContext. */
    AuthenticatedContent sign(Content content, SendOptions options) throws CryptoException {
        FramedContent.Header header =
                new FramedContent.Header(member.state.groupId(), member.state.epoch(), options.authenticatedData());
        FramedContent framed = FramedContent.of(header, new Sender.Member(member.ownLeaf()), content);
        return AuthenticatedContent.sign(
                wireFormat(content, options), framed, member.state.encodedContext(), member.crypto, member.signer);
    }

    private WireFormat wireFormat(Content content, SendOptions options) {
        // §6: application data travels as PrivateMessage only.
        if (content.type() == ContentType.APPLICATION) {
            return WireFormat.PRIVATE_MESSAGE;
        }
        return options.wireFormat().orElse(member.environment.policy().handshakeWireFormat());
    }

    /**
     * A protected message, and the key it used. The key's position is stored before the message leaves the process, and consumed
     * in memory once it is stored.
     */
    static final class Protected implements AutoCloseable {
        private final MlsMessage message;
        private final PendingKey key;

        private Protected(MlsMessage message, PendingKey key) {
            this.message = message;
            this.key = key;
        }

        MlsMessage message() {
            return message;
        }

        /** Whether it is a PrivateMessage. */
        boolean usesRatchet() {
            return key != null;
        }

        void record(StateChange.Builder changes, long epoch) {
            if (key != null) {
                key.record(changes, epoch);
            }
        }

        void confirm() {
            if (key != null) {
                key.confirm();
            }
        }

        @Override
        public void close() {
            if (key != null) {
                key.close();
            }
        }
    }

    /**
     * Protects signed content, complete with its confirmation tag if it is a Commit.
     *
     * @throws ValidationException if a limit of the AEAD would be exceeded
     */
    Protected protect(AuthenticatedContent content, SendOptions options) throws ValidationException {
        if (content.wireFormat() == WireFormat.PUBLIC_MESSAGE) {
            PublicMessage message =
                    PublicMessage.protect(content, member.state.encodedContext(), member.keys.secrets()::membershipTag);
            return new Protected(new MlsMessage(message), null);
        }
        GroupPolicy policy = member.environment.policy();
        Bytes aad = options.authenticatedData();
        // §6.3.1, §15.2: stay within what the AEAD may be used for.
        if (member.sent >= policy.maxMessagesPerEpoch()) {
            throw new ValidationException(Rule.AEAD_LIMIT, member.sent + " messages in this epoch");
        }
        int size = content.encodedLength();
        if (size > policy.maxMessageBytes() || aad.length() > policy.maxMessageBytes()) {
            throw new ValidationException(Rule.AEAD_LIMIT, "a message of " + size + " bytes");
        }
        PaddingPolicy padding = options.padding().orElse(policy.padding());
        RatchetType type = content.content().content().type() == ContentType.APPLICATION
                ? RatchetType.APPLICATION
                : RatchetType.HANDSHAKE;
        PendingKey key = member.keys.messageKeys().nextSendingKey(member.ownLeaf(), type);
        boolean done = false;
        try {
            PrivateMessageCipher.MessageKey messageKey =
                    new PrivateMessageCipher.MessageKey(key.generation(), key.key(), key.nonce());
            MlsMessage message =
                    new MlsMessage(cipher.seal(content, messageKey, member.keys.secrets()::senderDataKeys, padding));
            done = true;
            return new Protected(message, key);
        } finally {
            if (!done) {
                key.close();
            }
        }
    }

    /** Signs, protects, stores and consumes: one message that changes nothing else. */
    MlsMessage send(Content content, SendOptions options, StateChange.Builder changes)
            throws CryptoException, ValidationException {
        try (Protected out = protect(sign(content, options), options)) {
            complete(out, changes);
            return out.message();
        }
    }

    /** Stores the key's position together with {@code changes}, then consumes the key in memory. */
    void complete(Protected out, StateChange.Builder changes) {
        out.record(changes, member.state.epoch());
        member.write(changes);
        out.confirm();
        if (out.usesRatchet()) {
            member.sent++;
        }
    }
}
