package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;

/**
 * One unit of work: a transaction of the store that the groups of mls join, and the events to tell once it is committed. Unless it is
 * committed, closing it undoes all of it, and forgets the groups that it changed, so that they are read from the store again.
 */
final class Unit implements AutoCloseable {
    private final Account account;
    private final StoreTransaction transaction;
    private final List<ClientEvent> events = new ArrayList<>();
    private final Set<Bytes> used = new HashSet<>();
    private final Set<Bytes> changed = new HashSet<>();
    private boolean committed;

    Unit(Account account, StoreTransaction transaction) {
        this.account = account;
        this.transaction = transaction;
    }

    /** The records. */
    StoreTransaction records() {
        return transaction;
    }

    /** Says that the unit works with the group. */
    void uses(Bytes groupId) {
        used.add(groupId);
    }

    /** Says that the group's state in memory changes with this unit. */
    void changes(Bytes groupId) {
        changed.add(groupId);
    }

    /** Whether the unit has used the group. */
    boolean isUsing(Bytes groupId) {
        return used.contains(groupId);
    }

    /** Tells {@code event} once the unit is committed. */
    void tell(ClientEvent event) {
        events.add(event);
    }

    void commit() {
        transaction.commit();
        committed = true;
        account.receipts().note(events);
        account.events().add(events);
    }

    @Override
    public void close() {
        try {
            transaction.close();
        } finally {
            if (!committed) {
                changed.forEach(account.groups()::forget);
            }
            account.end();
        }
        account.events().deliver();
    }
}
