package org.coppice.delivery.hint;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The reads that wait for a topic to grow. Thread safe. */
final class Waiters {
    private final Map<Topic, Set<Waiter>> byTopic = new TreeMap<>();

    /** A waiter that sees every wake-up from now on. */
    Waiter add(Topic topic) {
        Waiter waiter = new Waiter(this, topic);
        synchronized (byTopic) {
            byTopic.computeIfAbsent(topic, key -> new HashSet<>()).add(waiter);
        }
        return waiter;
    }

    void remove(Waiter waiter) {
        synchronized (byTopic) {
            Set<Waiter> all = byTopic.get(waiter.topic());
            if (all != null && all.remove(waiter) && all.isEmpty()) {
                byTopic.remove(waiter.topic());
            }
        }
    }

    void wake(Topic topic) {
        synchronized (byTopic) {
            byTopic.getOrDefault(topic, Set.of()).forEach(Waiter::wake);
        }
    }

    void wakeAll() {
        synchronized (byTopic) {
            byTopic.values().forEach(all -> all.forEach(Waiter::wake));
        }
    }

    int size() {
        synchronized (byTopic) {
            return byTopic.values().stream().mapToInt(Set::size).sum();
        }
    }
}
