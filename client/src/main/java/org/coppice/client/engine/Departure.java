package org.coppice.client.engine;

import java.util.List;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.Receipt;

/** Ends a membership. */
final class Departure {
    private final Account account;

    Departure(Account account) {
        this.account = account;
    }

    /** Nothing can be sent any more, and a wish to leave is fulfilled; the history stays. The caller saves the state. */
    void leave(Unit unit, ConversationState state, String reason) {
        if (state.lastName.isEmpty() && state.status != ConversationStatus.DAMAGED) {
            account.groups().find(unit, state.groupId).ifPresent(group -> state.lastName = Groups.nameOf(group));
        }
        Outgoing.drop(unit, state.groupId);
        for (Wishes.Queued queued : Wishes.all(unit, state.groupId)) {
            if (queued.wish() instanceof Wish.Leave) {
                Wishes.done(unit, state.groupId, queued, List.of());
            } else {
                Wishes.refuse(unit, state.groupId, queued, Receipt.Kind.NO_MEMBER, "no longer a member");
            }
        }
        unit.records().deleteAll(Spaces.early(state.groupId));
        Epochs.forgetAll(unit, state.groupId);
        account.groups().candidates().drop(state.groupId);
        account.groups().store().drop(state.groupId);
        account.groups().forget(state.groupId);
        state.become(unit, ConversationStatus.REMOVED, reason);
    }
}
