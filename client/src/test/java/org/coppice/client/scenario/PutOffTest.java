package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.coppice.client.BackgroundSync;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the service puts off keeps nothing else from being done. */
class PutOffTest {
    private final Set<Bytes> limited = ConcurrentHashMap.newKeySet();
    private volatile boolean full;
    private volatile boolean crowded;
    private volatile boolean brief;
    /** When subscriptions began while {@link #brief}. */
    private final List<Long> begun = new CopyOnWriteArrayList<>();

    private World world;
    private CoppiceClient bob;
    private Conversation first;
    private Conversation second;

    @BeforeEach
    void begin() {
        world = new World(89);
        world.join("alice");
        world.network = this::puttingOff;
        bob = world.join("bob");
        first = world.together("first", "alice", "bob");
        second = world.together("second", "alice", "bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    /**
     * A service which has no room for writes while {@link #full}, no place for another stream while {@link #crowded}, ends each at once
     * while {@link #brief}, and takes no message in groups that are {@link #limited}.
     */
    private DeliverySession puttingOff(DeliverySession session) {
        return Between.put(DeliverySession.class, session, call -> {
            if (full && Set.of("publishKeyPackages", "acknowledgeInbox").contains(call.name())) {
                throw Problem.of(ProblemKind.OUT_OF_STORAGE, "no room").asException();
            }
            if (crowded && call.is("subscribe")) {
                throw new IOException("the stream of hints did not open");
            }
            if (brief && call.is("subscribe")) {
                begun.add(System.nanoTime());
                ((HintListener) call.argument(0)).onInterrupted(new IOException("it has ended"));
                return (Subscription) () -> {};
            }
            if (call.is("send")
                    && limited.contains(
                            ((MlsMessage) call.argument(1)).groupId().orElseThrow())) {
                throw Problem.of(ProblemKind.OVER_LIMIT, "too much").asException();
            }
            return call.go();
        });
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "background");
        thread.setDaemon(true);
        thread.start();
    }

    private void assertPutOff(ProblemKind kind) {
        assertThatThrownBy(bob::sync)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    @Tag("A-8.1.3-01")
    void aGroupAtItsLimitKeepsNoOtherFromBeingRead() {
        for (Conversation busy : List.of(first, second)) {
            Conversation quiet = busy == first ? second : first;
            limited.add(busy.id());
            world.conversation("bob", busy.id()).enqueue("too much");
            busy.send("in the busy one");
            quiet.send("in the quiet one");
            assertPutOff(ProblemKind.OVER_LIMIT);
            assertThat(world.texts("bob", quiet.id())).contains("alice: in the quiet one");
            assertThat(world.texts("bob", busy.id())).contains("alice: in the busy one");
            limited.clear();
            World.sync(bob);
        }
    }

    @Test
    @Tag("A-8.1.3-01")
    void aServiceWithoutRoomIsReadFromAndJoinedThrough() {
        full = true;
        Conversation third = world.client("alice").createConversation("third");
        assertThat(third.invite(user("bob")).isDone()).isTrue();
        first.send("not lost");
        assertPutOff(ProblemKind.OUT_OF_STORAGE);
        assertThat(world.texts("bob", first.id())).containsExactly("alice: not lost");
        assertThat(bob.conversation(third.id())).isPresent();
    }

    @Test
    @Tag("A-8.1.3-01")
    void hintsAreFollowedWhileAGroupIsPutOff() {
        limited.add(first.id());
        world.conversation("bob", first.id()).enqueue("too much");
        try (BackgroundSync background = bob.background(PutOffTest::inBackground)) {
            // The pauses between two looks at everything are longer than a minute together.
            for (int i = 0; i < 10; i++) {
                String text = "message " + i;
                second.send(text);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> world.texts("bob", second.id()).contains("alice: " + text));
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> background.trouble().isPresent());
            }
        }
    }

    /** A node that had no place for another stream was not read from at all. */
    @Test
    @Tag("A-8.1.3-01")
    void whoGetsNoHintsReadsAllTheSame() {
        crowded = true;
        first.send("not lost");
        try (BackgroundSync background = bob.background(PutOffTest::inBackground)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> world.texts("bob", first.id()).contains("alice: not lost"));
            crowded = false;
            background.wake();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> background.trouble().isEmpty());
            first.send("told");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> world.texts("bob", first.id()).contains("alice: told"));
        }
    }

    /** It read everything and asked for hints again as fast as the service could answer. */
    @Test
    @Tag("A-8.1.3-01")
    void hintsThatEndAtOnceAreNotAskedForAtOnce() {
        brief = true;
        first.send("not lost");
        try (BackgroundSync background = bob.background(PutOffTest::inBackground)) {
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> begun.size() >= 2);
            assertThat(begun.get(1) - begun.get(0))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(2).toNanos());
            assertThat(world.texts("bob", first.id())).contains("alice: not lost");
            assertThat(background.trouble()).isEmpty();
        }
    }
}
