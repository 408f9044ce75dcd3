package org.coppice.testkit.search;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds parts of any of many values anywhere in a file, in time that does not depend on how many they are. Not thread safe while values
 * are added.
 *
 * @param <T> what the values are
 */
public final class WindowSearch<T> {
    /** Fewer bytes than these occur by chance; by as many a part is looked up. */
    public static final int SHORTEST = 8;

    /**
     * A part of a value that is in the file.
     *
     * @param form as what it is there
     * @param offset where it begins in the file
     */
    public record Hit<T>(T value, String form, int offset) {}

    /** A part of a form of a value. The form's array belongs to all its parts. */
    private record Part<T>(T value, String form, byte[] bytes, int from, int to) {
        boolean isAt(byte[] file, int at) {
            return at + to - from <= file.length && Arrays.equals(file, at, at + to - from, bytes, from, to);
        }
    }

    /** By their first bytes; the first part of a list decides on the slot of an open-addressed table. */
    private final List<List<Part<T>>> parts = new ArrayList<>();

    private long[] keys = new long[1 << 10];
    private int[] slots = new int[1 << 10];

    /**
     * Has each run of {@code window} bytes of a form be looked for, wherever it begins, or all of a shorter one. One of less than
     * {@link #SHORTEST} bytes is left out.
     *
     * @param bytes is kept, and must not be changed
     */
    public void add(T value, String form, byte[] bytes, int window) {
        if (bytes.length < SHORTEST) {
            return;
        }
        int length = Math.min(window, bytes.length);
        for (int at = 0; at + length <= bytes.length; at++) {
            add(new Part<>(value, form, bytes, at, at + length));
        }
    }

    private void add(Part<T> part) {
        if (2 * parts.size() > keys.length) {
            grow();
        }
        long key = ByteBuffer.wrap(part.bytes()).getLong(part.from());
        int slot = slotOf(key, keys, slots);
        if (slots[slot] == 0) {
            parts.add(new ArrayList<>(1));
            keys[slot] = key;
            slots[slot] = parts.size();
        }
        parts.get(slots[slot] - 1).add(part);
    }

    private void grow() {
        long[] newKeys = new long[2 * keys.length];
        int[] newSlots = new int[2 * keys.length];
        for (int i = 0; i < keys.length; i++) {
            if (slots[i] != 0) {
                int slot = slotOf(keys[i], newKeys, newSlots);
                newKeys[slot] = keys[i];
                newSlots[slot] = slots[i];
            }
        }
        keys = newKeys;
        slots = newSlots;
    }

    private static int slotOf(long key, long[] keys, int[] slots) {
        int mask = keys.length - 1;
        // Fibonacci hashing: heaps are full of small numbers and equal halves.
        int slot = (int) (key * 0x9e3779b97f4a7c15L >>> 40) & mask;
        while (slots[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** All places, in order; at each place a value once. */
    public List<Hit<T>> in(byte[] file) {
        List<Hit<T>> out = new ArrayList<>();
        long window = 0;
        for (int i = 0; i < file.length; i++) {
            window = window << 8 | file[i] & 0xff;
            int slot = slots[slotOf(window, keys, slots)];
            if (slot != 0 && i >= SHORTEST - 1) {
                addHits(parts.get(slot - 1), file, i - SHORTEST + 1, out);
            }
        }
        return out;
    }

    private static <T> void addHits(List<Part<T>> candidates, byte[] file, int at, List<Hit<T>> out) {
        Set<T> seen = new HashSet<>();
        for (Part<T> part : candidates) {
            if (part.isAt(file, at) && seen.add(part.value())) {
                out.add(new Hit<>(part.value(), part.form(), at));
            }
        }
    }
}
