package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.TreeUser.APP;
import static org.coppice.mls.schedule.TreeUser.EPOCH;
import static org.coppice.mls.schedule.TreeUser.HS;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Reachable;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RFC 9420 §9.2: what is consumed is gone at once, what is not stays. */
class RatchetDeletionTest {
    /** The worked example of §9.2, rows R-9.2-03 to -05, -07 and -10: A receives generation 1 of D and not 0. */
    @Test
    @Tag("R-9.2-03")
    @Tag("R-9.2-04")
    @Tag("R-9.2-05")
    @Tag("R-9.2-07")
    @Tag("R-9.2-10")
    void exampleOfTheSpecificationKeepsExactlyWhatItLists() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.receive(3, APP, 1);

            ReferenceTree formulas = new ReferenceTree(SUITE_1);
            byte[] d = formulas.leafSecret(user.root, 3, 3);
            Map<Bytes, Bytes> expected = new LinkedHashMap<>();
            expected.put(new RecordKey.SecretNode(EPOCH, 1).toBytes(), vector(treeNode(user, "left")));
            expected.put(
                    new RecordKey.SecretNode(EPOCH, 4).toBytes(),
                    vector(Bytes.wrap(formulas.leafSecret(user.root, 3, 2))));
            expected.put(new RecordKey.Ratchet(EPOCH, 3, 0).toBytes(), position(0, formulas.ratchet(d, HS, 0, 0)));
            expected.put(new RecordKey.Ratchet(EPOCH, 3, 1).toBytes(), position(2, formulas.ratchet(d, APP, 0, 2)));
            Bytes k0n0 = user.expected(3, APP, 0);
            expected.put(
                    new RecordKey.MessageKey(EPOCH, 3, 1, 0).toBytes(),
                    new TlsWriter()
                            .uint64(0)
                            .vector(k0n0.slice(0, 16))
                            .vector(k0n0.slice(16, 12))
                            .toBytes());
            assertThat(user.dump()).isEqualTo(expected);
            assertThat(user.stored()).isEqualTo(expected);
        }
    }

    /** E of the example: the left child of the root. */
    private static Bytes treeNode(TreeUser user, String side) {
        try (Secret root = Secret.wrap(user.root.clone());
                Secret child = SUITE_1.expandWithLabel(
                        root, "tree", Bytes.wrap(side.getBytes(StandardCharsets.US_ASCII)), 32)) {
            return ScheduleFixture.exposed(child);
        }
    }

    private static Bytes vector(Bytes secret) {
        return new TlsWriter().vector(secret).toBytes();
    }

    private static Bytes position(long generation, byte[] secret) {
        return new TlsWriter().uint64(generation).vector(secret).toBytes();
    }

    /** R-9.2-01, -03 and -04: every secret from which anything was derived is zero once the message is opened. */
    @Test
    @Tag("R-9.2-01")
    @Tag("R-9.2-03")
    @Tag("R-9.2-04")
    void confirmingWipesAllThatTheKeyWasDerivedFrom() throws ValidationException {
        WatchingHash watch = new WatchingHash(SUITE_1.parts().hash());
        SuiteCrypto crypto = ScheduleFixture.watched(SUITE_1, watch);
        try (TreeUser user = new TreeUser(crypto, 16, 1)) {
            user.receive(5, APP, 4);
            // Five nodes from the root to the leaf, and five ratchet secrets.
            assertThat(watch.seen()).isEqualTo(10);
            assertThat(watch.alive()).isZero();
            watch.reset();
            user.send(5, HS);
            assertThat(watch.seen()).isEqualTo(1);
            assertThat(watch.alive()).isZero();
        }
    }

    /** R-9.2-08: without confirmation the tree's own secrets stay, and the temporary ones are zero. */
    @Test
    @Tag("R-9.2-08")
    void closingUnconfirmedWipesOnlyWhatWasDerivedOnTheWay() throws ValidationException {
        WatchingHash watch = new WatchingHash(SUITE_1.parts().hash());
        SuiteCrypto crypto = ScheduleFixture.watched(SUITE_1, watch);
        try (TreeUser user = new TreeUser(crypto, 16, 1)) {
            user.receiving(5, APP, 4).close();
            assertThat(watch.seen()).isEqualTo(10);
            assertThat(watch.alive()).as("the root, which is still held").isEqualTo(1);
            user.receive(5, APP, 0);
            watch.reset();
            user.receiving(5, APP, 4).close();
            assertThat(watch.alive()).as("the ratchet's secret").isEqualTo(1);
        }
    }

    /** R-9.2-05. */
    @Test
    @Tag("R-9.2-05")
    @Tag("A-6.1-09")
    @Tag("A-8.2.2-01")
    @Tag("A-8.3-01")
    void keyAndNonceAreWipedOnceUsed() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 2, 1)) {
            for (long generation : new long[] {2, 0, 3}) {
                PendingKey key = user.receiving(1, APP, generation);
                Secret secret = key.key();
                Secret nonce = key.nonce();
                user.write(key);
                key.confirm();
                assertThat(secret.isClosed()).isTrue();
                assertThat(nonce.isClosed()).isTrue();
                assertThatThrownBy(key::key).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(key::nonce).isInstanceOf(IllegalStateException.class);
            }
            PendingKey unused = user.receiving(1, APP, 4);
            Secret secret = unused.key();
            unused.close();
            assertThat(secret.isClosed()).isTrue();
        }
    }

    /** What was derived in vain is wiped: siblings, ratchets, skipped keys and the next secret; the tree's own stay. */
    @Test
    void closingUnconfirmedWipesWhatWasDerivedAndNoSecretOfTheTree() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 16, 1)) {
            user.receive(2, APP, 2);
            for (long leaf : new long[] {2, 9}) {
                Set<Secret> held = Reachable.secretsOf(user.tree);
                PendingKey key = user.receiving(leaf, APP, 7);
                Set<Secret> derived = Reachable.secretsOf(key);
                derived.removeAll(held);
                // Key, nonce and next secret, skipped keys; at first use also siblings and ratchets.
                assertThat(derived)
                        .hasSize(3 + (leaf == 2 ? 2 * 4 : 2 * 7 + 3 + 2))
                        .noneMatch(Secret::isClosed);
                key.close();
                assertThat(derived).allMatch(Secret::isClosed);
                assertThat(held).noneMatch(Secret::isClosed);
            }
        }
    }

    @Test
    void closingTheTreeWipesEverySecret() throws ValidationException {
        TreeUser user = new TreeUser(SUITE_1, 16, 1);
        user.receive(2, APP, 2);
        Set<Secret> held = Reachable.secretsOf(user.tree);
        // Four siblings, two ratchets, two skipped keys with nonces.
        assertThat(held).hasSize(4 + 2 + 4).noneMatch(Secret::isClosed);
        user.tree.close();
        assertThat(held).allMatch(Secret::isClosed);
    }

    /** R-9.2-09. */
    @Test
    @Tag("R-9.2-09")
    void secondMessageOfAGenerationIsRefusedAndChangesNothing() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.receive(1, APP, 0);
            user.receive(1, APP, 3);
            user.receive(1, APP, 2);
            Map<Bytes, Bytes> before = user.dump();
            for (long generation : new long[] {0, 2, 3}) {
                assertThatThrownBy(() -> user.receiving(1, APP, generation))
                        .isInstanceOf(DuplicateMessageException.class);
            }
            assertThat(user.dump()).isEqualTo(before);
            user.receive(1, APP, 1);
            user.receive(1, HS, 0);
        }
    }

    /** R-9.2-08: forged messages, first use, next, far and late, do no harm to the genuine ones. */
    @Test
    @Tag("R-9.2-08")
    void genuineMessageOpensAfterAForgedOneOfTheSameGeneration() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            for (long generation : new long[] {2, 0, 3, 9, 4}) {
                Map<Bytes, Bytes> before = user.dump();
                for (int i = 0; i < 3; i++) {
                    user.receiving(6, APP, generation).close();
                    user.receiving(6, APP, 20).close();
                    user.receiving(6, HS, 5).close();
                    user.receiving(1, HS, 0).close();
                    assertThat(user.dump()).isEqualTo(before);
                }
                assertThat(user.receive(6, APP, generation)).isEqualTo(user.expected(6, APP, generation));
            }
        }
    }

    /** The write failed, so the operation failed: the same key is given again, and only memory counts. */
    @Test
    void failedWriteConsumesNothing() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            for (long generation : new long[] {2, 0, 3}) {
                Map<Bytes, Bytes> before = user.dump();
                try (PendingKey key = user.receiving(6, APP, generation)) {
                    key.record(StateChange.builder(ScheduleFixture.GROUP), EPOCH);
                }
                assertThat(user.dump()).isEqualTo(before);
                assertThat(user.receive(6, APP, generation)).isEqualTo(user.expected(6, APP, generation));
            }
            try (PendingKey key = user.tree.nextSendingKey(new LeafIndex(0), APP)) {
                key.record(StateChange.builder(ScheduleFixture.GROUP), EPOCH);
            }
            assertThat(user.send(0, APP)).isEqualTo(user.expected(0, APP, 0));
        }
    }

    @Test
    void keyIsUsedOnceOrNotAtAll() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 2, 1)) {
            PendingKey used = user.receiving(1, APP, 0);
            used.confirm();
            assertThatThrownBy(used::confirm).isInstanceOf(IllegalStateException.class);
            used.close();
            PendingKey closed = user.receiving(1, APP, 1);
            closed.close();
            closed.close();
            assertThatThrownBy(closed::confirm).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> user.write(closed)).isInstanceOf(IllegalStateException.class);
        }
    }
}
