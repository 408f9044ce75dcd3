package org.coppice.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
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
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.PskInput;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.schedule.TranscriptHash;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateStore;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.PathBuilder;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.UpdatePath;

/**
 * A member who breaks rules: it has the secrets of an honest member's present epoch, copied from that member's store, and signs,
 * tags and encrypts whatever it is told to. So each malformed message is right in everything but the one thing under test.
 */
public final class Insider {
    private final SuiteCrypto crypto;
    private final GroupState state;
    private final LeafIndex leaf;
    private final Signer signer;
    private final EpochSecrets secrets;
    private final SecretTree messageKeys;

    private Insider(
            SuiteCrypto crypto,
            GroupState state,
            LeafIndex leaf,
            Signer signer,
            EpochSecrets secrets,
            SecretTree messageKeys) {
        this.crypto = crypto;
        this.state = state;
        this.leaf = leaf;
        this.signer = signer;
        this.secrets = secrets;
        this.messageKeys = messageKeys;
    }

    /**
     * Copies what {@code client}'s store holds of the present epoch of {@code group}.
     *
     * @throws DecodeException if the store's records are damaged
     */
    public static Insider of(MlsClient client, Group group) throws DecodeException {
        StateStore store = client.environment().store();
        Map<Bytes, byte[]> records = store.load(group.groupId());
        GroupState state = group.state();
        byte[] stored = records.get(new RecordKey.Epoch(state.epoch()).toBytes());
        TlsReader in = new TlsReader(Bytes.copyOf(stored), DecodeLimits.DEFAULT);
        GroupContext.decode(in);
        in.vector();
        in.vector();
        EpochSecrets secrets = EpochSecrets.restore(in, client.crypto());
        SecretTree messageKeys = SecretTree.restore(state.tree().size(), state.epoch(), records, client.crypto());
        return new Insider(client.crypto(), state, group.ownLeaf(), client.signer(), secrets, messageKeys);
    }

    /**
     * Somebody with the secrets of an epoch, wherever he has them from.
     *
     * @param leaf the member that he claims to be
     * @param signer signs for him
     */
    public static Insider of(
            SuiteCrypto crypto,
            GroupState state,
            LeafIndex leaf,
            Signer signer,
            EpochSecrets secrets,
            SecretTree messageKeys) {
        return new Insider(crypto, state, leaf, signer, secrets, messageKeys);
    }

    /** The same insider claiming to stand at another leaf, still signing with its own key. */
    public Insider at(LeafIndex other) {
        return new Insider(crypto, state, other, signer, secrets, messageKeys);
    }

    /** The same insider signing with another key. */
    public Insider signingWith(Signer other) {
        return new Insider(crypto, state, leaf, other, secrets, messageKeys);
    }

    /** The operations of the suite. */
    public SuiteCrypto crypto() {
        return crypto;
    }

    /** The public state of the epoch. */
    public GroupState state() {
        return state;
    }

    /** The leaf it sends from. */
    public LeafIndex leaf() {
        return leaf;
    }

    /** Who signs for it. */
    public Signer signer() {
        return signer;
    }

    /** The secrets of the epoch. */
    public EpochSecrets secrets() {
        return secrets;
    }

    /** The message keys of the epoch, as far as the honest member had not used them up. */
    public SecretTree messageKeys() {
        return messageKeys;
    }

    /** Group, epoch and no authenticated data. */
    public FramedContent.Header header() {
        return new FramedContent.Header(state.groupId(), state.epoch(), Bytes.EMPTY);
    }

    /** Content of this member, signed under the present GroupContext. */
    public AuthenticatedContent sign(WireFormat wireFormat, Content content) throws CryptoException {
        return sign(wireFormat, FramedContent.of(header(), new Sender.Member(leaf), content));
    }

    /** Any framed content, signed under the present GroupContext. */
    public AuthenticatedContent sign(WireFormat wireFormat, FramedContent framed) throws CryptoException {
        return AuthenticatedContent.sign(wireFormat, framed, state.encodedContext(), crypto, signer);
    }

    /** A PublicMessage of signed content, with the right membership tag. */
    public MlsMessage publicMessage(AuthenticatedContent content) {
        return new MlsMessage(PublicMessage.protect(content, state.encodedContext(), secrets::membershipTag));
    }

    /** A PrivateMessage of signed content, with the next key of this member's ratchet. */
    public MlsMessage privateMessage(AuthenticatedContent content, PaddingPolicy padding) {
        RatchetType type = content.content().content().type() == ContentType.APPLICATION
                ? RatchetType.APPLICATION
                : RatchetType.HANDSHAKE;
        try (PendingKey key = messageKeys.nextSendingKey(leaf, type)) {
            MlsMessage message = new MlsMessage(new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT)
                    .seal(
                            content,
                            new PrivateMessageCipher.MessageKey(key.generation(), key.key(), key.nonce()),
                            secrets::senderDataKeys,
                            padding));
            key.confirm();
            return message;
        }
    }

    /** A PublicMessage with any proposal of this member. */
    public MlsMessage proposal(Proposal proposal) throws CryptoException {
        return publicMessage(sign(WireFormat.PUBLIC_MESSAGE, new Content.Proposal(proposal)));
    }

    /** A PublicMessage with a Commit of these proposals by value; its confirmation tag is random. */
    public MlsMessage commit(List<Proposal> proposals, Optional<UpdatePath> path) throws CryptoException {
        List<Commit.ProposalOrRef> entries = proposals.stream()
                .map(proposal -> (Commit.ProposalOrRef) new Commit.ByValue(proposal))
                .toList();
        return commit(new Commit(entries, path));
    }

    /** A PublicMessage with this Commit; its confirmation tag is random. */
    public MlsMessage commit(Commit commit) throws CryptoException {
        Bytes tag = Bytes.wrap(crypto.randomness().bytes(crypto.hashLength()));
        return publicMessage(
                sign(WireFormat.PUBLIC_MESSAGE, new Content.Commit(commit)).withConfirmationTag(tag));
    }

    /** A PublicMessage with a Commit that members accept: it has no path and mixes in the resumption_psk of the epoch. */
    public MlsMessage confirmedCommit() throws MlsException {
        PreSharedKeyId id = new PreSharedKeyId.Resumption(
                ResumptionPskUsage.APPLICATION,
                state.groupId(),
                state.epoch(),
                Bytes.wrap(crypto.randomness().bytes(crypto.hashLength())));
        Commit commit = new Commit(List.of(new Commit.ByValue(new Proposal.PreSharedKey(id))), Optional.empty());
        AuthenticatedContent signed = sign(WireFormat.PUBLIC_MESSAGE, new Content.Commit(commit));
        Bytes confirmed =
                TranscriptHash.confirmed(state.interimTranscriptHash(), signed.confirmedTranscriptHashInput(), crypto);
        Bytes context = SuiteCrypto.encode(state.context()
                .provisional(state.tree().treeHash(), state.context().extensions())
                .withConfirmedTranscriptHash(confirmed));
        try (PskSecret psk =
                        PskSecret.of(List.of(new PskInput(SuiteCrypto.encode(id), secrets.resumptionPsk())), crypto);
                JoinerSecret joiner =
                        JoinerSecret.derive(secrets.initSecret(), CommitSecret.none(crypto), context, crypto);
                MemberSecret member = MemberSecret.derive(joiner, psk, crypto);
                EpochSecrets next = member.epochSecrets(context)) {
            return publicMessage(signed.withConfirmationTag(next.confirmationTag(confirmed)));
        }
    }

    /** A path of this member on any tree, right in itself: keys, parent hashes and leaf; no Add is spared of its ciphertexts. */
    public UpdatePath path(RatchetTree provisional) throws MlsException {
        LeafNode.Content content = provisional.leaf(leaf).orElseThrow().content();
        try (PreparedPath path =
                PathBuilder.prepare(provisional, leaf, content, state.groupId(), crypto, signer, null)) {
            GroupContext context = state.context()
                    .provisional(path.tree().treeHash(), state.context().extensions());
            return path.encrypt(SuiteCrypto.encode(context), Set.of(), Workers.sequential());
        }
    }

    /**
     * A genuine Commit of this member with its content changed, signed and tagged again. The confirmation tag stays: it is right
     * only if nothing that enters the transcript was changed.
     *
     * @param genuine a PublicMessage
     */
    public MlsMessage alter(MlsMessage genuine, UnaryOperator<Commit> change) throws CryptoException {
        AuthenticatedContent content = ((PublicMessage) genuine.body()).authenticated();
        Commit commit = ((Content.Commit) content.content().content()).commit();
        AuthenticatedContent signed = sign(
                WireFormat.PUBLIC_MESSAGE,
                FramedContent.of(
                        content.content().header(),
                        content.content().sender(),
                        new Content.Commit(change.apply(commit))));
        return publicMessage(
                signed.withConfirmationTag(content.confirmationTag().orElseThrow()));
    }
}
