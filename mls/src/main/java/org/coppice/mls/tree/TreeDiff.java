package org.coppice.mls.tree;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What turns one version of a tree into another, for storage that writes only what changed. Immutable.
 *
 * @param size how many leaves the newer version has, a power of two
 * @param occupied the nodes that are new or have new content
 * @param blanked the nodes that were occupied and no longer are, those outside a tree that shrank included
 */
public record TreeDiff(long size, SortedMap<NodeIndex, TreeNode> occupied, SortedSet<NodeIndex> blanked) {
    /** Copies the collections. */
    public TreeDiff {
        occupied = Collections.unmodifiableSortedMap(new TreeMap<>(occupied));
        blanked = Collections.unmodifiableSortedSet(new TreeSet<>(blanked));
    }

    /** Whether no node differs. The size may. */
    public boolean isEmpty() {
        return occupied.isEmpty() && blanked.isEmpty();
    }
}
