package org.coppice.client.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.mls.codec.Bytes;

/** Which conversations there are. One whose own record cannot be read is found by what else is kept of it, and set aside. */
final class Roster {
    private final Account account;
    private final Damage damage;

    Roster(Account account, Damage damage) {
        this.account = account;
        this.damage = damage;
    }

    /** The conversations, in no order; without those of which not even the id can be found. */
    List<ConversationState> states() {
        try (Unit unit = account.begin()) {
            return ConversationState.all(unit);
        } catch (StoreException e) {
            Damage.require(e);
        }
        setAside(Set.of());
        try (Unit unit = account.begin()) {
            // Only for this list: nothing of the unit is kept.
            unit.records().deleteDamaged(Spaces.CONVERSATIONS);
            return ConversationState.all(unit);
        }
    }

    /**
     * Sees that the record of every conversation can be read.
     *
     * @param named groups whose ids are known from elsewhere; what is of none of them either is given up
     */
    void mend(Set<Bytes> named) {
        try (Unit unit = account.begin()) {
            ConversationState.all(unit);
            return;
        } catch (StoreException e) {
            Damage.require(e);
        }
        setAside(named);
        try (Unit unit = account.begin()) {
            int lost = unit.records().deleteDamaged(Spaces.CONVERSATIONS).size();
            if (lost > 0) {
                unit.tell(new RecordsLost(Bytes.EMPTY, RecordsLost.Kind.CONVERSATION, lost));
                unit.commit();
            }
        }
    }

    private void setAside(Set<Bytes> named) {
        Set<Bytes> ids = ids();
        ids.addAll(named);
        for (Bytes id : ids) {
            damage.reading(id, () -> {
                try (Unit unit = account.begin()) {
                    return ConversationState.find(unit, id);
                }
            });
        }
    }

    /** The ids that anything names which is kept of a conversation. */
    private Set<Bytes> ids() {
        List<Space> spaces = List.of(
                Spaces.CONVERSATIONS,
                Spaces.OUTGOING,
                Spaces.REPORTS,
                account.groups().store().index(),
                account.groups().candidates().index());
        Set<Bytes> out = new HashSet<>();
        try (Unit unit = account.begin()) {
            // Only for this list: nothing of the unit is kept.
            for (Space space : spaces) {
                unit.records().deleteDamaged(space);
                unit.records().all(space).forEach(record -> out.add(record.key()));
            }
        }
        return out;
    }
}
