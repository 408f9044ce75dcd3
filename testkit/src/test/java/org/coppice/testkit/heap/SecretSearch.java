package org.coppice.testkit.heap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds any of many secrets anywhere in a file. A secret counts as found if any run of 16 of its bytes, wherever it begins in it, or all
 * of a shorter one, is there in any of its {@link SecretForms}.
 */
final class SecretSearch {
    private static final int WINDOW = 16;
    /** Of a nonce the part that the reuse guard leaves as it is (RFC 9420 §6.3.1). */
    private static final int NONCE = 12;

    private static final int GUARD = 4;

    /** Fewer bytes than these occur by chance. */
    private static final int KEY = 8;

    /** A place where a secret is. */
    record Hit(LoggedSecret secret, String form, int offset) {}

    private record Pattern(LoggedSecret secret, String form, byte[] bytes) {}

    /** By the first eight bytes; the first list entry decides on the slot of an open-addressed table. */
    private final List<List<Pattern>> patterns = new ArrayList<>();

    private long[] keys = new long[1 << 10];
    private int[] slots = new int[1 << 10];

    SecretSearch(List<LoggedSecret> secrets) {
        for (LoggedSecret secret : secrets) {
            byte[] value = secret.value().toByteArray();
            boolean isPrivateKey = Set.of(
                            SecretKind.TREE_KEY, SecretKind.INIT_KEY, SecretKind.SIGNATURE_KEY, SecretKind.HPKE)
                    .contains(secret.kind());
            for (Map.Entry<String, byte[]> form :
                    SecretForms.of(value, isPrivateKey).entrySet()) {
                addWindows(secret, form.getKey(), form.getValue());
            }
        }
    }

    private void addWindows(LoggedSecret secret, String form, byte[] bytes) {
        if (bytes.length == NONCE) {
            add(new Pattern(secret, form, slice(bytes, GUARD, NONCE)));
            return;
        }
        for (int at = 0; at + WINDOW <= bytes.length; at++) {
            add(new Pattern(secret, form, slice(bytes, at, at + WINDOW)));
        }
        if (bytes.length < WINDOW && bytes.length >= KEY) {
            add(new Pattern(secret, form, bytes));
        }
    }

    private static byte[] slice(byte[] in, int from, int to) {
        return Arrays.copyOfRange(in, from, to);
    }

    private void add(Pattern pattern) {
        if (2 * patterns.size() > keys.length) {
            grow();
        }
        long key = ByteBuffer.wrap(pattern.bytes()).getLong();
        int slot = slotOf(key, keys, slots);
        if (slots[slot] == 0) {
            patterns.add(new ArrayList<>());
            keys[slot] = key;
            slots[slot] = patterns.size();
        }
        patterns.get(slots[slot] - 1).add(pattern);
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

    /** All places, in order. */
    List<Hit> in(byte[] file) {
        List<Hit> out = new ArrayList<>();
        long window = 0;
        for (int i = 0; i < file.length; i++) {
            window = window << 8 | file[i] & 0xff;
            int slot = slots[slotOf(window, keys, slots)];
            if (slot != 0 && i >= KEY - 1) {
                addHits(patterns.get(slot - 1), file, i - KEY + 1, out);
            }
        }
        return out;
    }

    private static void addHits(List<Pattern> candidates, byte[] file, int at, List<Hit> out) {
        Set<LoggedSecret> seen = new HashSet<>();
        for (Pattern pattern : candidates) {
            byte[] bytes = pattern.bytes();
            if (at + bytes.length <= file.length
                    && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length)
                    && seen.add(pattern.secret())) {
                out.add(new Hit(pattern.secret(), pattern.form(), at));
            }
        }
    }
}
