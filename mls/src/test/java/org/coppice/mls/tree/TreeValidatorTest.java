package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.tree.TreeFixture.assertRule;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.leaves;
import static org.coppice.mls.tree.TreeFixture.node;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.tree.TestGroup.Changes;
import org.coppice.mls.tree.TreeFixture.Client;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each way in which a whole tree can be wrong. The group has leaves 0 to 6, of which 5 is unmerged at nodes 11 and 7. */
class TreeValidatorTest {
    private final SuiteCrypto crypto = TreeFixture.crypto(TreeFixture.random("TreeValidatorTest"));
    private TestGroup group;
    private TreeMap<NodeIndex, TreeNode> nodes;

    @BeforeEach
    void sevenMembersOfWhomOneIsUnmerged() throws MlsException {
        group = TestGroup.full(7, crypto);
        group.commit(leaf(6), new Changes().remove(leaf(5)));
        group.commitWithoutPath(new Changes().add(group.newClient()));
        group.check();
        nodes = TreeFixture.nodesOf(group.tree);
    }

    private void validate() throws MlsException {
        TreeValidator.validate(RatchetTree.fromNodes(group.tree.size(), nodes, crypto));
    }

    private void changeParent(long index, UnaryOperator<ParentNode> change) {
        ParentNode parent = group.tree.parent(node(index)).orElseThrow();
        nodes.put(node(index), new TreeNode.Parent(change.apply(parent)));
    }

    private void unmerged(long index, long... leaves) {
        changeParent(index, x -> new ParentNode(x.encryptionKey(), x.parentHash(), leaves(leaves)));
    }

    private void key(long index, HpkePublicKey key) {
        changeParent(index, x -> new ParentNode(key, x.parentHash(), x.unmergedLeaves()));
    }

    private HpkePublicKey keyOf(long index) {
        return group.tree.encryptionKey(node(index)).orElseThrow();
    }

    @Test
    @Tag("R-7.9.2-05")
    void acceptsWhatTheseTestsChange() throws MlsException {
        validate();
        unmerged(7, 5);
        unmerged(11, 5);
        validate();
    }

    @Test
    @Tag("R-12.4.3.1-18")
    void rejectsAnUnmergedLeafThatIsNotBelow() {
        unmerged(11, 0, 5);
        assertRule(Rule.UNMERGED_LEAF_NOT_BELOW, this::validate);
        unmerged(11, 5);
        unmerged(3, 4);
        assertRule(Rule.UNMERGED_LEAF_NOT_BELOW, this::validate);
        unmerged(3);
        unmerged(7, 5, 0xffff_ffffL);
        assertRule(Rule.UNMERGED_LEAF_NOT_BELOW, this::validate);
    }

    @Test
    @Tag("R-12.4.3.1-18")
    void rejectsAnUnmergedLeafThatIsBlank() {
        unmerged(11, 5, 7);
        unmerged(7, 5, 7);
        assertRule(Rule.UNMERGED_LEAF_NOT_BELOW, this::validate);
    }

    @Test
    @Tag("R-12.4.3.1-19")
    void rejectsAnUnmergedLeafThatANodeInBetweenDoesNotList() {
        unmerged(11);
        assertRule(Rule.UNMERGED_LEAF_INTERMEDIATE, this::validate);
        unmerged(11, 4, 6);
        assertRule(Rule.UNMERGED_LEAF_INTERMEDIATE, this::validate);
        unmerged(11, 5);
        // Node 3 and node 1 lie between leaf 0 and the root.
        unmerged(7, 0, 5);
        unmerged(1, 0);
        assertRule(Rule.UNMERGED_LEAF_INTERMEDIATE, this::validate);
    }

    @Test
    @Tag("R-5.1.1-03")
    void rejectsAParentKeyThatIsNoneOfTheSuite() {
        key(11, new HpkePublicKey(Bytes.fromHex("00")));
        assertRule(Rule.INVALID_KEY, this::validate);
    }

    @Test
    @Tag("R-7.3-17")
    void rejectsASignatureKeyThatTwoMembersHave() {
        Client client = group.clients.get(leaf(1));
        LeafNode twin = client.leaf(crypto.generateHpkeKeyPair(), new LeafNodeSource.Update(), leaf(5), crypto);
        nodes.put(node(10), new TreeNode.Leaf(twin));
        assertRule(Rule.DUPLICATE_SIGNATURE_KEY, this::validate);
    }

    @Test
    @Tag("R-7.3-18")
    void rejectsAnEncryptionKeyThatTwoNodesHave() throws MlsException {
        // Two leaves.
        HpkeKeyPair key = group.keys.get(leaf(1)).leafKey();
        LeafNode twin = group.clients.get(leaf(5)).leaf(key, new LeafNodeSource.Update(), leaf(5), crypto);
        nodes.put(node(10), new TreeNode.Leaf(twin));
        assertRule(Rule.DUPLICATE_ENCRYPTION_KEY, this::validate);
        // A leaf and a parent that is not above it, and one that is.
        for (long leaf : new long[] {8, 2}) {
            sevenMembersOfWhomOneIsUnmerged();
            key(1, keyOf(leaf));
            assertRule(Rule.DUPLICATE_ENCRYPTION_KEY, this::validate);
        }
        // Two parents.
        sevenMembersOfWhomOneIsUnmerged();
        key(1, keyOf(11));
        assertRule(Rule.DUPLICATE_ENCRYPTION_KEY, this::validate);
    }

    @Test
    @Tag("R-7.9-01")
    @Tag("R-7.9.2-02")
    @Tag("R-7.9.2-04")
    void rejectsAParentKeyThatNobodyBoundByAParentHash() {
        for (long index : new long[] {1, 3, 5, 7, 11}) {
            nodes = TreeFixture.nodesOf(group.tree);
            key(index, crypto.generateHpkeKeyPair().publicKey());
            assertRule(Rule.PARENT_HASH, this::validate);
        }
    }

    @Test
    @Tag("R-7.9-02")
    @Tag("R-7.9.2-02")
    @Tag("R-7.9.2-06")
    void rejectsAParentWhoseParentHashIsWrongOrEmpty() {
        for (long index : new long[] {1, 3, 5, 11}) {
            for (Bytes hash : List.of(Bytes.EMPTY, Bytes.fromHex("ab".repeat(32)))) {
                nodes = TreeFixture.nodesOf(group.tree);
                changeParent(index, x -> new ParentNode(x.encryptionKey(), hash, x.unmergedLeaves()));
                assertRule(Rule.PARENT_HASH, this::validate);
            }
        }
    }

    @Test
    @Tag("R-7.9.2-06")
    void rejectsAParentAboveLeavesThatHaveNoParentHash() {
        Client other = group.newClient();
        // Leaf 6 is the end of the chain of nodes 11 and 7.
        nodes.put(node(12), new TreeNode.Leaf(other.leaf()));
        assertRule(Rule.PARENT_HASH, this::validate);
        LeafNodeSource empty = new LeafNodeSource.Commit(Bytes.EMPTY);
        nodes.put(node(12), new TreeNode.Leaf(other.leaf(other.encryption(), empty, leaf(6), crypto)));
        assertRule(Rule.PARENT_HASH, this::validate);
    }

    @Test
    @Tag("R-7.9.2-01")
    @Tag("R-7.9.2-04")
    void rejectsAParentWithNobodyBelow() {
        nodes.remove(node(12));
        nodes.put(
                node(13),
                new TreeNode.Parent(new ParentNode(crypto.generateHpkeKeyPair().publicKey(), Bytes.EMPTY, List.of())));
        assertRule(Rule.PARENT_HASH, this::validate);
    }

    @Test
    @Tag("R-7.9-03")
    @Tag("R-7.9.2-02")
    void rejectsAChangeInTheSubtreeBesideAPath() {
        // Leaf 6 bound the left half, in which leaf 1 is now somebody else.
        Client other = group.newClient();
        nodes.put(node(2), new TreeNode.Leaf(other.leaf()));
        assertRule(Rule.PARENT_HASH, this::validate);
    }

    @Test
    @Tag("R-7.9.2-05")
    void rejectsANodeThatIsBlankThoughAHashCoversIt() {
        nodes.remove(node(5));
        assertRule(Rule.PARENT_HASH, this::validate);
    }

    @Test
    @Tag("R-7.9-03")
    @Tag("R-7.9.2-03")
    void rejectsMembersThatWereNotThereWhenTheNodeAboveWasSet() {
        // The newcomer counts as if the keys above had been sent to it.
        unmerged(11);
        unmerged(7);
        assertRule(Rule.PARENT_HASH, this::validate);
        // And in the upper node alone.
        unmerged(11, 5);
        assertRule(Rule.PARENT_HASH, this::validate);
    }

    @Test
    @Tag("R-7.9-03")
    @Tag("R-7.9.2-03")
    void rejectsAnUnmergedLeafThatWasThereWhenTheNodeAboveWasSet() {
        for (long index : new long[] {0, 1}) {
            nodes = TreeFixture.nodesOf(group.tree);
            unmerged(1, index);
            unmerged(3, index);
            unmerged(7, index, 5);
            assertRule(Rule.PARENT_HASH, this::validate);
        }
    }

    @Test
    @Tag("R-7.9-04")
    void looksThroughBlankNodesForTheOriginalSibling() throws MlsException {
        // Members 2 and 3 go, two others come, unmerged at the root alone: node 5 between them and node 3 is blank.
        group.commit(leaf(6), new Changes().remove(leaf(2)).remove(leaf(3)));
        group.commitWithoutPath(new Changes().add(group.newClient()).add(group.newClient()));
        group.check();
        nodes = TreeFixture.nodesOf(group.tree);
        validate();
        unmerged(7);
        assertRule(Rule.PARENT_HASH, this::validate);
        unmerged(7, 2);
        assertRule(Rule.PARENT_HASH, this::validate);
    }

    @Test
    @Tag("R-7.9.2-02")
    @Tag("R-7.9.2-03")
    void aPathIsTiedFromTheLeftAsFromTheRight() throws MlsException {
        // Node 1 has nobody to be sent to and becomes blank, so that leaf 0 ties node 3, which ties the root.
        group.commit(leaf(0), new Changes().remove(leaf(1)));
        nodes = TreeFixture.nodesOf(group.tree);
        validate();
        for (long index : new long[] {3, 7}) {
            nodes = TreeFixture.nodesOf(group.tree);
            key(index, crypto.generateHpkeKeyPair().publicKey());
            assertRule(Rule.PARENT_HASH, this::validate);
        }
        // Whoever comes to leaf 1 stands beside leaf 0 below the blank node, unmerged at nodes 3 and 7.
        group.commitWithoutPath(new Changes().add(group.newClient()));
        nodes = TreeFixture.nodesOf(group.tree);
        validate();
    }

    /** The first leaf of those that share one, before any parent; leaf 0, too. */
    @Test
    @Tag("R-7.3-18")
    void namesTheFirstNodeWhoseEncryptionKeyAnotherHas() {
        key(11, keyOf(3));
        assertThat(duplicate()).hasValue(node(3));
        key(1, keyOf(8));
        assertThat(duplicate()).hasValue(node(8));
        key(5, keyOf(0));
        assertThat(duplicate()).hasValue(node(0));
        assertRule(Rule.DUPLICATE_ENCRYPTION_KEY, this::validate);
    }

    @Test
    @Tag("R-7.3-18")
    void namesTheFirstOfTheLeavesWithOneEncryptionKey() throws MlsException {
        for (long[] twins : new long[][] {{0, 1}, {4, 6}}) {
            HpkeKeyPair key = group.keys.get(leaf(twins[0])).leafKey();
            Client client = group.clients.get(leaf(twins[1]));
            nodes.put(
                    node(2 * twins[1]),
                    new TreeNode.Leaf(client.leaf(key, new LeafNodeSource.Update(), leaf(twins[1]), crypto)));
        }
        assertThat(duplicate()).hasValue(node(0));
    }

    private Optional<NodeIndex> duplicate() {
        return RatchetTree.fromNodes(group.tree.size(), nodes, crypto).duplicateNode();
    }
}
