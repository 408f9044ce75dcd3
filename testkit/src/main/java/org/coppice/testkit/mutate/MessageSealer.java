package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskInput;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.TranscriptHash;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.testkit.Insider;

/**
 * Makes a changed message of a group right again, from the inside out: leaves and KeyPackages, the path, the signature, the
 * confirmation tag of the epoch that a Commit now leads to, the membership tag. What a mutation fixed stays.
 */
final class MessageSealer {
    private final Insider insider;
    private final Author author;
    private final KeyRing ring;
    private final List<ResolvedProposal> sent;
    private final SuiteCrypto crypto;
    private final GroupState state;
    private PathSealer path;

    /**
     * Who sends a message.
     *
     * @param signer signs it
     * @param leaf what its leaf holds beside the encryption key, for the path of a Commit
     */
    record Author(Signer signer, LeafNode.Content leaf) {}

    /**
     * @param insider knows the secrets of the epoch
     * @param sent the proposals of this epoch that the receiver has
     */
    MessageSealer(Insider insider, Author author, KeyRing ring, List<ResolvedProposal> sent) {
        this.insider = insider;
        this.author = author;
        this.ring = ring;
        this.sent = sent;
        this.crypto = insider.crypto();
        this.state = insider.state();
    }

    /**
     * Signs and tags.
     *
     * @return the epoch_authenticator of the epoch that a Commit leads to, if it leads to one
     */
    Optional<Bytes> seal(Frame frame) throws MlsException {
        Optional<Next> next = Optional.empty();
        if (frame.contentType() == 3 && frame.content().find("proposals").isPresent()) {
            signProposals(frame);
            next = next(frame);
        } else if (frame.contentType() == 2) {
            ring.signProposal(frame.content(), place(frame), author.signer());
        }
        Bytes context = state.encodedContext();
        frame.signature().derive(crypto.signWithLabel(signer(frame), "FramedContentTBS", frame.toBeSigned(context)));
        Optional<Bytes> authenticator = Optional.empty();
        if (next.isPresent()) {
            authenticator = confirm(frame, next.get());
        }
        frame.membershipTag().ifPresent(tag -> tag.derive(insider.secrets().membershipTag(frame.toBeMaced(context))));
        return authenticator;
    }

    private void signProposals(Frame frame) throws CryptoException {
        for (Field entry : frame.content().get("proposals").parts()) {
            Optional<Field> value = entry.find("value");
            if (value.isPresent()) {
                ring.signProposal(value.get(), place(frame), author.signer());
            }
        }
    }

    private KeyRing.Position place(Frame frame) {
        return new KeyRing.Position(
                state.groupId(), frame.senderIndex().map(Field::number).orElse(0L));
    }

    /** The author, but where the message itself names the key. */
    private Signer signer(Frame frame) {
        Optional<Field> leaf = switch ((int) frame.senderType()) {
            case 3 -> frame.content().find("proposal/leaf_node");
            case 4 -> frame.content().find("path/value/leaf_node");
            default -> Optional.empty();
        };
        return leaf.flatMap(ring::of).orElse(author.signer());
    }

    // ---- the epoch that a Commit leads to

    private record Next(Applied applied, RatchetTree tree, Secret commitSecret) {}

    /** Makes the path fit the proposals; empty if the Commit leads nowhere. */
    private Optional<Next> next(Frame frame) throws MlsException {
        Optional<Applied> applied = applied(frame);
        if (applied.isEmpty()) {
            return Optional.empty();
        }
        Optional<Field> value = frame.content().find("path/value");
        if (value.isEmpty()) {
            return Optional.of(new Next(applied.get(), applied.get().tree(), Secret.zeros(crypto.hashLength())));
        }
        if (!canCarryPath(applied.get())) {
            return Optional.empty();
        }
        PathSealer sealer = sealerFor(applied.get());
        Field fresh = sealer.genuine();
        fresh.graft(value.get());
        List<Field> parts = frame.content().get("path").parts();
        parts.set(parts.indexOf(value.get()), fresh);
        return sealer.seal(fresh).map(tree -> new Next(applied.get(), tree, sealer.commitSecret()));
    }

    private Optional<Applied> applied(Frame frame) {
        Decoder<Commit> decoder = Commit::decode;
        try {
            Commit commit = decoder.decodeAll(frame.content().encoded(), DecodeLimits.DEFAULT);
            return Applied.of(state, sender(frame), commit, sent);
        } catch (DecodeException e) {
            return Optional.empty(); // the receiver's decoder will say the same
        }
    }

    private static Sender sender(Frame frame) {
        return frame.senderType() == 1
                ? new Sender.Member(
                        new LeafIndex(frame.senderIndex().orElseThrow().number()))
                : new Sender.NewMemberCommit();
    }

    private static boolean canCarryPath(Applied applied) {
        return applied.tree().leaf(applied.committer()).isPresent()
                || applied.committer().equals(applied.tree().nextFreeLeaf());
    }

    /** The path of the genuine message if it fits: it is made once, and many changed copies of it. */
    private PathSealer sealerFor(Applied applied) throws MlsException {
        if (path != null && path.fits(applied)) {
            return path;
        }
        PathSealer made = new PathSealer(state, applied, author.leaf(), ring, author.signer(), crypto);
        if (path == null) {
            path = made;
        }
        return made;
    }

    private Optional<Bytes> confirm(Frame frame, Next next) throws MlsException {
        Optional<PskSecret> psk = pskSecret(next.applied().psks());
        Optional<InitSecret> init = initSecret(next.applied());
        if (psk.isEmpty() || init.isEmpty() || frame.confirmationTag().isEmpty()) {
            return Optional.empty();
        }
        Bytes confirmed =
                TranscriptHash.confirmed(state.interimTranscriptHash(), frame.confirmedTranscriptHashInput(), crypto);
        GroupContext context = state.context()
                .provisional(next.tree().treeHash(), next.applied().extensions())
                .withConfirmedTranscriptHash(confirmed);
        Bytes encoded = SuiteCrypto.encode(context);
        try (JoinerSecret joiner = JoinerSecret.derive(
                        init.get(), CommitSecret.wrap(next.commitSecret().copy()), encoded, crypto);
                MemberSecret member = MemberSecret.derive(joiner, psk.get(), crypto);
                EpochSecrets secrets = member.epochSecrets(encoded)) {
            frame.confirmationTag().get().derive(secrets.confirmationTag(confirmed));
            return Optional.of(secrets.epochAuthenticator());
        }
    }

    private Optional<InitSecret> initSecret(Applied applied) {
        if (applied.kemOutput().isEmpty()) {
            return Optional.of(insider.secrets().initSecret());
        }
        try {
            return Optional.of(InitSecret.wrap(crypto.externalInit(
                    insider.secrets().externalKeyPair(), applied.kemOutput().get())));
        } catch (CryptoException e) {
            return Optional.empty(); // no point of the curve: the receivers cannot do it either
        }
    }

    private Optional<PskSecret> pskSecret(List<PreSharedKeyId> ids) throws MlsException {
        List<PskInput> inputs = new ArrayList<>();
        for (PreSharedKeyId id : ids) {
            Optional<Secret> key = psk(id);
            if (key.isEmpty()) {
                return Optional.empty();
            }
            inputs.add(new PskInput(SuiteCrypto.encode(id), key.get()));
        }
        return Optional.of(PskSecret.of(inputs, crypto));
    }

    private Optional<Secret> psk(PreSharedKeyId id) {
        if (id instanceof PreSharedKeyId.External external) {
            return House.psk(external.pskId());
        }
        PreSharedKeyId.Resumption resumption = (PreSharedKeyId.Resumption) id;
        boolean present = resumption.pskGroupId().equals(state.groupId()) && resumption.pskEpoch() == state.epoch();
        return present ? Optional.of(insider.secrets().resumptionPsk().copy()) : Optional.empty();
    }
}
