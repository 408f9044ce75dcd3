package org.coppice.client.engine;

import java.io.IOException;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.Parameters;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.Group;
import org.coppice.mls.tree.LeafNode;

/** What has to be done from time to time: fresh keys in each conversation, the present identity everywhere. */
final class Upkeep {
    private final Account account;
    private final Roster roster;
    private final Damage damage;

    Upkeep(Account account, Roster roster, Damage damage) {
        this.account = account;
        this.roster = roster;
        this.damage = damage;
    }

    /** When keys that are fresh now are to be refreshed: up to a tenth earlier or later, so that members do not do it all at once. */
    static long nextRefresh(ClientEnvironment environment) {
        long age = environment.parameters().refreshAge().toMillis();
        byte[] random = environment.randomness().bytes(2);
        int part = (random[0] & 0xff) << 8 | random[1] & 0xff;
        return environment.clock().millis() + age - age / 10 + age / 5 * part / 0x10000;
    }

    /** Wishes for fresh keys in all conversations where it is time. */
    void wish() throws DeliveryException, IOException {
        for (ConversationState state : roster.states()) {
            if (state.status == ConversationStatus.ACTIVE) {
                damage.contain(state.groupId, () -> wish(state.groupId));
            }
        }
    }

    private void wish(Bytes groupId) {
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            if (state.status == ConversationStatus.ACTIVE && isTime(unit, state) && !isWished(unit, groupId)) {
                Wishes.add(unit, state, new Wish.Refresh());
                state.save(unit);
                unit.commit();
            }
        }
    }

    private boolean isTime(Unit unit, ConversationState state) {
        Parameters parameters = account.environment().parameters();
        if (account.now() >= state.refreshAt
                || state.epochsSinceRefresh >= parameters.refreshEpochs()
                || state.messagesSinceRefresh >= parameters.refreshMessages()) {
            return true;
        }
        Group group = account.groups().get(unit, state.groupId);
        LeafNode own = group.state().tree().leaf(group.ownLeaf()).orElseThrow();
        return !own.signatureKey()
                        .equals(account.identities().present().signer().publicKey())
                || !own.credential().equals(account.identities().present().credential());
    }

    private static boolean isWished(Unit unit, Bytes groupId) {
        return Wishes.all(unit, groupId).stream().anyMatch(queued -> queued.wish() instanceof Wish.Refresh);
    }
}
