package org.coppice.mls.group;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.storage.PublicRecords;
import org.coppice.mls.storage.StoredProposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeDiff;
import org.coppice.mls.tree.TreePrivateKeys;

/** How an own Commit that waits for the delivery service's order is stored: O(log n), with the secrets of its epoch. */
final class StoredCommit {
    private StoredCommit() {}

    static void put(StagedCommit staged, SuiteCrypto crypto, StateChange.Builder changes) {
        changes.put(key(staged, crypto), encode(staged));
    }

    static RecordKey.PendingCommit key(StagedCommit staged, SuiteCrypto crypto) {
        return new RecordKey.PendingCommit(
                crypto.hash(Bytes.wrap(staged.message().encoded())));
    }

    private static byte[] encode(StagedCommit staged) {
        GroupState next = staged.nextState();
        try (SecretWriter out = new SecretWriter(4096)) {
            out.uint64(staged.base().epoch())
                    .vector(staged.message().encoded())
                    .optional(staged.welcome())
                    .struct(next.context())
                    .vector(next.interimTranscriptHash())
                    .vector(next.confirmationTag());
            PublicRecords.write(next.tree().diff(staged.base().tree()), out);
            out.struct(staged.signer().publicKey());
            staged.secrets().exposeTo(out);
            writeKeys(staged.treeKeys(), out);
            writeEffects(staged.effects(), out);
            return out.toByteArray();
        }
    }

    /** Finds the signer of a key; null if there is none. */
    @FunctionalInterface
    interface Signers {
        Signer of(SignaturePublicKey key);
    }

    static StagedCommit decode(TlsReader in, MemberState member, Signers signers) throws DecodeException {
        long epoch = in.uint64();
        if (epoch != member.state.epoch()) {
            throw in.error(Rule.STORED_STATE, "a pending Commit of another epoch");
        }
        // Copies: the array, with the secrets beside what is public, is wiped after loading.
        MlsMessage message = MlsMessage.decode(in.vector().compact(), in.limits());
        Optional<MlsMessage> welcome = in.optional(MlsMessage::decode);
        if (welcome.isPresent()) {
            welcome = Optional.of(MlsMessage.decode(Bytes.wrap(welcome.get().encoded()), in.limits()));
        }
        GroupContext context = GroupContext.decode(in).compact();
        Bytes interim = in.vector().compact();
        Bytes tag = in.vector().compact();
        RatchetTree tree = PublicRecords.apply(readDiff(in), member.state.tree());
        Signer signer = signers.of(SignaturePublicKey.decode(in));
        EpochSecrets secrets = EpochSecrets.restore(in, member.crypto);
        TreePrivateKeys keys = readKeys(in);
        TlsReader rest = new TlsReader(in.raw(in.remaining()).compact(), in.limits());
        CommitEffects effects = readEffects(rest);
        rest.expectEnd();
        return new StagedCommit(
                        member.state,
                        new GroupState(context, tree, interim, tag),
                        effects,
                        new StagedCommit.Origin.Own(message, welcome))
                .withSecrets(secrets, keys, signer, member.groupInfos);
    }

    private static TreeDiff readDiff(TlsReader in) throws DecodeException {
        int mark = in.mark();
        PublicRecords.readDiff(in);
        return PublicRecords.readDiff(new TlsReader(in.since(mark).compact(), in.limits()));
    }

    private static void writeKeys(TreePrivateKeys keys, SecretWriter out) {
        out.struct(keys.leafIndex());
        int mark = out.open();
        GroupRecords.forEachKey(keys, (node, pair) -> {
            out.uint64(node.value());
            GroupRecords.write(pair, out);
        });
        out.close(mark);
    }

    private static TreePrivateKeys readKeys(TlsReader in) throws DecodeException {
        LeafIndex own = LeafIndex.decode(in);
        TreeMap<NodeIndex, HpkeKeyPair> pairs = new TreeMap<>();
        TlsReader entries = in.sub();
        while (entries.remaining() > 0) {
            NodeIndex node = PublicRecords.nodeIndex(entries);
            if (pairs.put(node, GroupRecords.readKeyPair(entries)) != null) {
                throw entries.error(Rule.STORED_STATE, "two private keys of one node");
            }
        }
        return GroupRecords.restoreKeys(own, pairs);
    }

    private static void writeEffects(CommitEffects effects, TlsWriter out) {
        out.struct(effects.committer());
        int mark = out.open();
        effects.proposals().forEach(proposal -> StoredProposal.write(proposal, out));
        out.close(mark);
        writeMembers(effects.added(), out);
        writeMembers(effects.removed(), out);
        writeMembers(effects.updated(), out);
        out.list(effects.psks());
        out.optional(effects.extensions()).optional(effects.reInit());
    }

    private static CommitEffects readEffects(TlsReader in) throws DecodeException {
        Sender committer = Sender.decode(in);
        List<ResolvedProposal> proposals = in.list(StoredProposal::read);
        List<Member> added = in.list(StoredCommit::readMember);
        List<Member> removed = in.list(StoredCommit::readMember);
        List<Member> updated = in.list(StoredCommit::readMember);
        List<PreSharedKeyId> psks = in.list(PreSharedKeyId::decode);
        Optional<Extensions> extensions = in.optional(Extensions::decode);
        Optional<Proposal.ReInit> reInit = GroupRecords.reInit(in);
        return new CommitEffects(committer, proposals, added, removed, updated, psks, extensions, reInit, false);
    }

    private static void writeMembers(List<Member> members, TlsWriter out) {
        List<Encodable> entries = members.stream()
                .map(member -> (Encodable) w -> w.struct(member.leafIndex()).struct(member.leafNode()))
                .toList();
        out.list(entries);
    }

    private static Member readMember(TlsReader in) throws DecodeException {
        return new Member(LeafIndex.decode(in), LeafNode.decode(in));
    }
}
