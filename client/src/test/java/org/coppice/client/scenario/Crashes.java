package org.coppice.client.scenario;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.coppice.client.Between;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.DeliverySession;

/**
 * Kills a client at one of its steps: before or after a request reaches the service, before a transaction begins, before or after it is
 * committed. Steps are counted from 1.
 */
final class Crashes {
    private final boolean dies;
    private long crashAt;
    private long steps;
    final List<String> trace = new ArrayList<>();

    /** @param crashAt the step to die at; 0 for none */
    Crashes(long crashAt) {
        this(crashAt, true);
    }

    /** @param dies whether the process dies; if not, the step only fails: the disk is full, the answer is lost */
    Crashes(long crashAt, boolean dies) {
        this.crashAt = crashAt;
        this.dies = dies;
    }

    /** The process is gone. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super(where);
        }
    }

    /** Dies so many steps from now; 0 for never. */
    void crashAfter(long more) {
        crashAt = more == 0 ? 0 : steps + more;
    }

    long steps() {
        return steps;
    }

    private void step(String where, Function<String, ? extends Exception> failure) throws Exception {
        steps++;
        if (trace.size() < 2000) {
            trace.add(where);
        }
        if (steps == crashAt) {
            String what = where + " (step " + steps + ")";
            if (dies) {
                throw new Crash(what);
            }
            throw failure.apply(what);
        }
    }

    DeliverySession session(DeliverySession session) {
        return Between.put(DeliverySession.class, session, call -> {
            if (call.is("close") || call.is("self")) {
                return call.go();
            }
            step("before " + call.name(), IOException::new);
            Object result = call.go();
            step("after " + call.name(), IOException::new);
            return result;
        });
    }

    ClientStore store(ClientStore store) {
        return new ClientStore() {
            @Override
            public StoreTransaction begin() {
                try {
                    step("begin", Crashes::failed);
                } catch (StoreException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                StoreTransaction transaction = store.begin();
                return Between.put(StoreTransaction.class, transaction, call -> {
                    if (!call.is("commit")) {
                        return call.go();
                    }
                    step("before commit", Crashes::failed);
                    Object result = call.go();
                    // A store that has committed does not say that it failed.
                    if (dies) {
                        step("after commit", Crashes::failed);
                    }
                    return result;
                });
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    private static StoreException failed(String where) {
        return new StoreException(StoreException.Reason.FAILED, where);
    }
}
