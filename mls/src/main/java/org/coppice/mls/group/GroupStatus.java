package org.coppice.mls.group;

/** Whether a group can still be used. */
public enum GroupStatus {
    /** This client is a member. */
    ACTIVE,
    /** A Commit removed this client; all secrets are wiped. */
    REMOVED,
    /** A ReInit was committed: nothing may be sent, and a group with the proposed parameters takes this one's place. */
    REINITIALIZED
}
