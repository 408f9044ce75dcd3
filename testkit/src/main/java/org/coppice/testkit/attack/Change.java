package org.coppice.testkit.attack;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;

/**
 * One Commit of a {@link Life}: what everybody sees of it, and what the story knows beside.
 *
 * @param step what everybody sees
 * @param welcome the Welcome beside it
 * @param committer who made it; a joiner, if it is external
 * @param made when it was made, which may be long before it was accepted
 * @param renewed whose Update it covers, and when that Update was made
 * @param added who is added, and with which key package
 * @param gone who is no member any more
 */
public record Change(
        PublicStep step,
        Optional<Welcome> welcome,
        String committer,
        int made,
        Map<String, Integer> renewed,
        Map<String, KeyPackage> added,
        Set<String> gone) {

    /**
     * Whether the state that {@code member} had at {@code time} is of no use from this Commit on (RFC 9420 §16.6): the member was
     * removed, brought new keys in after that time, or a key came in that is not part of the state. Of a Commit that waited in it the state
     * has everything.
     */
    public boolean shutsOut(String member, int time) {
        boolean waited = committer.equals(member) && made <= time;
        boolean ownPath = hasPathOf(member) && !waited;
        boolean ownUpdate = renewed.getOrDefault(member, Integer.MIN_VALUE) > time;
        return gone.contains(member) || ownPath || ownUpdate || step.foreignPsk() && !waited;
    }

    /** Whether the member made this Commit, with new keys for itself. */
    boolean hasPathOf(String member) {
        return step.commit().path().isPresent() && committer.equals(member);
    }

    /** Whether a leaf key that the member had before is not its leaf key after. */
    boolean replacesLeafOf(String member) {
        return hasPathOf(member) || renewed.containsKey(member) || gone.contains(member) || added.containsKey(member);
    }
}
