package org.coppice.client.scenario;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.DeliverySession;

/**
 * Kills a client at one of its steps: before or after a request reaches the service, before a transaction begins, before or after it is
 * committed. Steps are counted from 1.
 */
final class Crashes {
    private long crashAt;
    private long steps;
    final List<String> trace = new ArrayList<>();

    /** @param crashAt the step to die at; 0 for none */
    Crashes(long crashAt) {
        this.crashAt = crashAt;
    }

    /** The process is gone. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super(where);
        }
    }

    long steps() {
        return steps;
    }

    private void step(String where) {
        steps++;
        if (trace.size() < 2000) {
            trace.add(where);
        }
        if (steps == crashAt) {
            throw new Crash(where + " (step " + steps + ")");
        }
    }

    DeliverySession session(DeliverySession session) {
        return proxy(DeliverySession.class, session, (method, args) -> {
            if (method.equals("close") || method.equals("self")) {
                return () -> {};
            }
            step("before " + method);
            return () -> step("after " + method);
        });
    }

    ClientStore store(ClientStore store) {
        return new ClientStore() {
            @Override
            public StoreTransaction begin() {
                step("begin");
                StoreTransaction transaction = store.begin();
                return proxy(StoreTransaction.class, transaction, (method, args) -> {
                    if (!method.equals("commit")) {
                        return () -> {};
                    }
                    step("before commit");
                    return () -> step("after commit");
                });
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    /** What surrounds a call: runs before it and gives what runs after it. */
    @FunctionalInterface
    private interface Around {
        Runnable before(String method, Object[] args);
    }

    private static <T> T proxy(Class<T> type, T target, Around around) {
        return type.cast(Proxy.newProxyInstance(
                Crashes.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    Runnable after = around.before(method.getName(), args);
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
