package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;
import static org.coppice.mls.tree.TreeFixture.nodes;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TreeMathTest {
    @Test
    @Tag("R-4.1.2-01")
    @Tag("R-4.1.2-02")
    void givesTheExamplesOfTheRfc() {
        assertThat(TreeMath.root(8)).isEqualTo(node(7));
        assertThat(TreeMath.parent(node(4), 8)).contains(node(5));
        assertThat(TreeMath.parent(node(5), 8)).contains(node(3));
        assertThat(TreeMath.parent(node(9), 8)).contains(node(11));
        assertThat(TreeMath.left(node(7))).contains(node(3));
        assertThat(TreeMath.right(node(7))).contains(node(11));
        assertThat(TreeMath.sibling(node(4), 8)).contains(node(6));
        assertThat(TreeMath.sibling(node(11), 8)).contains(node(3));
        assertThat(TreeMath.left(node(4))).isEmpty();
        assertThat(TreeMath.right(node(4))).isEmpty();
        assertThat(TreeMath.parent(node(7), 8)).isEmpty();
        assertThat(TreeMath.sibling(node(7), 8)).isEmpty();
        assertThat(TreeMath.directPath(node(4), 8)).isEqualTo(nodes(5, 3, 7));
        assertThat(TreeMath.copath(node(4), 8)).isEqualTo(nodes(6, 1, 11));
        assertThat(TreeMath.directPath(node(7), 8)).isEmpty();
        assertThat(TreeMath.copath(node(7), 8)).isEmpty();
    }

    @Test
    @Tag("R-4.1-01")
    void anArrayAgrees() {
        for (int leaves = 1; leaves <= 64; leaves *= 2) {
            for (int x = 0; x < 2 * leaves - 1; x++) {
                int level = ArrayTree.level(x);
                assertThat(TreeMath.level(node(x))).isEqualTo(level);
                assertThat(TreeMath.firstLeaf(x)).isEqualTo((x - (1 << level) + 1) / 2);
                for (int y = 0; y < leaves; y++) {
                    List<NodeIndex> path = TreeMath.directPath(leaf(y).toNodeIndex(), leaves);
                    boolean covers = x == 2 * y || path.contains(node(x));
                    assertThat(TreeMath.covers(node(x), leaf(y))).isEqualTo(covers);
                    if (covers) {
                        assertThat(TreeMath.node(level, y)).isEqualTo(x);
                    }
                }
            }
        }
    }

    @Test
    void theCommonAncestorIsTheFirstNodeThatBothPathsHave() {
        for (int a = 0; a < 32; a++) {
            assertThat(TreeMath.commonAncestor(leaf(a), leaf(a))).isEqualTo(node(2 * a));
            for (int b = 0; b < 32; b++) {
                if (a != b) {
                    List<NodeIndex> other = TreeMath.directPath(node(2 * b), 32);
                    NodeIndex first = TreeMath.directPath(node(2 * a), 32).stream()
                            .filter(other::contains)
                            .findFirst()
                            .orElseThrow();
                    assertThat(TreeMath.commonAncestor(leaf(a), leaf(b))).isEqualTo(first);
                }
            }
        }
    }

    @Test
    void reachesAsFarAsLeafIndicesDo() {
        long leaves = 1L << 32;
        assertThat(TreeMath.nodeCount(leaves)).isEqualTo((1L << 33) - 1);
        assertThat(TreeMath.root(leaves)).isEqualTo(node((1L << 32) - 1));
        LeafIndex last = leaf(0xffff_ffffL);
        assertThat(TreeMath.directPath(last.toNodeIndex(), leaves)).hasSize(32).endsWith(TreeMath.root(leaves));
        assertThat(TreeMath.commonAncestor(leaf(0), last)).isEqualTo(TreeMath.root(leaves));
    }

    @Test
    void refusesSizesAndNodesThatNoTreeHas() {
        for (long leaves : new long[] {0, -1, 3, 6, (1L << 32) + 1, 1L << 33, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> TreeMath.root(leaves)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> TreeMath.parent(node(7), 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TreeMath.sibling(node(15), 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TreeMath.directPath(node(1), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theIndexOfANodeHasThirtyThreeBits() {
        assertThat(new NodeIndex((1L << 33) - 1).value()).isEqualTo((1L << 33) - 1);
        for (long wrong : new long[] {-1, 1L << 33}) {
            assertThatThrownBy(() -> new NodeIndex(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(node(6).toLeafIndex()).isEqualTo(leaf(3));
        assertThatThrownBy(() -> node(7).toLeafIndex()).isInstanceOf(IllegalStateException.class);
    }
}
