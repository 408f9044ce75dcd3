package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random changes, each made to the persistent tree and to an array, and all that can be asked compared after each. */
class RatchetTreeModelTest {
    private static final int ROUNDS = 12;
    private static final int CHANGES = 250;

    private final Random random = TreeFixture.random("RatchetTreeModelTest");
    private final SuiteCrypto crypto = TreeFixture.crypto(random);
    private final RandomLeaves leaves = new RandomLeaves(random);

    private TreePair pair;
    private RatchetTree tree;
    private ArrayTree model;

    @Test
    @Tag("R-7.7-01")
    @Tag("R-7.7-02")
    @Tag("R-7.7-03")
    @Tag("R-7.8-01")
    @Tag("R-7.8-02")
    @Tag("R-7.8-03")
    @Tag("R-4.1-01")
    @Tag("R-4.1.1-01")
    @Tag("R-4.1.1-02")
    @Tag("R-4.1.2-03")
    void behavesLikeTheArrayOfTheRfc() throws MlsException {
        for (int round = 0; round < ROUNDS; round++) {
            int limit = 1 + random.nextInt(round < ROUNDS / 2 ? 12 : 70);
            run(limit, round % 3 == 2);
        }
    }

    private void run(int limit, boolean withDuplicates) throws MlsException {
        pair = new TreePair(leaves, random, crypto);
        tree = pair.tree;
        model = pair.model;
        List<RatchetTree> olderTrees = new ArrayList<>();
        List<Bytes> olderEncodings = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            if (random.nextInt(8) == 0) {
                olderTrees.add(tree);
                olderEncodings.add(model.encoded());
            }
            leaves.repeatKeys(withDuplicates && random.nextInt(6) == 0);
            pair.change(limit);
            tree = pair.tree;
            compareNodes();
            compareKeys();
            compareSupport();
            if (i % 10 == 0) {
                compareValidity();
            }
            if (!olderTrees.isEmpty()) {
                checkDiff(olderTrees.get(random.nextInt(olderTrees.size())));
            }
        }
        // What was kept of earlier epochs is what it was.
        for (int i = 0; i < olderTrees.size(); i++) {
            assertThat(Bytes.wrap(olderTrees.get(i).encoded())).isEqualTo(olderEncodings.get(i));
        }
    }

    private void compareNodes() throws MlsException {
        assertThat(tree.size()).isEqualTo(model.size());
        assertThat(tree.root()).isEqualTo(node(model.root()));
        List<LeafIndex> members = new ArrayList<>();
        for (int i = 0; i < model.nodes.length; i++) {
            Object content = model.nodes[i];
            if (i % 2 == 0) {
                assertThat(tree.leaf(leaf(i / 2))).isEqualTo(Optional.ofNullable(content));
                assertThat(tree.parent(node(i))).isEmpty();
                if (content != null) {
                    members.add(leaf(i / 2));
                }
            } else {
                assertThat(tree.parent(node(i))).isEqualTo(Optional.ofNullable(content));
            }
            assertThat(tree.resolution(node(i))).isEqualTo(indices(model.resolution(i)));
            assertThat(tree.directPath(node(i))).isEqualTo(indices(model.directPath(i)));
        }
        assertThat(tree.members()).isEqualTo(members);
        assertThat(tree.memberCount()).isEqualTo(members.size());
        assertThat(tree.nextFreeLeaf()).isEqualTo(leaf(model.nextFreeLeaf()));
        for (int i = 0; i < model.size(); i++) {
            assertThat(tree.filteredDirectPath(leaf(i))).isEqualTo(indices(model.filteredDirectPath(i)));
        }
        assertThat(tree.treeHash()).isEqualTo(model.treeHash(model.root()));
        int any = random.nextInt(model.nodes.length);
        assertThat(tree.treeHash(node(any))).isEqualTo(model.treeHash(any));
        assertThat(Bytes.wrap(tree.encoded())).isEqualTo(model.encoded());
        if (!members.isEmpty()) {
            RatchetTree decoded = TreeFixture.tree(model.encoded(), crypto);
            assertThat(decoded).isEqualTo(tree);
            assertThat(decoded.treeHash()).isEqualTo(tree.treeHash());
        }
    }

    private static List<NodeIndex> indices(List<Integer> nodes) {
        return nodes.stream().map(TreeFixture::node).toList();
    }

    private void compareKeys() {
        Map<HpkePublicKey, List<Integer>> encryption = new HashMap<>();
        Map<SignaturePublicKey, List<Integer>> signature = new HashMap<>();
        for (int i = 0; i < model.nodes.length; i++) {
            if (model.nodes[i] instanceof LeafNode leaf) {
                encryption
                        .computeIfAbsent(leaf.encryptionKey(), k -> new ArrayList<>())
                        .add(i);
                signature
                        .computeIfAbsent(leaf.signatureKey(), k -> new ArrayList<>())
                        .add(i);
            } else if (model.nodes[i] instanceof ParentNode parent) {
                encryption
                        .computeIfAbsent(parent.encryptionKey(), k -> new ArrayList<>())
                        .add(i);
            }
        }
        // Not after each change, so that the index also has to catch up with several.
        if (random.nextInt(3) == 0) {
            return;
        }
        encryption.forEach((key, nodes) -> {
            assertThat(tree.containsEncryptionKey(key)).isTrue();
            assertThat(tree.leafWithEncryptionKey(key))
                    .isEqualTo(
                            nodes.stream().filter(x -> x % 2 == 0).findFirst().map(x -> leaf(x / 2)));
        });
        signature.forEach(
                (key, nodes) -> assertThat(tree.leafWithSignatureKey(key)).contains(leaf(nodes.get(0) / 2)));
        assertThat(tree.containsEncryptionKey(leaves.freshEncryptionKey())).isFalse();
        assertThat(tree.leafWithSignatureKey(leaves.freshSignatureKey())).isEmpty();
        assertThat(tree.duplicateSignatureKey().isPresent())
                .isEqualTo(signature.values().stream().anyMatch(nodes -> nodes.size() > 1));
        assertThat(tree.duplicateEncryptionKey().isPresent())
                .isEqualTo(encryption.values().stream()
                        .anyMatch(nodes -> nodes.size() > 1 && nodes.stream().anyMatch(x -> x % 2 == 0)));
        assertThat(tree.duplicateNode().isPresent())
                .isEqualTo(encryption.values().stream().anyMatch(nodes -> nodes.size() > 1));
    }

    private void compareSupport() {
        List<LeafNode> all = new ArrayList<>();
        tree.forEachLeaf((index, leaf) -> all.add(leaf));
        MemberSupport support = tree.support();
        for (int value : RandomLeaves.CODE_POINTS) {
            ExtensionType extension = new ExtensionType(value);
            assertThat(support.supportsAll(extension))
                    .isEqualTo(all.stream().allMatch(x -> x.capabilities().supports(extension)));
            ProposalType proposal = new ProposalType(value);
            assertThat(support.supportsAll(proposal))
                    .isEqualTo(all.stream().allMatch(x -> x.capabilities().supports(proposal)));
            CredentialType credential = new CredentialType(value);
            assertThat(support.supportsAll(credential))
                    .isEqualTo(all.stream().allMatch(x -> x.capabilities().supports(credential)));
        }
        TreeSet<CredentialType> used = new TreeSet<>();
        all.forEach(leaf -> used.add(leaf.credential().type()));
        assertThat(support.usedCredentialTypes()).isEqualTo(used);
        assertThat(support.coversUsedCredentialTypes())
                .isEqualTo(used.stream()
                        .allMatch(type ->
                                all.stream().allMatch(x -> x.capabilities().supports(type))));
    }

    private void compareValidity() {
        boolean linked = true;
        for (int i = 1; i < model.nodes.length; i += 2) {
            linked &= model.nodes[i] == null || model.validLinks(i) == 1;
        }
        assertThat(linked).as("the array's own parent hashes").isTrue();
        Optional<Rule> broken = Optional.empty();
        try {
            TreeValidator.validate(tree);
        } catch (ValidationException e) {
            broken = Optional.of(e.rule());
        }
        Optional<Rule> expected = tree.duplicateSignatureKey().isPresent()
                ? Optional.of(Rule.DUPLICATE_SIGNATURE_KEY)
                : tree.duplicateNode().map(x -> Rule.DUPLICATE_ENCRYPTION_KEY);
        assertThat(broken).isEqualTo(expected);
    }

    private void checkDiff(RatchetTree older) {
        TreeDiff forward = tree.diff(older);
        assertThat(older.apply(forward)).isEqualTo(tree);
        assertThat(older.apply(forward).treeHash()).isEqualTo(tree.treeHash());
        assertThat(tree.apply(older.diff(tree))).isEqualTo(older);
        // As a store does: write what is new, delete what is gone, and load all that is left.
        TreeMap<NodeIndex, TreeNode> stored = TreeFixture.nodesOf(older);
        stored.putAll(forward.occupied());
        stored.keySet().removeAll(forward.blanked());
        assertThat(RatchetTree.fromNodes(forward.size(), stored, crypto)).isEqualTo(tree);
        assertThatThrownBy(() -> RatchetTree.fromNodes(3, stored, crypto)).isInstanceOf(IllegalArgumentException.class);
    }
}
