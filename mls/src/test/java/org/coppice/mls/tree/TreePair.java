package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.tree.TreeFixture.leaf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;

/** A persistent tree and an array that live through the same random changes. */
final class TreePair {
    private final RandomLeaves leaves;
    private final Random random;
    private final SuiteCrypto crypto;

    final ArrayTree model;
    RatchetTree tree;

    TreePair(RandomLeaves leaves, Random random, SuiteCrypto crypto) {
        this.leaves = leaves;
        this.random = random;
        this.crypto = crypto;
        LeafNode creator = leaves.leaf(leaves.keyPackage());
        tree = RatchetTree.of(creator, crypto);
        model = new ArrayTree(creator, crypto);
    }

    /** Makes one change, of the kinds that a commit may consist of; the group stays near {@code limit} members at most. */
    void change(int limit) {
        List<LeafIndex> members = tree.members();
        int kind = random.nextInt(10);
        if (members.isEmpty() || kind < 3 && members.size() < limit) {
            LeafNode leaf = leaves.leaf(leaves.keyPackage());
            RatchetTree.Added added = tree.add(leaf);
            assertThat(added.index()).isEqualTo(leaf(model.add(leaf)));
            tree = added.tree();
        } else if (kind == 3 && members.size() < limit) {
            List<LeafNode> several = new ArrayList<>();
            List<LeafIndex> indices = new ArrayList<>();
            for (int i = random.nextInt(9); i >= 0; i--) {
                LeafNode leaf = leaves.leaf(leaves.keyPackage());
                several.add(leaf);
                indices.add(leaf(model.add(leaf)));
            }
            RatchetTree.AddedAll added = tree.addAll(several);
            assertThat(added.indices()).isEqualTo(indices);
            tree = added.tree();
        } else if (kind < 6) {
            LeafIndex index = pick(members);
            model.remove((int) index.value());
            tree = tree.remove(index);
        } else if (kind < 7) {
            LeafIndex index = pick(members);
            LeafNode leaf = leaves.leaf(new LeafNodeSource.Update());
            model.update((int) index.value(), leaf);
            tree = tree.update(index, leaf);
        } else {
            path(random.nextInt(5) == 0 ? tree.nextFreeLeaf() : pick(members));
        }
    }

    private LeafIndex pick(List<LeafIndex> members) {
        return members.get(random.nextInt(members.size()));
    }

    /** A path with keys out of thin air, as this test is not about encryption. */
    private void path(LeafIndex sender) {
        SenderPath path = SenderPath.of(tree.version(), sender.value());
        HpkePublicKey[] keys = new HpkePublicKey[path.filtered().length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = leaves.encryptionKey();
        }
        SenderPath.Filled filled = path.fill(keys, crypto);
        Bytes parentHash = model.fillPath((int) sender.value(), List.of(keys));
        assertThat(filled.leafParentHash()).isEqualTo(parentHash);
        LeafNode leaf = leaves.leaf(new LeafNodeSource.Commit(parentHash));
        tree = tree.withPath(path, leaf, filled.contents());
        model.nodes[2 * (int) sender.value()] = leaf;
    }
}
