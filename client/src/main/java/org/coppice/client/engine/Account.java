package org.coppice.client.engine;

import java.util.concurrent.locks.ReentrantLock;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;

/** What all parts of a client share: its store, the one lock, its identities, its groups. Thread safe. */
final class Account implements AutoCloseable {
    private final ClientStore store;
    private final ClientEnvironment environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Events events = new Events();
    private final Receipts receipts = new Receipts();
    private final Identities identities;
    private final Groups groups;
    private Unit current;

    Account(ClientStore store, ClientEnvironment environment, Identities identities) {
        this.store = store;
        this.environment = environment;
        this.identities = identities;
        this.groups = new Groups(this);
    }

    /** Begins a unit of work; waits while another thread has one. */
    Unit begin() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread has a unit of work open");
        }
        lock.lock();
        boolean done = false;
        try {
            StoreTransaction transaction = store.begin();
            current = new Unit(this, transaction);
            done = true;
            return current;
        } finally {
            if (!done) {
                lock.unlock();
            }
        }
    }

    /** The unit of work that this thread has open. */
    Unit current() {
        if (!lock.isHeldByCurrentThread() || current == null) {
            throw new IllegalStateException("groups change in units of work only");
        }
        return current;
    }

    void end() {
        current = null;
        lock.unlock();
    }

    /** Deletes a record of the account that cannot be read, and tells so. */
    void giveUp(Bytes key, RecordsLost.Kind kind) {
        try (Unit unit = begin()) {
            unit.records().delete(Spaces.ACCOUNT, key);
            unit.tell(new RecordsLost(Bytes.EMPTY, kind, 1));
            unit.commit();
        }
    }

    /** Has the store take away what deleted records have left. Everything is done already, and the next call tries again. */
    void sweep() {
        try {
            store.sweep();
        } catch (StoreException e) {
            // A store that is out of order says so at the next transaction.
        }
    }

    ClientEnvironment environment() {
        return environment;
    }

    Events events() {
        return events;
    }

    Receipts receipts() {
        return receipts;
    }

    Identities identities() {
        return identities;
    }

    Groups groups() {
        return groups;
    }

    long now() {
        return environment.clock().millis();
    }

    /** Wipes all keys in memory and closes the store. */
    @Override
    public void close() {
        lock.lock();
        try {
            groups.close();
            store.close();
        } finally {
            lock.unlock();
        }
    }
}
