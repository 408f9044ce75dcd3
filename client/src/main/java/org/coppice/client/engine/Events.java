package org.coppice.client.engine;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.coppice.client.model.ClientEvent;

/** Hands events to listeners in the order of the commits, one at a time, outside of every other lock. Thread safe. */
public final class Events {
    private final ConcurrentLinkedQueue<ClientEvent> queue = new ConcurrentLinkedQueue<>();
    private final List<Consumer<ClientEvent>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock delivering = new ReentrantLock();

    /** Adds a listener, which gets all events from now on. */
    public void listen(Consumer<ClientEvent> listener) {
        listeners.add(listener);
    }

    /** Ends what {@link #listen} began. */
    public void unlisten(Consumer<ClientEvent> listener) {
        listeners.remove(listener);
    }

    void add(List<ClientEvent> events) {
        queue.addAll(events);
    }

    /** Delivers what waits, unless a thread is at it, maybe this one in a call from a listener: that one goes on. */
    void deliver() {
        while (!queue.isEmpty() && !delivering.isHeldByCurrentThread() && delivering.tryLock()) {
            try {
                ClientEvent event;
                while ((event = queue.poll()) != null) {
                    for (Consumer<ClientEvent> listener : listeners) {
                        tell(listener, event);
                    }
                }
            } finally {
                delivering.unlock();
            }
        }
    }

    /** A listener's mistake is its application's: neither other listeners nor whoever brought the event about is to suffer from it. */
    private static void tell(Consumer<ClientEvent> listener, ClientEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
