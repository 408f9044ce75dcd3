package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

/** The trie of keys compared with a map, also where the hashes of keys collide as no attacker could make them. */
class KeyTrieTest {
    private final Random random = TreeFixture.random("KeyTrieTest");

    /** A map from nodes to keys, under a hash that a test chooses. */
    private static final class MapKeys implements KeyTrie.Keys {
        private final TreeMap<Long, Bytes> keys = new TreeMap<>();
        private final ToLongFunction<Bytes> hash;

        MapKeys(ToLongFunction<Bytes> hash) {
            this.hash = hash;
        }

        @Override
        public Bytes key(long node) {
            return keys.get(node);
        }

        @Override
        public long hash(Bytes key) {
            return hash.applyAsLong(key);
        }

        KeyTrie build() {
            long[] nodes = keys.keySet().stream().mapToLong(x -> x).toArray();
            long[] hashes = keys.values().stream().mapToLong(hash).toArray();
            return KeyTrie.of(hashes, nodes, this);
        }
    }

    @Test
    void agreesWithAMap() {
        run(key -> mix(key.hashCode()), 3000);
    }

    @Test
    void agreesWithAMapWhenAllHashesCollide() {
        run(key -> 0x1234_5678_9abc_def0L, 300);
    }

    @Test
    void agreesWithAMapWhenHashesShareTheirFirstBits() {
        run(key -> 0xffff_ffff_0000_0000L | key.hashCode() & 0xf, 600);
        run(key -> mix(key.hashCode()) | 0xffff_ff00_0000_0000L, 600);
        run(key -> mix(key.hashCode()) << 30, 600);
    }

    private static long mix(int value) {
        long x = value * 0x9e37_79b9_7f4a_7c15L;
        return x ^ x >>> 29;
    }

    private void run(ToLongFunction<Bytes> hash, int steps) {
        MapKeys keys = new MapKeys(hash);
        KeyTrie trie = KeyTrie.EMPTY;
        for (int i = 0; i < steps; i++) {
            long node = random.nextInt(steps / 2);
            // Shrinks again in the second half.
            boolean remove = keys.keys.containsKey(node);
            if (remove) {
                trie = trie.without(keys.key(node), node, keys);
                keys.keys.remove(node);
            } else if (i < steps / 2 || random.nextInt(4) == 0) {
                keys.keys.put(node, Bytes.wrap(new byte[] {(byte) random.nextInt(8), (byte) random.nextInt(100)}));
                trie = trie.with(keys.key(node), node, keys);
            }
            if (i % 50 == 0) {
                compare(trie, keys);
                compare(keys.build(), keys);
            }
        }
        compare(trie, keys);
        for (long node : List.copyOf(keys.keys.keySet())) {
            trie = trie.without(keys.key(node), node, keys);
            keys.keys.remove(node);
        }
        compare(trie, keys);
    }

    private static void compare(KeyTrie trie, MapKeys keys) {
        Map<Bytes, List<Long>> byKey = new HashMap<>();
        keys.keys.forEach((node, key) ->
                byKey.computeIfAbsent(key, x -> new ArrayList<>()).add(node));
        assertThat(trie.excess()).isEqualTo(keys.keys.size() - byKey.size());
        byKey.forEach((key, nodes) -> {
            assertThat(trie.find(key, false, keys)).isEqualTo(nodes.get(0));
            assertThat(trie.find(key, true, keys))
                    .isEqualTo(
                            nodes.stream().filter(x -> x % 2 == 0).findFirst().orElse(-1L));
        });
        assertThat(trie.find(Bytes.fromHex("ffff"), false, keys)).isEqualTo(-1);
    }
}
