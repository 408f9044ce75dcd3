package org.coppice.testkit.attack;

import java.util.Set;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.tree.LeafIndex;

/**
 * When whose state was stolen in a {@link Life}, and what the story knows of that moment.
 *
 * @param victim the member
 * @param time when
 * @param epoch the epoch the member was in
 * @param joined the epoch in which the member's view of the group begins
 * @param read the messages that the member had read
 * @param keyPackages of which the member kept the private keys
 * @param client the member as it was, with its signature key
 * @param leaf where the member was in the group
 * @param attacker who has the stolen state
 */
public record Theft(
        String victim,
        int time,
        long epoch,
        long joined,
        Set<SentMessage> read,
        Set<KeyPackage> keyPackages,
        MlsClient client,
        LeafIndex leaf,
        Attacker attacker) {

    /** Whether this Commit adds the victim with a key package that was stolen. */
    boolean opensWelcomeOf(Change change) {
        return isOf(change.added().get(victim));
    }

    /** Whether this offshoot has the victim in by a key package that was stolen. */
    boolean opensWelcomeOf(Offshoot offshoot) {
        return isOf(offshoot.invited().get(victim));
    }

    private boolean isOf(KeyPackage used) {
        return used != null && keyPackages.contains(used);
    }

    /** The stolen signature key. */
    SignaturePublicKey signatureKey() {
        return client.signer().publicKey();
    }
}
