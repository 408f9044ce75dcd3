package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.nodes;

import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.tree.TestGroup.Changes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RFC 9420 §4.1.1. */
class ResolutionTest {
    private final SuiteCrypto crypto = TreeFixture.crypto(TreeFixture.random("ResolutionTest"));

    /** Of the parents only node 13 is left, when two members went and came and another went. */
    @Test
    @Tag("R-4.1.1-02")
    void goesDownBlankNodesOnBothSides() throws MlsException {
        TestGroup group = TestGroup.full(8, crypto);
        group.commit(leaf(7), new Changes().remove(leaf(0)).remove(leaf(2)));
        group.commitWithoutPath(
                new Changes().add(group.newClient()).add(group.newClient()).remove(leaf(4)));
        TreeRoot root = group.tree.version();
        Subtree.Inner top = (Subtree.Inner) root.node();

        assertThat(Resolution.targets(top.left(), 2, 0, new long[0])).isEqualTo(nodes(0, 2, 4, 6));
        assertThat(Resolution.targets(top.right(), 2, 4, new long[0])).isEqualTo(nodes(10, 13));
        assertThat(Resolution.targets(root.node(), 3, 0, new long[] {0, 2})).isEqualTo(nodes(2, 6, 10, 13));
        assertThat(Resolution.targetCount(root.node(), 3, 0, new long[] {0, 2})).isEqualTo(4);
    }
}
