package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.storage.PublicRecords;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeDiff;
import org.coppice.mls.tree.TreePrivateKeys;

/**
 * The values of the records of a group, one method to write and one to read each; {@code docs/STATE.md} describes the format.
 */
final class GroupRecords {
    private GroupRecords() {}

    // ---- GROUP

    /** The header of a stored group. */
    record Header(
            CipherSuite suite,
            GroupStatus status,
            LeafIndex ownLeaf,
            long epoch,
            List<Long> pastEpochs,
            SignaturePublicKey signatureKey,
            Optional<Proposal.ReInit> reInit) {}

    static void putHeader(Header header, StateChange.Builder changes) {
        TlsWriter out = new TlsWriter();
        out.uint16(RecordKey.FORMAT_VERSION)
                .struct(header.suite())
                .uint8(header.status().ordinal())
                .struct(header.ownLeaf())
                .uint64(header.epoch());
        int mark = out.open();
        header.pastEpochs().forEach(out::uint64);
        out.close(mark).struct(header.signatureKey()).optional(header.reInit());
        changes.put(new RecordKey.Group(), out.toByteArray());
    }

    static Header header(byte[] stored) throws DecodeException {
        TlsReader in = PublicRecords.reader(stored);
        PublicRecords.checkVersion(in);
        CipherSuite suite = CipherSuite.decode(in);
        int status = in.uint8();
        if (status >= GroupStatus.values().length) {
            throw in.error(Rule.STORED_STATE, "group status " + status);
        }
        LeafIndex ownLeaf = LeafIndex.decode(in);
        long epoch = in.uint64();
        List<Long> past = in.list(TlsReader::uint64);
        SignaturePublicKey signatureKey = SignaturePublicKey.decode(in);
        Optional<Proposal.ReInit> reInit = reInit(in);
        in.expectEnd();
        return new Header(suite, GroupStatus.values()[status], ownLeaf, epoch, past, signatureKey, reInit);
    }

    /** The ReInit that ended a group or would end it; a damaged record may have another proposal in its place. */
    static Optional<Proposal.ReInit> reInit(TlsReader in) throws DecodeException {
        Optional<Proposal> stored = in.optional(Proposal::decode);
        if (stored.isPresent() && !(stored.get() instanceof Proposal.ReInit)) {
            throw in.error(Rule.STORED_STATE, "another proposal in the place of the ReInit");
        }
        return stored.map(Proposal.ReInit.class::cast);
    }

    // ---- EPOCH

    /** An epoch without its tree: context, hashes, secrets. */
    record StoredEpoch(
            GroupContext context, Bytes interimTranscriptHash, Bytes confirmationTag, EpochSecrets secrets) {}

    static void putEpoch(GroupState state, EpochSecrets secrets, StateChange.Builder changes) {
        try (SecretWriter out = new SecretWriter()) {
            out.struct(state.context()).vector(state.interimTranscriptHash()).vector(state.confirmationTag());
            secrets.exposeTo(out);
            changes.put(new RecordKey.Epoch(state.epoch()), out.toByteArray());
        }
    }

    static StoredEpoch epoch(TlsReader in, SuiteCrypto crypto) throws DecodeException {
        // Copies, here and below: the array, with the secrets beside what is public, is wiped after loading.
        GroupContext context = GroupContext.decode(in).compact();
        Bytes interim = in.vector().compact();
        Bytes tag = in.vector().compact();
        EpochSecrets secrets = EpochSecrets.restore(in, crypto);
        in.expectEnd();
        return new StoredEpoch(context, interim, tag, secrets);
    }

    // ---- TREE_NODE, UNDO

    static byte[] undo(TreeDiff diff) {
        TlsWriter out = new TlsWriter();
        PublicRecords.write(diff, out);
        return out.toByteArray();
    }

    static TreeDiff undo(byte[] stored) throws DecodeException {
        TlsReader in = PublicRecords.reader(stored);
        TreeDiff out = PublicRecords.readDiff(in);
        in.expectEnd();
        return out;
    }

    // ---- TREE_KEY, UPDATE_KEY

    static byte[] keyPair(HpkeKeyPair pair) {
        try (SecretWriter out = new SecretWriter()) {
            write(pair, out);
            return out.toByteArray();
        }
    }

    static void write(HpkeKeyPair pair, SecretWriter out) {
        out.struct(pair.publicKey());
        pair.privateKey().exposeTo(out);
    }

    static HpkeKeyPair keyPair(TlsReader in) throws DecodeException {
        HpkeKeyPair out = readKeyPair(in);
        in.expectEnd();
        return out;
    }

    static HpkeKeyPair readKeyPair(TlsReader in) throws DecodeException {
        HpkePublicKey publicKey =
                new HpkePublicKey(HpkePublicKey.decode(in).data().compact());
        return new HpkeKeyPair(Secret.decode(in), publicKey);
    }

    /** An Update that waits: who will sign, and the key pair. */
    record StoredUpdate(SignaturePublicKey signatureKey, HpkeKeyPair keyPair) {}

    static void putUpdate(MemberState.PendingUpdate update, StateChange.Builder changes) {
        try (SecretWriter out = new SecretWriter()) {
            out.struct(update.signer().publicKey());
            write(update.keyPair(), out);
            changes.put(new RecordKey.UpdateKey(update.keyPair().publicKey().data()), out.toByteArray());
        }
    }

    static StoredUpdate update(TlsReader in) throws DecodeException {
        SignaturePublicKey signatureKey =
                new SignaturePublicKey(SignaturePublicKey.decode(in).data().compact());
        StoredUpdate out = new StoredUpdate(signatureKey, readKeyPair(in));
        in.expectEnd();
        return out;
    }

    // ---- a whole group

    /** Everything of a group, as when it has just been created or joined; for a group that has lived, what is stored of it. */
    static void putAll(MemberState member, StateChange.Builder changes) {
        GroupState state = member.state;
        putHeader(
                header(
                        member,
                        state.epoch(),
                        member.past.stream().map(past -> past.state().epoch()).toList()),
                changes);
        PublicRecords.putWholeTree(state.tree(), changes);
        forEachKey(
                member.keys.treeKeys(),
                (node, pair) -> changes.put(new RecordKey.TreeKey(node.value()), keyPair(pair)));
        putEpoch(state, member.keys.secrets(), changes);
        member.keys.messageKeys().recordAll(changes, state.epoch());
        putPast(member, changes);
        member.resumptionPsks.recordAll(changes);
        putUncommitted(member, changes);
    }

    private static void putPast(MemberState member, StateChange.Builder changes) {
        RatchetTree later = member.state.tree();
        for (PastEpoch past : member.past) {
            GroupState state = past.state();
            putEpoch(state, past.secrets(), changes);
            changes.put(new RecordKey.Undo(state.epoch()), undo(state.tree().diff(later)));
            past.messageKeys().recordAll(changes, state.epoch());
            later = state.tree();
        }
    }

    private static void putUncommitted(MemberState member, StateChange.Builder changes) {
        member.proposals.recordAll(member.state.epoch(), changes);
        member.updates.values().forEach(update -> putUpdate(update, changes));
        member.pending.values().forEach(staged -> StoredCommit.put(staged, member.crypto, changes));
    }

    /** All private keys of a member, its leaf's first. */
    static void forEachKey(TreePrivateKeys keys, BiConsumer<NodeIndex, HpkeKeyPair> out) {
        out.accept(keys.leafIndex().toNodeIndex(), keys.leafKey());
        keys.forEachPathKey(out);
    }

    /** The private keys of a member from all of them, its leaf's included, as {@link #forEachKey} gave them. */
    static TreePrivateKeys restoreKeys(LeafIndex own, Map<NodeIndex, HpkeKeyPair> pairs) throws DecodeException {
        Map<NodeIndex, HpkeKeyPair> path = new TreeMap<>(pairs);
        HpkeKeyPair leafKey = path.remove(own.toNodeIndex());
        if (leafKey == null) {
            throw new DecodeException(Rule.STORED_STATE, 0, "the own leaf's private key is missing");
        }
        try {
            return TreePrivateKeys.restore(own, leafKey, path);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Rule.STORED_STATE, 0, "a private key of a node that is not above the own leaf");
        }
    }

    static Header header(MemberState member, long epoch, List<Long> pastEpochs) {
        return new Header(
                member.crypto.suite(),
                member.status,
                member.ownLeaf(),
                epoch,
                new ArrayList<>(pastEpochs),
                member.signer.publicKey(),
                member.reInit);
    }
}
