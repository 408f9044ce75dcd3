package org.coppice.testkit.vectors;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.SenderData;
import org.coppice.mls.framing.VerifiedContent;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetLimits;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.tree.LeafIndex;

/** PublicMessage and PrivateMessage, given ones and new ones (RFC 9420 §6). The sender is leaf 1 of two. */
final class MessageProtectionCheck {
    private static final LeafIndex SENDER = new LeafIndex(1);
    private static final int LEAVES = 2;

    private final Fields vector;
    private final SuiteCrypto crypto;
    private final Bytes groupContext;
    private final EpochSecrets secrets;
    private final SignaturePublicKey publicKey;
    private final Signer signer;
    private final PrivateMessageCipher cipher;

    private MessageProtectionCheck(Fields vector, SuiteCrypto crypto) throws VectorMismatch, MlsException {
        this.vector = vector;
        this.crypto = crypto;
        this.groupContext = SuiteCrypto.encode(new GroupContext(
                ProtocolVersion.MLS10,
                crypto.suite(),
                vector.bytes("group_id"),
                vector.number("epoch"),
                vector.bytes("tree_hash"),
                vector.bytes("confirmed_transcript_hash"),
                Extensions.EMPTY));
        Map<StoredSecrets.Name, Bytes> known = new EnumMap<>(StoredSecrets.Name.class);
        known.put(StoredSecrets.Name.SENDER_DATA, vector.bytes("sender_data_secret"));
        known.put(StoredSecrets.Name.MEMBERSHIP, vector.bytes("membership_key"));
        this.secrets = StoredSecrets.toEpochSecrets(known, crypto);
        this.publicKey = new SignaturePublicKey(vector.bytes("signature_pub"));
        this.signer = crypto.signer(PrivateKeys.signature(vector.secret("signature_priv"), publicKey, crypto));
        this.cipher = new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT);
    }

    static void verify(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        MessageProtectionCheck check = new MessageProtectionCheck(vector, setting.crypto());
        check.handshake("proposal", new Content.Proposal(vector.decoded("proposal", Proposal::decode)));
        check.handshake("commit", new Content.Commit(vector.decoded("commit", Commit::decode)));
        check.application();
    }

    private void handshake(String name, Content content) throws VectorMismatch, MlsException {
        PublicMessage given = body(name + "_pub", PublicMessage.class);
        verifyPublic(name + "_pub", given, content);
        Optional<Bytes> tag = given.authenticated().confirmationTag();

        AuthenticatedContent signed = sign(WireFormat.PUBLIC_MESSAGE, content, tag);
        PublicMessage own = PublicMessage.protect(signed, groupContext, secrets::membershipTag);
        verifyPublic(name + ", own PublicMessage", reread(own, PublicMessage.class), content);
        privateMessages(name, content, tag);
    }

    private void application() throws VectorMismatch, MlsException {
        Content content = new Content.Application(vector.bytes("application"));
        privateMessages("application", content, Optional.empty());
        AuthenticatedContent signed = sign(WireFormat.PUBLIC_MESSAGE, content, Optional.empty());
        try {
            PublicMessage.protect(signed, groupContext, secrets::membershipTag);
        } catch (IllegalArgumentException e) {
            return;
        }
        throw new VectorMismatch("application data were protected as PublicMessage");
    }

    private void privateMessages(String name, Content content, Optional<Bytes> tag)
            throws VectorMismatch, MlsException {
        verifyPrivate(name + "_priv", body(name + "_priv", PrivateMessage.class), content);
        AuthenticatedContent signed = sign(WireFormat.PRIVATE_MESSAGE, content, tag);
        try (PendingKey key = secretTree().nextSendingKey(SENDER, ratchet(content))) {
            PrivateMessage own = cipher.seal(
                    signed,
                    new PrivateMessageCipher.MessageKey(key.generation(), key.key(), key.nonce()),
                    secrets::senderDataKeys,
                    PaddingPolicy.step(64));
            verifyPrivate(name + ", own PrivateMessage", reread(own, PrivateMessage.class), content);
        }
    }

    // ---- messages

    private <T extends MlsMessage.Body> T body(String name, Class<T> type) throws VectorMismatch {
        MlsMessage message = vector.decoded(name, MlsMessage::decode);
        if (!type.isInstance(message.body())) {
            throw new VectorMismatch(name + " holds a " + message.wireFormat());
        }
        return type.cast(message.body());
    }

    /** The same message as its receivers see it. */
    private static <T extends MlsMessage.Body> T reread(T body, Class<T> type) throws DecodeException {
        MlsMessage message = MlsMessage.decode(new MlsMessage(body).encoded());
        return type.cast(message.body());
    }

    private AuthenticatedContent sign(WireFormat format, Content content, Optional<Bytes> tag)
            throws VectorMismatch, MlsException {
        FramedContent.Header header =
                new FramedContent.Header(vector.bytes("group_id"), vector.number("epoch"), Bytes.EMPTY);
        FramedContent framed = FramedContent.of(header, new Sender.Member(SENDER), content);
        AuthenticatedContent signed = AuthenticatedContent.sign(format, framed, groupContext, crypto, signer);
        return tag.isPresent() ? signed.withConfirmationTag(tag.get()) : signed;
    }

    private void verifyPublic(String what, PublicMessage message, Content content) throws VectorMismatch, MlsException {
        secrets.verifyMembershipTag(
                message.membershipTagInput(groupContext),
                message.membershipTag().orElseThrow(() -> new VectorMismatch(what + " has no membership_tag")));
        verifyContent(what, message.authenticated(), content);
    }

    private void verifyPrivate(String what, PrivateMessage message, Content content)
            throws VectorMismatch, MlsException {
        SenderData sender = cipher.openSenderData(message, secrets::senderDataKeys);
        Expect.equal(what + ", sender", SENDER, sender.leafIndex());
        try (PendingKey key =
                secretTree().receivingKey(SENDER, ratchet(content), sender.generation(), RatchetLimits.DEFAULT)) {
            AuthenticatedContent opened = cipher.open(
                    message, sender, new PrivateMessageCipher.MessageKey(key.generation(), key.key(), key.nonce()));
            verifyContent(what, opened, content);
        }
    }

    private void verifyContent(String what, AuthenticatedContent authenticated, Content content) throws VectorMismatch {
        VerifiedContent verified = authenticated
                .verify(publicKey, groupContext, crypto)
                .orElseThrow(() -> new VectorMismatch("the signature of " + what + " does not verify"));
        Expect.equal(what + ", sender", new Sender.Member(SENDER), verified.sender());
        Expect.equal(what + ", content", SuiteCrypto.encode(content), SuiteCrypto.encode(verified.content()));
    }

    private SecretTree secretTree() throws VectorMismatch {
        return SecretTree.of(vector.secret("encryption_secret"), LEAVES, crypto);
    }

    private static RatchetType ratchet(Content content) {
        return content.type() == ContentType.APPLICATION ? RatchetType.APPLICATION : RatchetType.HANDSHAKE;
    }
}
