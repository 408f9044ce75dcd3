package org.coppice.testkit.attack;

import java.util.Map;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;

/**
 * A subgroup or a successor of the group of a {@link Life}, which stays in its first epoch.
 *
 * @param origin the epoch of the group that it continues
 * @param made when
 * @param creator who made it
 * @param invited who else is in it, and by which key package
 * @param welcome what brought them in
 * @param base the public state in which its creator was alone
 * @param state its public state
 */
public record Offshoot(
        long origin,
        int made,
        String creator,
        Map<String, KeyPackage> invited,
        Welcome welcome,
        GroupState base,
        GroupState state) {
    /** Whether this member is in it. */
    boolean has(String name) {
        return creator.equals(name) || invited.containsKey(name);
    }
}
