package org.coppice.mls.observer;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.framing.VerifiedContent;

/**
 * A Commit that an observer has checked; merging it enters its epoch. Its confirmation tag and path secrets are for members to
 * check. Immutable.
 */
public final class StagedPublicCommit implements Observed.Staged {
    private final GroupState base;
    private final GroupState nextState;
    private final CommitEffects effects;
    private final Bytes authenticatedData;

    StagedPublicCommit(GroupState base, GroupState nextState, CommitEffects effects, VerifiedContent content) {
        this.base = base;
        this.nextState = nextState;
        this.effects = effects;
        this.authenticatedData = content.framed().authenticatedData();
    }

    @Override
    public GroupState base() {
        return base;
    }

    /** The state that it leads to. */
    public GroupState nextState() {
        return nextState;
    }

    /** What changes. */
    public CommitEffects effects() {
        return effects;
    }

    /** Data of the application that were authenticated with it. */
    public Bytes authenticatedData() {
        return authenticatedData;
    }

    @Override
    public String toString() {
        return "StagedPublicCommit[" + base + " -> " + nextState + "]";
    }
}
