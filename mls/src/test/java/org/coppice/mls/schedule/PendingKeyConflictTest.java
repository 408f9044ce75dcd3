package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.TreeUser.APP;
import static org.coppice.mls.schedule.TreeUser.HS;

import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.Test;

/** Several pending keys at once: the second to be confirmed fails where both would change the same secrets. */
class PendingKeyConflictTest {
    @Test
    void secondKeyOfOneRatchetIsOutOfDate() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.receive(1, APP, 2);
            outOfDate(user, user.receiving(1, APP, 3), user.receiving(1, APP, 3));
            outOfDate(user, user.receiving(1, APP, 4), user.receiving(1, APP, 6));
            outOfDate(user, user.receiving(1, APP, 6), user.receiving(1, APP, 5));
            outOfDate(user, user.receiving(1, APP, 0), user.receiving(1, APP, 0));
            outOfDate(user, user.receiving(1, APP, 7), user.receiving(1, APP, 1));
            outOfDate(user, user.receiving(1, APP, 1), user.receiving(1, APP, 8));
            outOfDate(
                    user,
                    user.tree.nextSendingKey(new LeafIndex(1), APP),
                    user.tree.nextSendingKey(new LeafIndex(1), APP));
            assertThat(user.receive(1, APP, 9)).isEqualTo(user.expected(1, APP, 9));
        }
    }

    @Test
    void secondFirstUseBelowOneNodeIsOutOfDate() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 8, 1)) {
            outOfDate(user, user.receiving(1, APP, 0), user.receiving(6, APP, 0));
            outOfDate(user, user.receiving(6, APP, 0), user.receiving(6, HS, 0));
            // Now below different nodes.
            PendingKey left = user.receiving(3, APP, 0);
            PendingKey right = user.receiving(4, APP, 0);
            user.write(left);
            left.confirm();
            user.write(right);
            right.confirm();
            user.checkStored();
            for (long leaf : new long[] {1, 6, 3, 4}) {
                assertThat(user.receive(leaf, APP, 1)).isEqualTo(user.expected(leaf, APP, 1));
            }
        }
    }

    private static void outOfDate(TreeUser user, PendingKey first, PendingKey second) {
        assertThat(first.isUsable()).isTrue();
        assertThat(second.isUsable()).isTrue();
        user.write(first);
        first.confirm();
        assertThat(first.isUsable()).isFalse();
        assertThat(second.isUsable()).isFalse();
        Map<Bytes, Bytes> before = user.dump();
        assertThatThrownBy(() -> user.write(second)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(second::confirm).isInstanceOf(IllegalStateException.class);
        second.close();
        assertThat(user.dump()).isEqualTo(before);
        user.checkStored();
    }

    @Test
    void aKeyThatWasClosedIsOfNoUse() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            PendingKey key = user.receiving(1, APP, 0);
            assertThat(key.isUsable()).isTrue();
            key.close();
            assertThat(key.isUsable()).isFalse();
            user.checkStored();
        }
    }

    @Test
    void keysOfDifferentRatchetsDoNotDisturbEachOther() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.receive(0, APP, 1);
            user.receive(1, APP, 0);
            PendingKey a = user.receiving(0, APP, 3);
            PendingKey b = user.receiving(0, HS, 2);
            PendingKey c = user.receiving(1, APP, 1);
            for (PendingKey key : new PendingKey[] {c, a, b}) {
                user.write(key);
                key.confirm();
                user.checkStored();
            }
            assertThat(user.tree.skippedCount()).isEqualTo(4);
            assertThat(user.receive(0, APP, 2)).isEqualTo(user.expected(0, APP, 2));
        }
    }

    /** All records go out first, then all is confirmed: as for messages that arrive together. */
    @Test
    void keysThatAreWrittenTogetherAreStoredAsTheyAreConfirmed() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.limits = new RatchetLimits(8, 8, 4);
            user.receive(0, APP, 3);
            user.receive(1, APP, 0);
            PendingKey a = user.receiving(0, HS, 2);
            PendingKey b = user.receiving(1, APP, 3);
            user.write(a);
            user.write(b);
            b.confirm();
            a.confirm();
            user.receive(0, APP, 4);
            assertThat(user.receive(0, HS, 1)).isEqualTo(user.expected(0, HS, 1));
            assertThat(user.receive(1, APP, 2)).isEqualTo(user.expected(1, APP, 2));
        }
    }

    /** The key of a late message was dropped in favour of another sender's while it was pending. */
    @Test
    void lateKeyThatWasDroppedMeanwhileIsOutOfDate() throws ValidationException {
        try (TreeUser user = new TreeUser(SUITE_1, 4, 1)) {
            user.limits = new RatchetLimits(8, 8, 2);
            user.receive(0, APP, 1);
            PendingKey late = user.receiving(0, APP, 0);
            user.receive(1, APP, 2);
            assertThatThrownBy(late::confirm).isInstanceOf(IllegalStateException.class);
            late.close();
            user.checkStored();
        }
    }
}
