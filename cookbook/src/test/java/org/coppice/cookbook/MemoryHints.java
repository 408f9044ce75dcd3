package org.coppice.cookbook;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;

/** Tells one listener what has grown, one hint after the other, on a thread of its own: a slow listener holds up nobody. */
final class MemoryHints implements Subscription {
    private final MemoryDelivery service;
    private final ClientId client;
    private final BlockingQueue<Hint> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;

    MemoryHints(MemoryDelivery service, ClientId client, HintListener listener) {
        this.service = service;
        this.client = client;
        this.thread = new Thread(() -> run(listener), "hints");
        thread.setDaemon(true);
        thread.start();
    }

    ClientId client() {
        return client;
    }

    void tell(Hint hint) {
        waiting.add(hint);
    }

    private void run(HintListener listener) {
        try {
            while (true) {
                listener.onHint(waiting.take(), "0"); // whoever resumes is told everything
            }
        } catch (InterruptedException e) {
            // It was closed.
        }
    }

    @Override
    public void close() {
        synchronized (service) {
            service.hints.remove(this);
        }
        thread.interrupt();
    }
}
