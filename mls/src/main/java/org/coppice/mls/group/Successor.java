package org.coppice.mls.group;

import java.util.Objects;

/**
 * A group that continues another one, at its creator.
 *
 * @param group the new group in epoch 0, with this client alone
 * @param commit its first Commit, whose Welcome brings in the others; to be merged by the creator
 */
public record Successor(Group group, StagedCommit commit) {
    /** Checks that nothing is missing. */
    public Successor {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(commit, "commit");
    }
}
