package org.coppice.client.scenario;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
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

    private void step(String where, java.util.function.Function<String, ? extends Exception> failure) throws Exception {
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
        return proxy(DeliverySession.class, session, (method, args) -> {
            if (method.equals("close") || method.equals("self")) {
                return () -> {};
            }
            step("before " + method, IOException::new);
            return () -> step("after " + method, IOException::new);
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
                return proxy(StoreTransaction.class, transaction, (method, args) -> {
                    if (!method.equals("commit")) {
                        return () -> {};
                    }
                    step("before commit", Crashes::failed);
                    // A store that has committed does not say that it failed.
                    return () -> {
                        if (dies) {
                            step("after commit", Crashes::failed);
                        }
                    };
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

    /** What follows a call. */
    @FunctionalInterface
    private interface After {
        void run() throws Exception;
    }

    /** What surrounds a call: runs before it and gives what runs after it. */
    @FunctionalInterface
    private interface Around {
        After before(String method, Object[] args) throws Exception;
    }

    private static <T> T proxy(Class<T> type, T target, Around around) {
        return type.cast(Proxy.newProxyInstance(
                Crashes.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    After after = around.before(method.getName(), args);
                    try {
                        Object result = method.invoke(target, args);
                        after.run();
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
