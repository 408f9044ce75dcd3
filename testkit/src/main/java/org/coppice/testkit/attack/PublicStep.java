package org.coppice.testkit.attack;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.message.Commit;

/**
 * What everybody may see of one Commit: the delivery service, and whoever listens there.
 *
 * @param before the public state in which the Commit was made
 * @param after the public state to which it leads
 * @param commit its content
 * @param kemOutput of its ExternalInit, if it is an external Commit
 * @param foreignPsk whether it brings in a pre-shared key that is kept apart from the group's state
 */
public record PublicStep(
        GroupState before, GroupState after, Commit commit, Optional<Bytes> kemOutput, boolean foreignPsk) {}
