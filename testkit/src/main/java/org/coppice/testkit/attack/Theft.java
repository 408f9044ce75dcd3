package org.coppice.testkit.attack;

import java.util.Set;
import org.coppice.mls.message.KeyPackage;

/**
 * When whose state was stolen in a {@link Life}, and what the story knows of that moment.
 *
 * @param victim the member
 * @param time when
 * @param epoch the epoch the member was in
 * @param joined the epoch in which the member's view of the group begins
 * @param read the messages that the member had read
 * @param keyPackages of which the member kept the private keys
 * @param attacker who has the stolen state
 */
public record Theft(
        String victim,
        int time,
        long epoch,
        long joined,
        Set<SentMessage> read,
        Set<KeyPackage> keyPackages,
        Attacker attacker) {

    /** Whether this Commit adds the victim with a key package that was stolen. */
    boolean opensWelcomeOf(Change change) {
        KeyPackage used = change.added().get(victim);
        return used != null && keyPackages.contains(used);
    }
}
