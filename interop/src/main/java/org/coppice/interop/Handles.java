package org.coppice.interop;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbers for what is kept between calls. No two things share a number, whatever they are: a pre-shared key is given to a state or
 * a transaction by the number alone. Thread safe.
 */
final class Handles {
    private final Map<Integer, Object> things = new ConcurrentHashMap<>();
    /** 0 is what a caller sends who has no number. */
    private final AtomicInteger last = new AtomicInteger();

    int put(Object thing) {
        int id = last.incrementAndGet();
        things.put(id, thing);
        return id;
    }

    /** Throws {@link NoSuchElementException} if there is no such thing of this type. */
    <T> T get(int id, Class<T> type) {
        Object thing = things.get(id);
        if (!type.isInstance(thing)) {
            throw missing(id, type);
        }
        return type.cast(thing);
    }

    /** Forgets a thing and hands it over for the last time. */
    <T> T remove(int id, Class<T> type) {
        T thing = get(id, type);
        if (!things.remove(id, thing)) {
            throw missing(id, type);
        }
        return thing;
    }

    /** Forgets what has this number, if anything has. */
    void discard(int id) {
        things.remove(id);
    }

    private static NoSuchElementException missing(int id, Class<?> type) {
        return new NoSuchElementException("no " + type.getSimpleName() + " has the number " + id);
    }

    /** How many things are kept. */
    int size() {
        return things.size();
    }
}
