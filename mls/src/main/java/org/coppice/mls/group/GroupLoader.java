package org.coppice.mls.group;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeNode;
import org.coppice.mls.tree.TreePrivateKeys;

/** Rebuilds a group from its records. */
final class GroupLoader {
    private final MlsClient client;
    private final Map<Bytes, byte[]> records;
    private final Map<SignaturePublicKey, Signer> signers = new HashMap<>();

    private GroupLoader(MlsClient client, Map<Bytes, byte[]> records, List<Signer> formerSigners) {
        this.client = client;
        this.records = records;
        formerSigners.forEach(signer -> signers.put(signer.publicKey(), signer));
        signers.put(client.signer().publicKey(), client.signer());
    }

    static Group load(MlsClient client, Bytes groupId, List<Signer> formerSigners) throws MlsException {
        Map<Bytes, byte[]> records = client.environment().store().load(groupId);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("the store has no group of this id");
        }
        MemberState member = new MemberState(client.environment(), client.crypto());
        boolean done = false;
        try {
            new GroupLoader(client, records, formerSigners).fill(member);
            done = true;
            return new Group(member);
        } finally {
            if (!done) {
                member.close();
            }
            records.values().forEach(value -> java.util.Arrays.fill(value, (byte) 0));
        }
    }

    private void fill(MemberState member) throws MlsException {
        GroupRecords.Header header = GroupRecords.header(record(new RecordKey.Group()));
        if (!header.suite().equals(client.crypto().suite())) {
            throw damaged("the group has cipher suite " + header.suite());
        }
        member.status = header.status();
        member.reInit = header.reInit();
        member.signer = signer(header.signatureKey());

        GroupRecords.StoredEpoch epoch =
                GroupRecords.epoch(record(new RecordKey.Epoch(header.epoch())), client.crypto());
        RatchetTree tree = tree();
        if (!tree.treeHash().equals(epoch.context().treeHash())) {
            throw damaged("the stored tree does not have the tree hash of the epoch");
        }
        member.state = new GroupState(epoch.context(), tree, epoch.interimTranscriptHash(), epoch.confirmationTag());
        SecretTree messageKeys = SecretTree.restore(tree.size(), header.epoch(), records, client.crypto());
        member.keys = new EpochKeys(epoch.secrets(), messageKeys, treeKeys(header));
        member.sent = messageKeys.nextGeneration(header.ownLeaf(), RatchetType.APPLICATION)
                + messageKeys.nextGeneration(header.ownLeaf(), RatchetType.HANDSHAKE);
        fillPast(member, header, tree);
        fillUncommitted(member, header);
    }

    private byte[] record(RecordKey key) throws DecodeException {
        byte[] value = records.get(key.toBytes());
        if (value == null) {
            throw damaged("a record of kind " + key.kind() + " is missing");
        }
        return value;
    }

    private static DecodeException damaged(String what) {
        return new DecodeException(Rule.STORED_STATE, 0, what);
    }

    private Signer signer(SignaturePublicKey key) {
        Signer signer = signers.get(key);
        if (signer == null) {
            throw new IllegalArgumentException(
                    "the group's signature key is another than this client's: hand over its signer, too");
        }
        return signer;
    }

    /** All nodes; the leftmost 2^d leaves that hold the last occupied one are the tree. */
    private RatchetTree tree() throws DecodeException {
        TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            if (RecordKind.TREE_NODE.matches(entry.getKey())) {
                RecordKey.TreeNode key = (RecordKey.TreeNode) RecordKey.parse(entry.getKey());
                TreeNode node = TreeNode.decode(GroupRecords.reader(entry.getValue()));
                if (key.node() < 0
                        || key.node() >= 1L << 33
                        || node instanceof TreeNode.Leaf != (key.node() % 2 == 0)) {
                    throw damaged("a tree node at the wrong place");
                }
                nodes.put(new NodeIndex(key.node()), node);
            }
        }
        if (nodes.isEmpty()) {
            throw damaged("the tree has no nodes");
        }
        long size = 1;
        while (2 * size - 1 <= nodes.lastKey().value()) {
            size *= 2;
        }
        try {
            return RatchetTree.fromNodes(size, nodes, client.crypto());
        } catch (IllegalArgumentException e) {
            throw damaged("the stored nodes are not a tree");
        }
    }

    private TreePrivateKeys treeKeys(GroupRecords.Header header) throws DecodeException {
        TreeMap<NodeIndex, HpkeKeyPair> pairs = new TreeMap<>();
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            if (RecordKind.TREE_KEY.matches(entry.getKey())) {
                RecordKey.TreeKey key = (RecordKey.TreeKey) RecordKey.parse(entry.getKey());
                pairs.put(new NodeIndex(key.node()), GroupRecords.keyPair(entry.getValue()));
            }
        }
        return GroupRecords.restoreKeys(header.ownLeaf(), pairs);
    }

    /** Each past tree from the one after it, by what its epoch's undo record says. */
    private void fillPast(MemberState member, GroupRecords.Header header, RatchetTree present) throws MlsException {
        RatchetTree tree = present;
        for (long past : header.pastEpochs()) {
            tree = tree.apply(GroupRecords.undo(record(new RecordKey.Undo(past))));
            GroupRecords.StoredEpoch epoch = GroupRecords.epoch(record(new RecordKey.Epoch(past)), client.crypto());
            if (!tree.treeHash().equals(epoch.context().treeHash())) {
                throw damaged("a past tree does not have the tree hash of its epoch");
            }
            GroupState state =
                    new GroupState(epoch.context(), tree, epoch.interimTranscriptHash(), epoch.confirmationTag());
            SecretTree messageKeys = SecretTree.restore(tree.size(), past, records, client.crypto());
            member.past.addLast(new PastEpoch(state, epoch.secrets(), messageKeys));
        }
    }

    private void fillUncommitted(MemberState member, GroupRecords.Header header) throws MlsException {
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            RecordKey key = RecordKey.parse(entry.getKey());
            if (key instanceof RecordKey.ResumptionPsk psk) {
                member.resumptionPsks.put(
                        psk.epoch(), Secret.wrap(entry.getValue().clone()));
            } else if (key instanceof RecordKey.Proposal proposal && proposal.epoch() == header.epoch()) {
                member.proposals.put(StoredProposal.decode(entry.getValue()));
            } else if (key instanceof RecordKey.UpdateKey) {
                GroupRecords.StoredUpdate update = GroupRecords.update(entry.getValue());
                member.updates.put(
                        update.keyPair().publicKey(),
                        new MemberState.PendingUpdate(update.keyPair(), signer(update.signatureKey())));
            } else if (key instanceof RecordKey.PendingCommit) {
                StagedCommit staged = StoredCommit.decode(entry.getValue(), member, this::signer);
                member.pending.put(Bytes.wrap(staged.message().encoded()), staged);
            }
        }
    }
}
