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
            throw new IllegalArgumentException("the group has cipher suite " + header.suite() + ", not this client's");
        }
        member.status = header.status();
        member.reInit = header.reInit();
        member.signer = signer(header.signatureKey());

        GroupRecords.StoredEpoch epoch =
                GroupRecords.epoch(record(new RecordKey.Epoch(header.epoch())), client.crypto());
        RatchetTree tree = PublicRecords.tree(records, epoch.context(), client.crypto());
        member.state = new GroupState(epoch.context(), tree, epoch.interimTranscriptHash(), epoch.confirmationTag());
        SecretTree messageKeys = SecretTree.restore(tree.size(), header.epoch(), records, client.crypto());
        member.keys = new EpochKeys(epoch.secrets(), messageKeys, treeKeys(header));
        member.sent = messageKeys.nextGeneration(header.ownLeaf(), RatchetType.APPLICATION)
                + messageKeys.nextGeneration(header.ownLeaf(), RatchetType.HANDSHAKE);
        fillPast(member, header, tree);
        fillUncommitted(member, header);
    }

    private byte[] record(RecordKey key) throws DecodeException {
        return PublicRecords.record(records, key);
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
                pairs.put(new NodeIndex(key.node()), GroupRecords.keyPair(entry.getValue()));
            }
        }
        return GroupRecords.restoreKeys(header.ownLeaf(), pairs);
    }

    /** Each past tree from the one after it, by what its epoch's undo record says. */
    private void fillPast(MemberState member, GroupRecords.Header header, RatchetTree present) throws MlsException {
        RatchetTree tree = present;
        for (long past : header.pastEpochs()) {
            tree = PublicRecords.apply(GroupRecords.undo(record(new RecordKey.Undo(past))), tree);
            GroupRecords.StoredEpoch epoch = GroupRecords.epoch(record(new RecordKey.Epoch(past)), client.crypto());
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
            } else if (key instanceof RecordKey.UpdateKey) {
                GroupRecords.StoredUpdate update = GroupRecords.update(entry.getValue());
                member.updates.put(
                        update.keyPair().publicKey(),
                        new MemberState.PendingUpdate(update.keyPair(), signer(update.signatureKey())));
            } else if (key instanceof RecordKey.PendingCommit) {
                StoredCommit.decode(entry.getValue(), member, this::signer).waitIn(member);
            }
        }
    }
}
