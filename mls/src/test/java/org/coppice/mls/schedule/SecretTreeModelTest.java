package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.state.RecordKey;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random use against a model that knows which generations are left but no secret. The keys must be those of the formulas, every
 * refusal the one that the model expects, and what is held must lead to the keys that are left and to no other.
 *
 * <p>Two trees run side by side: one is stored and restored at random points, the other never.
 */
class SecretTreeModelTest {
    private static final int SEEDS = 30;
    private static final int STEPS = 60;
    /** Generations that one run can reach: beyond it nothing is looked for. */
    private static final int HORIZON = 40;

    @TestFactory
    List<DynamicTest> behavesLikeTheModel() {
        long base = Long.getLong("schedule.seed", 1);
        List<DynamicTest> tests = new ArrayList<>();
        for (CipherSuite suite : CipherSuite.STANDARD) {
            int runs = suite.value() == 1 ? SEEDS : 4;
            for (int i = 0; i < runs; i++) {
                long seed = base + i;
                String name = "suite " + suite.value() + ", schedule.seed=" + seed;
                tests.add(dynamicTest(name, () -> new Run(ScheduleFixture.crypto(suite), seed).go(name)));
            }
        }
        return tests;
    }

    private record RatchetId(long leaf, RatchetType type) {}

    private record Generation(RatchetId ratchet, long value) {}

    private static final class Run {
        private final Random random;
        private final TreeUser user;
        private final TreeUser twin;
        private final Map<RatchetId, Long> next = new HashMap<>();
        /** Skipped generations that are still kept, the oldest first. */
        private final List<Generation> skipped = new ArrayList<>();

        Run(SuiteCrypto crypto, long seed) {
            random = new Random(seed);
            long leaves = 1L << random.nextInt(4);
            user = new TreeUser(crypto, leaves, seed);
            twin = new TreeUser(crypto, leaves, seed);
            limits();
        }

        private void limits() {
            user.limits = new RatchetLimits(random.nextInt(6), random.nextInt(6), random.nextInt(9));
            twin.limits = user.limits;
        }

        void go(String name) {
            try {
                for (int step = 0; step < STEPS; step++) {
                    step();
                    assertThat(user.tree.skippedCount()).isEqualTo(skipped.size());
                    assertThat(withoutOrder(user.dump())).isEqualTo(withoutOrder(twin.dump()));
                    if (step % 10 == 9) {
                        checkReach();
                    }
                }
            } catch (Exception | AssertionError e) {
                fail("with " + name, e);
            } finally {
                user.close();
                twin.close();
            }
        }

        private void step() throws ValidationException, DecodeException {
            int leaf = random.nextInt((int) user.leafCount);
            RatchetType type = random.nextInt(3) == 0 ? RatchetType.HANDSHAKE : RatchetType.APPLICATION;
            RatchetId id = new RatchetId(leaf, type);
            long position = next.getOrDefault(id, 0L);
            switch (random.nextInt(12)) {
                case 0 -> user.restart();
                case 1 -> limits();
                case 2 -> {
                    if (position < HORIZON - 8) {
                        Bytes key = user.send(leaf, type);
                        assertThat(key).isEqualTo(user.expected(leaf, type, position));
                        assertThat(twin.send(leaf, type)).isEqualTo(key);
                        next.put(id, position + 1);
                    }
                }
                case 3, 4 -> {
                    Map<Bytes, Bytes> before = user.dump();
                    try (PendingKey forged = user.receiving(leaf, type, position + random.nextInt(8) - 4)) {
                        if (random.nextBoolean()) {
                            TreeUser.keyAndNonce(forged);
                        }
                    } catch (ValidationException | IllegalArgumentException e) {
                        // Whether it is refused is looked at below; here, that nothing changes.
                    }
                    assertThat(user.dump()).isEqualTo(before);
                }
                default -> {
                    if (position < HORIZON - 8) {
                        receive(id, Math.max(0, position + random.nextInt(9) - 4));
                    }
                }
            }
        }

        private void receive(RatchetId id, long generation) throws ValidationException {
            long position = next.getOrDefault(id, 0L);
            Generation wanted = new Generation(id, generation);
            if (generation < position && !skipped.contains(wanted)) {
                assertThatThrownBy(() -> user.receiving(id.leaf, id.type, generation))
                        .isInstanceOf(DuplicateMessageException.class);
                return;
            }
            if (generation - position > user.limits.maxForward()) {
                assertThatThrownBy(() -> user.receiving(id.leaf, id.type, generation))
                        .isInstanceOfSatisfying(
                                ValidationException.class,
                                e -> assertThat(e.rule()).isEqualTo(Rule.GENERATION_TOO_FAR));
                return;
            }
            Bytes key = user.receive(id.leaf, id.type, generation);
            assertThat(key).isEqualTo(user.expected(id.leaf, id.type, generation));
            assertThat(twin.receive(id.leaf, id.type, generation)).isEqualTo(key);
            if (!skipped.remove(wanted)) {
                next.put(id, generation + 1);
                if (generation > position) {
                    skip(id, position, generation);
                }
            }
        }

        private void skip(RatchetId id, long from, long to) {
            boolean any = false;
            for (long g = from; g < to; g++) {
                skipped.add(new Generation(id, g));
                any = true;
            }
            int perRatchet = user.limits.maxSkippedPerRatchet();
            int total = user.limits.maxSkippedTotal();
            if (any && Math.min(perRatchet, total) == 0) {
                // Nothing is kept, so nothing old has to make room.
                skipped.removeIf(g -> g.ratchet.equals(id) && g.value >= from);
                return;
            }
            while (skipped.stream().filter(g -> g.ratchet.equals(id)).count() > perRatchet) {
                skipped.remove(skipped.stream()
                        .filter(g -> g.ratchet.equals(id))
                        .findFirst()
                        .orElseThrow());
            }
            while (skipped.size() > total) {
                skipped.remove(0);
            }
        }

        /** from all that is held, exactly the keys that are left can be derived. */
        private void checkReach() throws DecodeException {
            Map<Generation, Bytes> reachable = new HashMap<>();
            ReferenceTree formulas = new ReferenceTree(user.crypto);
            int split = user.crypto.parts().aead().keyLength();
            for (Map.Entry<Bytes, Bytes> entry : user.dump().entrySet()) {
                TlsReader in = reader(entry.getValue());
                RecordKey key = RecordKey.parse(entry.getKey());
                if (key instanceof RecordKey.SecretNode node) {
                    byte[] secret = in.vector().toByteArray();
                    for (long leaf = 0; leaf < user.leafCount; leaf++) {
                        if (isBelow(2 * leaf, node.node())) {
                            byte[] leafSecret = formulas.leafSecret(secret, node.node(), leaf);
                            for (RatchetType type : RatchetType.values()) {
                                follow(
                                        reachable,
                                        formulas,
                                        new RatchetId(leaf, type),
                                        0,
                                        formulas.ratchet(leafSecret, type, 0, 0));
                            }
                        }
                    }
                } else if (key instanceof RecordKey.Ratchet ratchet) {
                    long position = in.uint64();
                    RatchetId id = new RatchetId(ratchet.leaf(), RatchetType.values()[ratchet.type()]);
                    follow(reachable, formulas, id, position, in.vector().toByteArray());
                } else if (key instanceof RecordKey.MessageKey message) {
                    in.uint64();
                    byte[] both = new byte[split + user.crypto.parts().aead().nonceLength()];
                    in.vector().copyTo(both, 0);
                    in.vector().copyTo(both, split);
                    RatchetId id = new RatchetId(message.leaf(), RatchetType.values()[message.type()]);
                    reachable.put(new Generation(id, message.generation()), Bytes.wrap(both));
                } else {
                    fail("an unexpected record");
                }
            }
            Map<Generation, Bytes> left = new HashMap<>();
            for (long leaf = 0; leaf < user.leafCount; leaf++) {
                for (RatchetType type : RatchetType.values()) {
                    RatchetId id = new RatchetId(leaf, type);
                    for (long g = 0; g < HORIZON; g++) {
                        Generation generation = new Generation(id, g);
                        if (g >= next.getOrDefault(id, 0L) || skipped.contains(generation)) {
                            left.put(generation, user.expected(leaf, type, g));
                        }
                    }
                }
            }
            assertThat(reachable).isEqualTo(left);
        }

        private static void follow(
                Map<Generation, Bytes> out, ReferenceTree formulas, RatchetId id, long from, byte[] secret) {
            byte[] at = secret;
            for (long g = from; g < HORIZON; g++) {
                out.put(new Generation(id, g), formulas.step(at, g));
                at = formulas.forward(at, g, g + 1);
            }
        }

        private static boolean isBelow(long leafNode, long node) {
            long half = (Long.lowestOneBit(~node)) - 1;
            return leafNode >= node - half && leafNode <= node + half;
        }

        /** Skipped keys without the number of their age, which only orders them. */
        private static Map<Bytes, Bytes> withoutOrder(Map<Bytes, Bytes> dump) throws DecodeException {
            Map<Bytes, Bytes> out = new TreeMap<>(dump);
            for (Map.Entry<Bytes, Bytes> entry : out.entrySet()) {
                if (RecordKey.parse(entry.getKey()) instanceof RecordKey.MessageKey) {
                    entry.setValue(entry.getValue().slice(8, entry.getValue().length() - 8));
                }
            }
            return out;
        }

        private static TlsReader reader(Bytes value) {
            return new TlsReader(value, DecodeLimits.DEFAULT);
        }
    }
}
