package org.coppice.delivery.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;

/** Who is subscribed at {@link FakeService}, and how hints get there: all on one thread. */
final class FakeHints {
    private record Subscriber(ClientId client, HintListener listener) {}

    final AtomicLong clock = new AtomicLong();
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private final Executor executor;

    FakeHints(Executor executor) {
        this.executor = executor;
    }

    Subscription subscribe(ClientId client, HintListener listener, Iterable<Hint> present) {
        Subscriber subscriber = new Subscriber(client, listener);
        subscribers.add(subscriber);
        executor.execute(() -> present.forEach(hint -> listener.onHint(hint, "e" + clock.incrementAndGet())));
        return () -> subscribers.remove(subscriber);
    }

    int subscribers() {
        return subscribers.size();
    }

    void toAll(Hint hint) {
        tell(hint, null);
    }

    void to(ClientId client, Hint hint) {
        tell(hint, client);
    }

    /** As when the client is logged out. */
    void interrupt(ClientId client, IOException cause) {
        for (Subscriber subscriber : subscribers) {
            if (client.equals(subscriber.client()) && subscribers.remove(subscriber)) {
                subscriber.listener().onInterrupted(cause);
            }
        }
    }

    private void tell(Hint hint, ClientId only) {
        try {
            executor.execute(() -> {
                String id = "e" + clock.incrementAndGet();
                for (Subscriber subscriber : subscribers) {
                    if (only == null || only.equals(subscriber.client())) {
                        subscriber.listener().onHint(hint, id);
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            // The service has ended.
        }
    }
}
