package org.coppice.mls.group;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodedSecrets;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.storage.PublicRecords;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreePrivateKeys;

/** Rebuilds a group from its records. */
final class GroupLoader {
    private final MlsClient client;
    private final Map<Bytes, byte[]> records;
    private final DecodedSecrets decoded;
    private final Map<SignaturePublicKey, Signer> signers = new HashMap<>();

    private GroupLoader(
            MlsClient client, Map<Bytes, byte[]> records, List<Signer> formerSigners, DecodedSecrets decoded) {
        this.client = client;
        this.records = records;
        this.decoded = decoded;
        formerSigners.forEach(signer -> signers.put(signer.publicKey(), signer));
        signers.put(client.signer().publicKey(), client.signer());
    }

    static Group load(MlsClient client, Bytes groupId, List<Signer> formerSigners) throws MlsException {
        try (DecodedSecrets decoded = new DecodedSecrets()) {
            return load(client, groupId, formerSigners, decoded);
        }
    }

    /** What fails leaves its secrets with {@code decoded}, which the caller closes. */
    static Group load(MlsClient client, Bytes groupId, List<Signer> formerSigners, DecodedSecrets decoded)
            throws MlsException {
        Map<Bytes, byte[]> records = client.environment().store().load(groupId);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("the store has no group of this id");
        }
        MemberState member = new MemberState(client.environment(), client.crypto());
        boolean done = false;
        try {
            new GroupLoader(client, records, formerSigners, decoded).fill(member);
            decoded.handOver();
            done = true;
            return new Group(member);
        } finally {
            if (!done) {
                member.close();
            }
            records.values().forEach(value -> Arrays.fill(value, (byte) 0));
        }
    }

    private void fill(MemberState member) throws MlsException {
        GroupRecords.Header header = GroupRecords.header(record(new RecordKey.Group()));
        if (!header.suite().equals(client.crypto().suite())) {
            throw new IllegalArgumentException("the group has cipher suite " + header.suite() + ", not this client's");
        }
        member.status = header.status();
        member.reInit = header.reInit();
        member.signer = signer(header.signatureKey());

        GroupRecords.StoredEpoch epoch =
                GroupRecords.epoch(secretRecord(new RecordKey.Epoch(header.epoch())), client.crypto());
        RatchetTree tree = PublicRecords.tree(records, epoch.context(), client.crypto());
        member.state = new GroupState(epoch.context(), tree, epoch.interimTranscriptHash(), epoch.confirmationTag());
        TreePrivateKeys treeKeys = treeKeys(header);
        // Last: from here on its keys are the member's to wipe.
        SecretTree messageKeys = SecretTree.restore(tree.size(), header.epoch(), records, client.crypto());
        member.keys = new EpochKeys(epoch.secrets(), messageKeys, treeKeys);
        member.sent = messageKeys.nextGeneration(header.ownLeaf(), RatchetType.APPLICATION)
                + messageKeys.nextGeneration(header.ownLeaf(), RatchetType.HANDSHAKE);
        fillPast(member, header, tree);
        fillUncommitted(member, header);
    }

    private byte[] record(RecordKey key) throws DecodeException {
        return PublicRecords.record(records, key);
    }

    private TlsReader secretRecord(RecordKey key) throws DecodeException {
        return secretReader(record(key));
    }

    /** Without a copy: {@link #load} wipes the records. */
    private TlsReader secretReader(byte[] record) {
        return decoded.reader(Bytes.wrap(record), PublicRecords.LIMITS);
    }

    private Signer signer(SignaturePublicKey key) {
        Signer signer = signers.get(key);
        if (signer == null) {
            throw new IllegalArgumentException(
                    "the group's signature key is another than this client's: hand over its signer, too");
        }
        return signer;
    }

    private TreePrivateKeys treeKeys(GroupRecords.Header header) throws DecodeException {
        TreeMap<NodeIndex, HpkeKeyPair> pairs = new TreeMap<>();
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            if (RecordKind.TREE_KEY.matches(entry.getKey())) {
                RecordKey.TreeKey key = (RecordKey.TreeKey) RecordKey.parse(entry.getKey());
                pairs.put(new NodeIndex(key.node()), GroupRecords.keyPair(secretReader(entry.getValue())));
            }
        }
        return GroupRecords.restoreKeys(header.ownLeaf(), pairs);
    }

    /** Each past tree from the one after it, by what its epoch's undo record says. */
    private void fillPast(MemberState member, GroupRecords.Header header, RatchetTree present) throws MlsException {
        RatchetTree tree = present;
        for (long past : header.pastEpochs()) {
            tree = PublicRecords.apply(GroupRecords.undo(record(new RecordKey.Undo(past))), tree);
            GroupRecords.StoredEpoch epoch =
                    GroupRecords.epoch(secretRecord(new RecordKey.Epoch(past)), client.crypto());
            if (!tree.treeHash().equals(epoch.context().treeHash())) {
                throw PublicRecords.damaged("a past tree does not have the tree hash of its epoch");
            }
            GroupState state =
                    new GroupState(epoch.context(), tree, epoch.interimTranscriptHash(), epoch.confirmationTag());
            SecretTree messageKeys = SecretTree.restore(tree.size(), past, records, client.crypto());
            member.past.addLast(new PastEpoch(state, epoch.secrets(), messageKeys));
        }
    }

    private void fillUncommitted(MemberState member, GroupRecords.Header header) throws MlsException {
        member.proposals.restore(records, header.epoch());
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            RecordKey key = RecordKey.parse(entry.getKey());
            if (key instanceof RecordKey.ResumptionPsk psk) {
                member.resumptionPsks.put(
                        psk.epoch(), Secret.wrap(entry.getValue().clone()));
            } else if (key instanceof RecordKey.UpdateKey name) {
                fillUpdate(member, name, secretReader(entry.getValue()));
            } else if (key instanceof RecordKey.PendingCommit name) {
                fillPending(member, name, secretReader(entry.getValue()));
            }
        }
    }

    /** A record under another's name could take its place, and leave its keys to nobody. */
    private void fillUpdate(MemberState member, RecordKey.UpdateKey name, TlsReader in) throws DecodeException {
        GroupRecords.StoredUpdate update = GroupRecords.update(in);
        HpkePublicKey publicKey = update.keyPair().publicKey();
        if (!name.id().equals(publicKey.data())) {
            throw PublicRecords.damaged("an Update under the name of another");
        }
        member.updates.put(publicKey, new MemberState.PendingUpdate(update.keyPair(), signer(update.signatureKey())));
    }

    private void fillPending(MemberState member, RecordKey.PendingCommit name, TlsReader in) throws DecodeException {
        StagedCommit commit = StoredCommit.decode(in, member, this::signer);
        if (!name.equals(StoredCommit.key(commit, client.crypto()))) {
            throw PublicRecords.damaged("a pending Commit under the name of another");
        }
        commit.waitIn(member);
    }
}
