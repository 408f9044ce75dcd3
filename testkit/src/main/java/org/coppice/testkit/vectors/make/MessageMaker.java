package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.tree.LeafIndex;

/** Messages of leaf 1 in a group of two, protected by the formulas of RFC 9420 §6. */
final class MessageMaker {
    private static final int SENDER = 1;
    private static final int LEAVES = 2;

    private final Recipe recipe;
    private final Bytes groupId;
    private final long epoch;
    private final Bytes context;
    private final Bytes encryptionSecret;
    private final Bytes senderDataSecret;
    private final Bytes membershipKey;
    private final Signer signer;

    private MessageMaker(ObjectNode out, Recipe recipe) throws MlsException {
        this.recipe = recipe;
        this.groupId = recipe.hashBytes();
        this.epoch = recipe.number();
        Bytes treeHash = recipe.hashBytes();
        Bytes transcript = recipe.hashBytes();
        this.context = ScheduleMaker.context(recipe, groupId, epoch, treeHash, transcript);
        this.encryptionSecret = recipe.hashBytes();
        this.senderDataSecret = recipe.hashBytes();
        this.membershipKey = recipe.hashBytes();
        SignatureKeyPair keys = recipe.crypto().generateSignatureKeyPair();
        this.signer = recipe.crypto().signer(keys);
        Recipe.put(out, "group_id", groupId);
        out.put("epoch", epoch);
        Recipe.put(out, "tree_hash", treeHash);
        Recipe.put(out, "confirmed_transcript_hash", transcript);
        Recipe.put(out, "signature_priv", Recipe.privateKey(keys));
        Recipe.put(out, "signature_pub", keys.publicKey().data());
        Recipe.put(out, "encryption_secret", encryptionSecret);
        Recipe.put(out, "sender_data_secret", senderDataSecret);
        Recipe.put(out, "membership_key", membershipKey);
    }

    static void make(ObjectNode out, Recipe recipe) throws MlsException {
        MessageMaker maker = new MessageMaker(out, recipe);
        Proposal proposal = new Proposal.Remove(new LeafIndex(0));
        Commit commit = new Commit(
                List.of(new Commit.ByValue(proposal), new Commit.ByReference(new ProposalRef(recipe.hashBytes()))),
                Optional.empty());
        Bytes application = recipe.bytes(recipe.random().below(100));
        Recipe.put(out, "proposal", proposal);
        maker.put(out, "proposal", new Content.Proposal(proposal));
        Recipe.put(out, "commit", commit);
        maker.put(out, "commit", new Content.Commit(commit));
        Recipe.put(out, "application", application);
        maker.put(out, "application", new Content.Application(application));
    }

    private void put(ObjectNode out, String name, Content content) throws MlsException {
        Recipe.put(out, name + "_priv", new MlsMessage(privateMessage(content)));
        if (content.type() != ContentType.APPLICATION) {
            Recipe.put(out, name + "_pub", new MlsMessage(publicMessage(content)));
        }
    }

    private AuthenticatedContent sign(WireFormat format, Content content) throws MlsException {
        FramedContent framed = FramedContent.of(
                new FramedContent.Header(
                        groupId, epoch, recipe.bytes(recipe.random().below(12))),
                new Sender.Member(new LeafIndex(SENDER)),
                content);
        AuthenticatedContent signed = AuthenticatedContent.sign(format, framed, context, recipe.crypto(), signer);
        return content.type() == ContentType.COMMIT ? signed.withConfirmationTag(recipe.hashBytes()) : signed;
    }

    private PublicMessage publicMessage(Content content) throws MlsException {
        return PublicMessage.protect(
                sign(WireFormat.PUBLIC_MESSAGE, content), context, input -> recipe.mac(membershipKey, input));
    }

    private PrivateMessage privateMessage(Content content) throws MlsException {
        AuthenticatedContent signed = sign(WireFormat.PRIVATE_MESSAGE, content);
        TlsWriter plain = new TlsWriter().struct(content).vector(signed.signature());
        signed.confirmationTag().ifPresent(plain::vector);
        plain.raw(new byte[recipe.random().below(20)]);

        String ratchet = content.type() == ContentType.APPLICATION ? "application" : "handshake";
        int generation = recipe.random().below(3);
        Bytes leaf = SecretTreeMaker.leafSecret(recipe, encryptionSecret, SENDER, LEAVES);
        SecretTreeMaker.Key key = SecretTreeMaker.key(recipe, leaf, ratchet, generation);
        Bytes guard = recipe.bytes(4);
        Bytes data = signed.content().authenticatedData();
        Bytes aad = new TlsWriter()
                .vector(groupId)
                .uint64(epoch)
                .struct(content.type())
                .toBytes();
        Bytes ciphertext = seal(
                key.key(),
                guarded(key.nonce(), guard),
                new TlsWriter().raw(aad).vector(data).toBytes(),
                plain.toBytes());
        Bytes senderData =
                new TlsWriter().uint32(SENDER).uint32(generation).raw(guard).toBytes();
        Bytes encryptedSenderData = seal(
                SecretTreeMaker.senderDataKey(recipe, senderDataSecret, ciphertext),
                SecretTreeMaker.senderDataNonce(recipe, senderDataSecret, ciphertext),
                aad,
                senderData);
        return new PrivateMessage(groupId, epoch, content.type(), data, encryptedSenderData, ciphertext);
    }

    private static Bytes guarded(Bytes nonce, Bytes guard) {
        byte[] out = nonce.toByteArray();
        for (int i = 0; i < guard.length(); i++) {
            out[i] ^= guard.at(i);
        }
        return Bytes.wrap(out);
    }

    private Bytes seal(Bytes key, Bytes nonce, Bytes aad, Bytes plaintext) {
        byte[] plain = plaintext.toByteArray();
        return recipe.crypto().seal(Recipe.secret(key), nonce.toByteArray(), aad, plain, plain.length);
    }
}
