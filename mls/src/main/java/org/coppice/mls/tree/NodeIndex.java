package org.coppice.mls.tree;

/**
 * The position of a node in the array form of a tree: leaves are even, parents odd (RFC 9420 appendix C).
 *
 * <pre>
 *         3
 *     1       5
 *   0   2   4   6
 * </pre>
 *
 * @param value from 0 to 2^33 - 2
 */
public record NodeIndex(long value) implements Comparable<NodeIndex> {
    /** Checks the range. */
    public NodeIndex {
        if (value < 0 || value >= 1L << 33) {
            throw new IllegalArgumentException(value + " is no node index");
        }
    }

    /** Whether the node is a leaf. */
    public boolean isLeaf() {
        return (value & 1) == 0;
    }

    /** The same node counted among the leaves; throws {@link IllegalStateException} for a parent. */
    public LeafIndex toLeafIndex() {
        if (!isLeaf()) {
            throw new IllegalStateException("node " + value + " is not a leaf");
        }
        return new LeafIndex(value / 2);
    }

    @Override
    public int compareTo(NodeIndex other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
