package org.coppice.testkit.mutate;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.SenderData;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetLimits;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SenderDataKeys;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Insider;

/** Encrypts an opened PrivateMessage with the keys that its fields name (RFC 9420 §6.3), whether or not it may be sent. */
final class PrivateSealer {
    private final Insider insider;
    private final SuiteCrypto crypto;

    PrivateSealer(Insider insider) {
        this.insider = insider;
        this.crypto = insider.crypto();
    }

    /** A message of the insider, with sender data and content in the clear. */
    Field open(MlsMessage message) throws MlsException {
        PrivateMessage body = (PrivateMessage) message.body();
        PrivateMessageCipher cipher = new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT);
        SenderData senderData = cipher.openSenderData(body, insider.secrets()::senderDataKeys);
        byte[] plaintext;
        RatchetType type =
                body.contentType() == ContentType.APPLICATION ? RatchetType.APPLICATION : RatchetType.HANDSHAKE;
        TlsWriter aad = new TlsWriter()
                .vector(body.groupId())
                .uint64(body.epoch())
                .struct(body.contentType())
                .vector(body.authenticatedData());
        try (PendingKey key = insider.messageKeys()
                .receivingKey(senderData.leafIndex(), type, senderData.generation(), RatchetLimits.DEFAULT)) {
            plaintext =
                    crypto.open(key.key(), key.guardedNonce(senderData.reuseGuard()), aad.toBytes(), body.ciphertext());
        }
        return Schemas.OPEN_PRIVATE_MESSAGE.readAll(
                "message",
                new TlsWriter()
                        .uint16(1)
                        .uint16(2)
                        .raw(aad.toBytes())
                        .struct(senderData)
                        .raw(plaintext)
                        .toBytes());
    }

    /** The message as it goes over the wire. */
    byte[] seal(Field root) {
        Field body = root.get("body");
        TlsWriter plaintext = new TlsWriter()
                .raw(body.get("content").encoded())
                .raw(body.get("signature").encoded());
        body.find("confirmation_tag").ifPresent(tag -> plaintext.raw(tag.encoded()));
        byte[] content = plaintext.raw(body.get("padding").encoded()).toByteArray();
        Bytes ciphertext;
        try (PendingKey key = key(body)) {
            byte[] nonce = key.guardedNonce(body.get("sender_data/reuse_guard").bytes());
            ciphertext = crypto.seal(key.key(), nonce, aad(body, true), content, content.length);
        }
        byte[] senderData = body.get("sender_data").encode();
        Bytes encryptedSenderData;
        try (SenderDataKeys keys = insider.secrets().senderDataKeys(ciphertext)) {
            encryptedSenderData =
                    crypto.seal(keys.key(), keys.nonce().exposeCopy(), aad(body, false), senderData, senderData.length);
        }
        return new TlsWriter()
                .raw(root.get("version").encoded())
                .raw(root.get("wire_format").encoded())
                .raw(aad(body, true))
                .vector(encryptedSenderData)
                .vector(ciphertext)
                .toByteArray();
    }

    /** PrivateContentAAD and SenderDataAAD, which the message also begins with. */
    private static Bytes aad(Field body, boolean ofContent) {
        TlsWriter out = new TlsWriter()
                .raw(body.get("group_id").encoded())
                .raw(body.get("epoch").encoded())
                .raw(body.get("content_type").encoded());
        return (ofContent ? out.raw(body.get("authenticated_data").encoded()) : out).toBytes();
    }

    /** The key of the leaf and generation that the sender data name; where there is none, that of the insider's next message. */
    private PendingKey key(Field body) {
        RatchetType type = body.get("content_type").number() == 1 ? RatchetType.APPLICATION : RatchetType.HANDSHAKE;
        LeafIndex leaf = new LeafIndex(body.get("sender_data/leaf_index").number());
        long generation = body.get("sender_data/generation").number();
        try {
            return insider.messageKeys().receivingKey(leaf, type, generation, RatchetLimits.DEFAULT);
        } catch (ValidationException e) {
            return insider.messageKeys().nextSendingKey(insider.leaf(), type);
        }
    }
}
