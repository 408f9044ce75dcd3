package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hints: whoever is subscribed hears in time of all that it may read, and of nothing else. */
@Timeout(60)
class HintContractTest extends ContractTest {
    /** The newest of what was told. */
    private static final class Told implements HintListener {
        private final Map<Bytes, Long> groups = new ConcurrentHashMap<>();
        private volatile long inbox;
        private volatile String eventId = "";

        @Override
        public void onHint(Hint hint, String id) {
            if (hint instanceof Hint.OfGroup group) {
                groups.merge(group.groupId(), group.head(), Math::max);
            } else if (hint instanceof Hint.OfInbox own) {
                inbox = Math.max(inbox, own.head());
            }
            eventId = id;
        }

        @Override
        public void onInterrupted(IOException cause) {
            throw new AssertionError(cause);
        }

        void awaitHead(Bytes groupId, long head) {
            await().until(() -> groups.getOrDefault(groupId, -1L) >= head);
        }
    }

    @Test
    void tellsAMemberWhatMoves() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        Told told = new Told();
        try (Subscription subscription = all[1].session().subscribe(told, Optional.empty())) {
            told.awaitHead(all[0].groupId(), 1);
            long head = all[0].say("hello").seq();
            told.awaitHead(all[0].groupId(), head);
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void tellsOfAWelcomeAndThenOfItsGroup() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        Told told = new Told();
        try (Subscription subscription = all[1].session().subscribe(told, Optional.empty())) {
            all[0].invite(all[1]);
            await().until(() -> told.inbox > 0);
            long head = all[0].say("hello").seq();
            told.awaitHead(all[0].groupId(), head);
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void tellsNobodyElse() throws Exception {
        Device[] all = published("alice", "bob", "eve");
        all[0].create();
        all[0].invite(all[1]);
        Told eve = new Told();
        Told bob = new Told();
        try (Subscription evesOwn = all[2].session().subscribe(eve, Optional.empty());
                Subscription bobsOwn = all[1].session().subscribe(bob, Optional.empty())) {
            bob.awaitHead(all[0].groupId(), all[0].say("hello").seq());
            all[2].create();
            eve.awaitHead(all[2].groupId(), 0);
            eve.awaitHead(all[2].groupId(), all[2].say("mine").seq());
            assertThat(eve.groups).containsOnlyKeys(all[2].groupId());
            assertThat(evesOwn).isNotSameAs(bobsOwn);
        }
    }

    @Test
    void tellsWhatMovedWhileNobodyListened() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        Told first = new Told();
        all[1].session().subscribe(first, Optional.empty()).close();
        try (Subscription subscription = all[1].session().subscribe(first, Optional.empty())) {
            first.awaitHead(all[0].groupId(), 1);
            await().until(() -> !first.eventId.isEmpty());
            assertThat(subscription).isNotNull();
        }
        long head = all[0].say("while you were out").seq();
        Told second = new Told();
        try (Subscription subscription = all[1].session().subscribe(second, Optional.of(first.eventId))) {
            second.awaitHead(all[0].groupId(), head);
            assertThat(subscription).isNotNull();
        }
    }
}
