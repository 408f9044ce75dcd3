package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.TreeUser.APP;
import static org.coppice.mls.schedule.TreeUser.EPOCH;
import static org.coppice.mls.schedule.TreeUser.HS;

import java.util.HashMap;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RFC 9420 §15.3: messages out of order, within limits. */
class RatchetLimitsTest {
    private static final long LAST = 0xffff_ffffL;

    /** R-15.3-04: nothing is derived, and the ratchet goes on. */
    @Test
    void lastGenerationAtTheStartIsRefusedAtOnce() throws ValidationException {
        WatchingHash watch = new WatchingHash(SUITE_1.parts().hash());
        SuiteCrypto crypto = ScheduleFixture.watched(SUITE_1, watch);
        try (TreeUser user = new TreeUser(crypto, 8, 1)) {
            Map<Bytes, Bytes> before = user.dump();
            tooFar(user, APP, LAST);
            tooFar(user, HS, LAST);
            assertThat(watch.macs()).isZero();
            assertThat(user.dump()).isEqualTo(before);
            assertThat(user.receive(3, APP, 0)).isEqualTo(user.expected(3, APP, 0));
            tooFar(user, APP, LAST);
        }
    }

    /** R-15.3-03. */
    @Test
    void messageMaySkipAsManyGenerationsAsTheLimitSays() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(5, 100, 100);
            tooFar(user, APP, 6);
            user.receive(3, APP, 5);
            tooFar(user, APP, 12);
            user.receive(3, APP, 11);
            user.limits = new RatchetLimits(0, 100, 100);
            tooFar(user, APP, 13);
            user.receive(3, APP, 12);
        }
    }

    private static void tooFar(TreeUser user, RatchetType type, long generation) {
        assertThatThrownBy(() -> user.receiving(3, type, generation))
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.GENERATION_TOO_FAR));
    }

    /** R-15.3-01. */
    @Test
    @Tag("R-9.2-07")
    void messagesOpenInAnyOrder() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            for (long generation : new long[] {7, 3, 0, 6, 12, 1, 2, 11, 4, 5, 8, 10, 9}) {
                assertThat(user.receive(3, APP, generation)).isEqualTo(user.expected(3, APP, generation));
            }
            assertThat(user.tree.skippedCount()).isZero();
            assertThat(user.stored()).hasSize(3 + 2);
        }
    }

    /** R-15.3-02: per sender and type, and the storage forgets too. */
    @Test
    void oldestSkippedKeysOfARatchetMakeRoomForNewOnes() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(100, 3, 100);
            user.receive(1, HS, 2);
            user.receive(3, APP, 2);
            user.receive(3, APP, 5);
            gone(user, APP, 0);
            assertThat(user.tree.skippedCount()).isEqualTo(2 + 3);
            user.receive(3, APP, 1);
            user.receive(3, APP, 20);
            gone(user, APP, 3);
            gone(user, APP, 16);
            for (long generation = 17; generation < 20; generation++) {
                user.receive(3, APP, generation);
            }
            user.receive(1, HS, 0);
            user.receive(1, HS, 1);
        }
    }

    @Test
    void oldestSkippedKeysOfAllSendersMakeRoomForNewOnes() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(100, 4, 5);
            user.receive(3, APP, 2);
            user.receive(1, HS, 2);
            user.receive(3, HS, 2);
            gone(user, APP, 0);
            assertThat(user.tree.skippedCount()).isEqualTo(5);
            user.receive(3, APP, 1);
            user.receive(1, HS, 0);
            user.receive(6, APP, 4);
            assertThat(user.tree.skippedCount()).isEqualTo(5);
            gone(user, HS, 0);
            user.receive(3, HS, 1);
            assertThat(user.receive(6, APP, 0)).isEqualTo(user.expected(6, APP, 0));
        }
    }

    @Test
    void oldestKeyIsTheSameAfterARestart() throws Exception {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(100, 4, 4);
            user.receive(5, APP, 2);
            user.receive(2, APP, 2);
            user.restart();
            user.receive(3, APP, 1);
            user.restart();
            assertThatThrownBy(() -> user.receiving(5, APP, 0)).isInstanceOf(DuplicateMessageException.class);
            user.receive(2, APP, 0);
            user.receive(5, APP, 1);
        }
    }

    @Test
    void keysSkippedAfterARestartAreTheYoungest() throws Exception {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(100, 4, 4);
            user.receive(2, APP, 3);
            user.restart();
            user.receive(3, APP, 1);
            user.restart();
            user.receive(6, APP, 3);
            assertThatThrownBy(() -> user.receiving(2, APP, 2)).isInstanceOf(DuplicateMessageException.class);
            user.receive(3, APP, 0);
        }
    }

    /** What its own ratchet gave up makes room for nobody else: together there are as many as the limit says, and no fewer. */
    @Test
    void bothLimitsHoldAtOnce() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(100, 3, 4);
            user.receive(1, APP, 1);
            user.receive(5, APP, 3);
            // One must go for its own ratchet's sake, and two more for that of all.
            user.receive(1, APP, 5);
            assertThat(user.tree.skippedCount()).isEqualTo(4);
            assertThatThrownBy(() -> user.receiving(1, APP, 0)).isInstanceOf(DuplicateMessageException.class);
            assertThatThrownBy(() -> user.receiving(5, APP, 0)).isInstanceOf(DuplicateMessageException.class);
            assertThatThrownBy(() -> user.receiving(5, APP, 1)).isInstanceOf(DuplicateMessageException.class);
            user.receive(5, APP, 2);
            for (long generation = 2; generation < 5; generation++) {
                user.receive(1, APP, generation);
            }
        }
    }

    @Test
    void roomThatItsOwnRatchetMadeIsNotMadeAgain() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(100, 2, 3);
            user.receive(5, APP, 1);
            user.receive(1, APP, 2);
            user.receive(1, APP, 4);
            assertThat(user.tree.skippedCount()).isEqualTo(3);
            user.receive(5, APP, 0);
        }
    }

    @Test
    void limitsOfNothingKeepNothing() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            user.limits = new RatchetLimits(100, 0, 100);
            user.receive(3, APP, 9);
            user.limits = new RatchetLimits(100, 100, 0);
            user.receive(3, APP, 19);
            assertThat(user.tree.skippedCount()).isZero();
            gone(user, APP, 18);
            assertThatThrownBy(() -> new RatchetLimits(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new RatchetLimits(0, -1, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new RatchetLimits(0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void gone(TreeUser user, RatchetType type, long generation) {
        assertThatThrownBy(() -> user.receiving(3, type, generation)).isInstanceOf(DuplicateMessageException.class);
    }

    /** The ratchet of leaf 0 of a tree of one, two generations before its end. */
    private static TreeUser nearTheEnd() throws Exception {
        TreeUser user = new TreeUser(SUITE_1, 1, 1);
        Map<Bytes, byte[]> records = new HashMap<>();
        for (RatchetType type : RatchetType.values()) {
            records.put(
                    new RecordKey.Ratchet(EPOCH, 0, type.code()).toBytes(),
                    new TlsWriter().uint64(LAST - 1).vector(user.root).toByteArray());
        }
        user.tree.close();
        user.tree = SecretTree.restore(1, EPOCH, records, SUITE_1);
        StateChange.Builder builder = StateChange.builder(ScheduleFixture.GROUP).deleteGroup();
        user.tree.recordAll(builder, EPOCH);
        user.store.apply(builder.build());
        return user;
    }

    private static Bytes fromTheEnd(TreeUser user, long generation) {
        ReferenceTree formulas = new ReferenceTree(SUITE_1);
        return formulas.step(formulas.forward(user.root, LAST - 1, generation), generation);
    }

    @Test
    void afterTheLastGenerationNothingCanBeSent() throws Exception {
        try (TreeUser user = nearTheEnd()) {
            assertThat(user.send(0, APP)).isEqualTo(fromTheEnd(user, LAST - 1));
            assertThat(user.send(0, APP)).isEqualTo(fromTheEnd(user, LAST));
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> user.tree.nextSendingKey(new LeafIndex(0), APP))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("Commit");
                assertThatThrownBy(() -> user.receiving(0, APP, LAST)).isInstanceOf(DuplicateMessageException.class);
                assertThatThrownBy(() -> user.receiving(0, APP, 0)).isInstanceOf(DuplicateMessageException.class);
                user.restart();
            }
            user.send(0, HS);
        }
    }

    @Test
    void lastGenerationCanBeReceivedPastASkippedOne() throws Exception {
        try (TreeUser user = nearTheEnd()) {
            assertThat(user.receive(0, APP, LAST)).isEqualTo(fromTheEnd(user, LAST));
            user.restart();
            assertThat(user.receive(0, APP, LAST - 1)).isEqualTo(fromTheEnd(user, LAST - 1));
            assertThatThrownBy(() -> user.receiving(0, APP, LAST)).isInstanceOf(DuplicateMessageException.class);
        }
    }

    @Test
    void refusesWhatIsNoGenerationAndNoLeafOfTheTree() {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            assertThatThrownBy(() -> user.receiving(0, APP, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> user.receiving(0, APP, 1L << 32)).isInstanceOf(IllegalArgumentException.class);
            for (long leaf : new long[] {8, 0xffff_ffffL}) {
                assertThatThrownBy(() -> user.receiving(leaf, APP, 0))
                        .isInstanceOfSatisfying(
                                ValidationException.class,
                                e -> assertThat(e.rule()).isEqualTo(Rule.SENDER_DATA_LEAF));
                assertThatThrownBy(() -> user.tree.nextSendingKey(new LeafIndex(leaf), APP))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
