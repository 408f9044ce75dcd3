package org.coppice.client.engine;

import java.io.IOException;
import java.util.function.Supplier;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;

/**
 * Sets a conversation aside whose records cannot be read, so that it keeps no other from going on. The client does not rejoin it by
 * itself: a store that loses records may lose more, and its application is to know.
 */
final class Damage {
    private final Account account;

    Damage(Account account) {
        this.account = account;
    }

    /** Works on a conversation, outside of units of work; if its records turn out to be damaged, it is set aside instead. */
    void contain(Bytes groupId, Attempts.Work work) throws DeliveryException, IOException {
        try {
            work.run();
        } catch (StoreException e) {
            setAside(groupId, e);
        }
    }

    /** Reads something of a conversation, outside of units of work, and once more after it was set aside. */
    <T> T reading(Bytes groupId, Supplier<T> read) {
        try {
            return read.get();
        } catch (StoreException e) {
            setAside(groupId, e);
            return read.get();
        }
    }

    private void setAside(Bytes groupId, StoreException e) {
        if (e.reason() != StoreException.Reason.DAMAGED) {
            throw e;
        }
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId)
                    .orElseThrow(() -> new StoreException(e.reason(), "the conversation is gone, too"));
            clear(unit, state);
            state.become(unit, ConversationStatus.DAMAGED, e.getMessage());
            state.save(unit);
            unit.commit();
        } catch (StoreException | IllegalStateException again) {
            // The damage is not to this conversation alone.
            e.addSuppressed(again);
            throw e;
        }
    }

    /** Deletes what could not be read once the client is back. The group's own records are kept until others take their place. */
    private void clear(Unit unit, ConversationState state) {
        Bytes groupId = state.groupId;
        account.groups().forget(groupId);
        if (state.status == ConversationStatus.REJOINING || !isReadable(() -> Outgoing.find(unit, groupId))) {
            Outgoing.drop(unit, groupId);
            account.groups().candidates().drop(groupId);
        }
        if (!isReadable(() -> unit.records().get(Spaces.REPORTS, groupId))) {
            unit.records().delete(Spaces.REPORTS, groupId);
        }
        if (!isReadable(() -> unit.records().all(Spaces.epochs(groupId)))) {
            unit.records().deleteAll(Spaces.epochs(groupId));
        }
        if (!isReadable(() -> Wishes.all(unit, groupId))) {
            for (long number = 1; number < state.nextWish; number++) {
                refuseUnreadable(unit, groupId, number);
            }
        }
    }

    private static void refuseUnreadable(Unit unit, Bytes groupId, long number) {
        if (!isReadable(() -> Wishes.find(unit, groupId, number))) {
            Wishes.refuseUnread(
                    unit, groupId, number, Receipt.Kind.DAMAGED, "it cannot be read from the store any more");
        }
    }

    private static boolean isReadable(Runnable read) {
        try {
            read.run();
            return true;
        } catch (StoreException e) {
            if (e.reason() != StoreException.Reason.DAMAGED) {
                throw e;
            }
            return false;
        }
    }
}
