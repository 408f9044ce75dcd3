package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.TreeFixture.Client;

/** A group that consists of nothing but a tree and its members' private keys; all members see every commit. */
final class TestGroup {
    final SuiteCrypto crypto;
    final Map<LeafIndex, Client> clients = new TreeMap<>();
    final Map<LeafIndex, TreePrivateKeys> keys = new TreeMap<>();
    RatchetTree tree;
    private int named;

    TestGroup(SuiteCrypto crypto) {
        this.crypto = crypto;
        Client creator = newClient();
        tree = RatchetTree.of(creator.leaf(), crypto);
        clients.put(TreeFixture.leaf(0), creator);
        keys.put(
                TreeFixture.leaf(0),
                TreePrivateKeys.of(TreeFixture.leaf(0), creator.encryption().copy()));
    }

    /** A group of this many members, each of whom has committed, so that no node is blank but for want of members. */
    static TestGroup full(int members, SuiteCrypto crypto) throws MlsException {
        TestGroup group = new TestGroup(crypto);
        for (int i = 1; i < members; i++) {
            group.commit(TreeFixture.leaf(i - 1), new Changes().add(group.newClient()));
        }
        for (int i = 0; i < members; i++) {
            group.commit(TreeFixture.leaf(i), new Changes());
        }
        return group;
    }

    Client newClient() {
        return Client.create("client " + named++, crypto);
    }

    /** What a commit changes beside the committer's path. */
    static final class Changes {
        final Map<LeafIndex, HpkeKeyPair> updates = new TreeMap<>();
        final Set<LeafIndex> removes = new HashSet<>();
        final List<Client> adds = new ArrayList<>();

        Changes add(Client client) {
            adds.add(client);
            return this;
        }

        Changes remove(LeafIndex index) {
            removes.add(index);
            return this;
        }

        Changes update(LeafIndex index, HpkeKeyPair key) {
            updates.put(index, key);
            return this;
        }
    }

    /** The tree after the proposals, and where the new members are. */
    record Provisional(RatchetTree tree, Map<LeafIndex, Client> added) {}

    Provisional apply(Changes changes) {
        RatchetTree out = tree;
        for (Map.Entry<LeafIndex, HpkeKeyPair> update : changes.updates.entrySet()) {
            LeafIndex index = update.getKey();
            LeafNode leaf = clients.get(index).leaf(update.getValue(), new LeafNodeSource.Update(), index, crypto);
            out = out.update(index, leaf);
        }
        for (LeafIndex index : changes.removes) {
            out = out.remove(index);
        }
        RatchetTree.AddedAll added =
                out.addAll(changes.adds.stream().map(Client::leaf).toList());
        Map<LeafIndex, Client> newcomers = new TreeMap<>();
        for (int i = 0; i < changes.adds.size(); i++) {
            newcomers.put(added.indices().get(i), changes.adds.get(i));
        }
        return new Provisional(added.tree(), newcomers);
    }

    /** A commit without a path, as it is allowed for adds alone. */
    void commitWithoutPath(Changes changes) throws MlsException {
        Provisional provisional = apply(changes);
        keys.replaceAll((index, own) -> next(own, provisional.tree()));
        for (Map.Entry<LeafIndex, Client> newcomer : provisional.added().entrySet()) {
            join(newcomer.getKey(), newcomer.getValue(), provisional.tree(), null, null);
        }
        tree = provisional.tree();
    }

    private static TreePrivateKeys next(TreePrivateKeys own, RatchetTree tree) {
        try (own) {
            return own.retain(tree);
        }
    }

    void commit(LeafIndex sender, Changes changes) throws MlsException {
        Provisional provisional = apply(changes);
        commit(sender, clients.get(sender), keys.get(sender), changes, provisional);
    }

    /** An external commit of somebody new, who takes the next free leaf. */
    LeafIndex joinExternally(Client client) throws MlsException {
        LeafIndex index = tree.nextFreeLeaf();
        commit(index, client, null, new Changes(), new Provisional(tree, Map.of()));
        return index;
    }

    private void commit(LeafIndex sender, Client client, TreePrivateKeys own, Changes changes, Provisional provisional)
            throws MlsException {
        Set<LeafIndex> added = provisional.added().keySet();
        try (PreparedPath prepared = PathBuilder.prepare(
                provisional.tree(),
                sender,
                client.leaf().content(),
                TreeFixture.GROUP_ID,
                crypto,
                client.signer(),
                own)) {
            Bytes context = context(prepared.tree());
            UpdatePath path = prepared.encrypt(context, added, Workers.sequential());
            // Everybody, an observer too, comes to the same tree.
            MergedPath merged = PathProcessor.merge(provisional.tree(), sender, path, added, crypto);
            assertThat(merged.tree()).isEqualTo(prepared.tree());
            assertThat(merged.tree().treeHash()).isEqualTo(prepared.tree().treeHash());
            changes.removes.forEach(index -> {
                clients.remove(index);
                keys.remove(index).close();
            });
            for (LeafIndex index : List.copyOf(keys.keySet())) {
                if (!index.equals(sender)) {
                    receive(index, changes, merged, context, prepared.commitSecret());
                }
            }
            for (Map.Entry<LeafIndex, Client> newcomer : provisional.added().entrySet()) {
                try (Secret pathSecret = prepared.pathSecretFor(newcomer.getKey())) {
                    join(newcomer.getKey(), newcomer.getValue(), merged.tree(), sender, pathSecret);
                }
            }
            clients.put(sender, client);
            replace(sender, prepared.takePrivateKeys());
            tree = merged.tree();
        }
    }

    private void receive(LeafIndex index, Changes changes, MergedPath merged, Bytes context, Secret expected)
            throws ValidationException {
        HpkeKeyPair updated = changes.updates.get(index);
        if (updated != null) {
            replace(index, keys.get(index).withLeafKey(updated));
        }
        MergedPath.Decrypted out = merged.decrypt(keys.get(index), context);
        try (Secret commitSecret = out.commitSecret()) {
            assertThat(commitSecret.constantTimeEquals(expected)).isTrue();
        }
        replace(index, out.next());
    }

    private void join(LeafIndex index, Client client, RatchetTree joined, LeafIndex signer, Secret pathSecret)
            throws ValidationException {
        clients.put(index, client);
        HpkeKeyPair leafKey = client.encryption().copy();
        keys.put(index, TreePrivateKeys.fromWelcome(joined, index, leafKey, signer, pathSecret, crypto));
    }

    private void replace(LeafIndex index, TreePrivateKeys next) {
        TreePrivateKeys old = keys.put(index, next);
        if (old != null) {
            old.close();
        }
    }

    /** What stands for the provisional GroupContext: something that binds the tree. */
    static Bytes context(RatchetTree tree) {
        return tree.treeHash();
    }

    /** Checks the tree as a joiner does, and that each member holds the right keys and only those that it may hold. */
    void check() throws MlsException {
        TreeValidator.validate(tree);
        validator(TreeFixture.NOW).validateAll(tree, TreeFixture.GROUP_ID, Workers.sequential());
        assertThat(tree.members()).isEqualTo(List.copyOf(keys.keySet()));
        for (TreePrivateKeys own : keys.values()) {
            assertThat(TreePrivateKeys.holds(tree, own.leafIndex().toNodeIndex(), own.leafKey()))
                    .isTrue();
            for (NodeIndex node : tree.directPath(own.leafIndex().toNodeIndex())) {
                // §4.2: whoever is below an occupied node, and not unmerged there, holds its key.
                boolean holds = tree.parent(node).isPresent()
                        && !tree.parent(node).get().unmergedLeaves().contains(own.leafIndex());
                assertThat(own.key(node).isPresent()).isEqualTo(holds);
                if (holds) {
                    HpkeKeyPair pair = own.key(node).orElseThrow();
                    assertThat(TreePrivateKeys.holds(tree, node, pair)).isTrue();
                    assertThat(crypto.hpkePublicKey(pair.privateKey())).isEqualTo(pair.publicKey());
                }
            }
        }
    }

    LeafNodeValidator validator(Instant now) {
        return new LeafNodeValidator(
                crypto, GroupRequirements.none(ProtocolVersion.MLS10), LifetimePolicy.DEFAULT, now);
    }

    LeafIndex anyMember(Random random) {
        return tree.members().get(random.nextInt(tree.memberCount()));
    }
}
