package org.coppice.client.simulator;

import java.io.IOException;
import java.util.Optional;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;

/**
 * One process of a client: it may end, or meet a failure of disk or network, at any step that touches the world outside. Once it has
 * ended, nothing that still runs of it reaches anything.
 */
final class Process {
    private final Disk disk;
    private int stepsToTrouble;
    private boolean dies;
    private Optional<Disk> left = Optional.empty();

    Process(Disk disk) {
        this.disk = disk;
    }

    /** Dies, or fails once, so many steps from now. */
    void trouble(int steps, boolean deadly) {
        stepsToTrouble = steps;
        dies = deadly;
    }

    /** What the process left on the disk, if it has ended. */
    Optional<Disk> left() {
        return left;
    }

    /** Ends it between two steps. */
    Disk end() {
        if (left.isEmpty()) {
            left = Optional.of(disk.atEnd());
        }
        return left.get();
    }

    /** A copy of the disk, made between two steps. */
    Disk backup() {
        return disk.copy();
    }

    /** What fails instead of a crash. */
    @FunctionalInterface
    private interface Failure<E extends Exception> {
        E of(String where);
    }

    private <E extends Exception> void step(String where, Failure<E> failure) throws E {
        if (left.isPresent()) {
            throw new Crash("the process has ended");
        }
        if (stepsToTrouble > 0 && --stepsToTrouble == 0) {
            if (dies) {
                end();
                throw new Crash(where);
            }
            throw failure.of(where);
        }
    }

    /** A step at the network. */
    void network(String where) throws IOException {
        step(where, IOException::new);
    }

    /** The store of this process. */
    ClientStore store() {
        ClientStore store = disk.open();
        return new ClientStore() {
            @Override
            public StoreTransaction begin() {
                step("before a transaction", Process::failed);
                return new Transaction(store.begin());
            }

            @Override
            public void close() {
                disk.release(store);
            }
        };
    }

    private static StoreException failed(String where) {
        return new StoreException(StoreException.Reason.FAILED, where);
    }

    private final class Transaction extends ForwardingTransaction {
        Transaction(StoreTransaction inner) {
            super(inner);
        }

        @Override
        public void commit() {
            step("before a commit", Process::failed);
            super.commit();
            // A store that has committed does not say that it failed; but the process may end.
            if (dies) {
                step("after a commit", Process::failed);
            }
        }
    }
}
