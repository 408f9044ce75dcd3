package org.coppice.mls.rules;

/** Under which rules the proposals of a Commit are judged (RFC 9420 §12.2). */
public enum CommitKind {
    /** By a member. */
    REGULAR,
    /** By a client that joins with it. */
    EXTERNAL,
    /** The first one of a group that takes another's place (§11.2). */
    REINIT_FIRST,
    /** The first one of a subgroup (§11.3). */
    BRANCH_FIRST
}
