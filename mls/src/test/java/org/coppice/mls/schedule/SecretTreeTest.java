package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.TreeUser.APP;
import static org.coppice.mls.schedule.TreeUser.EPOCH;
import static org.coppice.mls.schedule.TreeUser.HS;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RFC 9420 §9: which keys the tree gives, and at what cost. */
class SecretTreeTest {
    /** R-9-01 to -03, R-9.1-02 and -03. */
    @Test
    @Tag("R-9-01")
    @Tag("R-9-02")
    @Tag("R-9-03")
    @Tag("R-9.1-02")
    @Tag("R-9.1-03")
    void keysAreThoseOfTheFormulasForEveryLeafAndType() throws ValidationException {
        for (long leaves : new long[] {1, 2, 8}) {
            try (TreeUser user = new TreeUser(SUITE_1, leaves, leaves)) {
                for (long generation : new long[] {0, 1, 5, 3}) {
                    for (long leaf = 0; leaf < leaves; leaf++) {
                        for (RatchetType type : RatchetType.values()) {
                            assertThat(user.receive(leaf, type, generation))
                                    .isEqualTo(user.expected(leaf, type, generation));
                        }
                    }
                }
            }
        }
    }

    /** R-6.3.1-05, R-9.1-01: a generation is never given twice, whoever asks, and no two keys are alike. */
    @Test
    @Tag("R-9.1-01")
    void sendingGoesOnByOneInEachRatchet() throws ValidationException {
        Set<Bytes> seen = new HashSet<>();
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            for (int i = 0; i < 5; i++) {
                assertThat(user.send(2, APP))
                        .isEqualTo(user.expected(2, APP, i))
                        .matches(seen::add);
                assertThat(user.send(2, HS)).isEqualTo(user.expected(2, HS, i)).matches(seen::add);
            }
            assertThat(user.tree.nextGeneration(new LeafIndex(2), APP)).isEqualTo(5);
            assertThat(user.tree.nextGeneration(new LeafIndex(1), APP)).isZero();
            assertThatThrownBy(() -> user.receive(2, APP, 4)).isInstanceOf(DuplicateMessageException.class);
        }
    }

    /** R-6.3.1-06: what was sent before a restart is not sent again. */
    @Test
    @Tag("R-9.1-01")
    void sendingGoesOnAfterARestart() throws Exception {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.send(0, APP);
            user.restart();
            assertThat(user.send(0, APP)).isEqualTo(user.expected(0, APP, 1));
        }
    }

    /** R-6.3.1-06: the crash came between the write and the sending; the generation is lost, not used twice. */
    @Test
    @Tag("R-9.1-01")
    void generationThatWasWrittenButNotSentIsNotUsedAfterARestart() throws Exception {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            try (PendingKey key = user.tree.nextSendingKey(new LeafIndex(0), APP)) {
                user.write(key);
            }
            user.tree.close();
            user.tree = user.restored();
            assertThat(user.send(0, APP)).isEqualTo(user.expected(0, APP, 1));
        }
    }

    /** R-6.3.1-07 and -09. */
    @Test
    void reuseGuardIsMixedIntoTheFirstFourBytesOfTheNonceOnly() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 2, 1);
                PendingKey key = user.receiving(0, APP, 0)) {
            byte[] nonce = key.nonce().exposeCopy();
            byte[] guarded = key.guardedNonce(Bytes.fromHex("01020380"));
            assertThat(guarded).hasSize(12);
            for (int i = 0; i < 12; i++) {
                int guard = i == 3 ? 0x80 : i < 3 ? i + 1 : 0;
                assertThat(guarded[i] ^ nonce[i]).isEqualTo((byte) guard);
            }
            // The ratchet's nonce is not the caller's array.
            assertThat(key.nonce().exposeCopy()).isEqualTo(nonce);
            assertThatThrownBy(() -> key.guardedNonce(Bytes.fromHex("010203")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aMessageCostsThreeDerivationsAndALateOneNone() throws ValidationException {
        WatchingHash watch = new WatchingHash(SUITE_1.parts().hash());
        SuiteCrypto crypto = ScheduleFixture.watched(SUITE_1, watch);
        try (TreeUser user = new TreeUser(crypto, 1 << 14, 1)) {
            user.receive(77, APP, 0);
            // Two for each level, two ratchets, and the message.
            assertThat(watch.macs()).isEqualTo(2 * 14 + 2 + 3);
            watch.reset();
            user.receive(77, APP, 1);
            assertThat(watch.macs()).isEqualTo(3);
            watch.reset();
            user.receive(77, HS, 0);
            assertThat(watch.macs()).isEqualTo(3);
            watch.reset();
            user.receive(76, HS, 0);
            assertThat(watch.macs()).as("the neighbour's leaf is known").isEqualTo(2 + 3);
            watch.reset();
            user.receive(77, APP, 5);
            assertThat(watch.macs()).isEqualTo(3 * 4);
            watch.reset();
            user.receive(77, APP, 3);
            assertThat(watch.macs()).isZero();
        }
    }

    @Test
    void aNewEpochIsOneRecordAndFirstUseWritesOneForEachLevel() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 1 << 14, 1)) {
            assertThat(user.stored()).hasSize(1);
            user.receive(9999, APP, 0);
            assertThat(user.stored()).hasSize(14 + 2);
            user.receive(9999, APP, 1);
            assertThat(user.stored()).hasSize(14 + 2);
        }
    }

    @Test
    void theLargestTreeHasAPlaceForTheLastLeaf() throws ValidationException {
        long leaves = 1L << 32;
        try (TreeUser user = new TreeUser(SUITE_1, leaves, 1)) {
            assertThat(user.receive(leaves - 1, APP, 0)).isEqualTo(user.expected(leaves - 1, APP, 0));
            assertThat(user.receive(0, APP, 0)).isEqualTo(user.expected(0, APP, 0));
            assertThat(user.stored()).hasSize(32 + 2 + 31 + 1);
        }
    }

    /** R-9-01: the tree is over all 2^d leaves. */
    @Test
    @Tag("R-9-01")
    void refusesASizeThatIsNoPowerOfTwo() {
        for (long wrong : new long[] {-1, 0, 3, 6, (1L << 32) + 1, 1L << 33}) {
            try (Secret secret = ScheduleFixture.seeded(SUITE_1, 1)) {
                assertThatThrownBy(() -> SecretTree.of(secret, wrong, SUITE_1))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void epochsDoNotShareRecords() throws Exception {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.receive(1, APP, 3);
            Map<Bytes, Bytes> other = ScheduleFixture.dump(user.tree, TreeUser.EPOCH + 1);
            assertThat(other.keySet()).doesNotContainAnyElementsOf(user.dump().keySet());
        }
    }

    @Test
    void printsNoSecret() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.receive(1, APP, 3);
            assertThat(user.tree.toString()).isEqualTo("SecretTree[4 leaves, 2 nodes, 1 senders, 3 skipped keys]");
            try (PendingKey key = user.receiving(1, APP, 4)) {
                assertThat(key.toString()).isEqualTo("AdvancingKey[generation 4]");
            }
        }
    }

    @Test
    void aClosedTreeGivesNothing() throws ValidationException {
        TreeUser user = new TreeUser(SUITE_1, 4, 1);
        user.receive(1, APP, 1);
        PendingKey next = user.receiving(1, APP, 2);
        PendingKey late = user.receiving(1, APP, 0);
        PendingKey first = user.receiving(3, APP, 0);
        user.tree.close();
        user.tree.close();
        assertThat(user.tree.isClosed()).isTrue();
        for (PendingKey key : new PendingKey[] {next, late, first}) {
            assertThatThrownBy(key::confirm).isInstanceOf(IllegalStateException.class);
            key.close();
        }
        assertThatThrownBy(() -> user.receiving(1, APP, 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> user.tree.nextSendingKey(new LeafIndex(0), APP))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(user::dump).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> user.tree.deleteAll(StateChange.builder(ScheduleFixture.GROUP), EPOCH))
                .isInstanceOf(IllegalStateException.class);
        assertThat(user.tree.skippedCount()).isZero();
    }

    @Test
    void deletingATreeLeavesNoRecordOfIt() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.receive(1, APP, 3);
            user.receive(5, HS, 0);
            StateChange.Builder builder = StateChange.builder(ScheduleFixture.GROUP);
            user.tree.deleteAll(builder, TreeUser.EPOCH);
            user.store.apply(builder.build());
            assertThat(user.stored()).isEmpty();
        }
    }
}
