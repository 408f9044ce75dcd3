package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.coppice.client.BackgroundSync;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong for a while ends neither the background nor what others are told. */
class BackgroundTest {
    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean full;
    private World world;
    private Conversation team;
    private Conversation bobs;

    @BeforeEach
    void begin() {
        world = new World(83);
        world.disk = (name, store) -> name.equals("bob") ? filling(store) : store;
        world.join("alice");
        world.join("bob");
        team = world.client("alice").createConversation("team");
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        World.sync(world.client("bob"));
        bobs = world.conversation("bob", team.id());
    }

    @AfterEach
    void close() {
        full = false;
        world.close();
    }

    /** A store that has no room while {@link #full}. */
    private ClientStore filling(ClientStore store) {
        return new ClientStore() {
            @Override
            public StoreTransaction begin() {
                if (full) {
                    throw new StoreException(StoreException.Reason.FAILED, "no room");
                }
                return store.begin();
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    /** Long, for a machine that has much to do. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(1));
    }

    private BackgroundSync background() {
        Executor thread = work -> {
            Thread made = new Thread(work, "background");
            made.setDaemon(true);
            made.setUncaughtExceptionHandler((t, e) -> uncaught.add(e));
            threads.add(made);
            made.start();
        };
        return world.client("bob").background(thread);
    }

    @Test
    void aStoreThatFailsForAWhileIsToldAndReadInAgainAfterwards() {
        try (BackgroundSync background = background()) {
            team.send("before");
            await().until(() -> World.texts(bobs).contains("alice: before"));
            full = true;
            team.send("meanwhile");
            await().until(() -> background.trouble().orElse(null) instanceof StoreException);
            full = false;
            background.wake();
            await().until(() -> World.texts(bobs).contains("alice: meanwhile"));
            await().until(() -> background.trouble().isEmpty());
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aListenerThatThrowsKeepsNothingFromTheOthersOrTheBackground() {
        List<ClientEvent> told = new CopyOnWriteArrayList<>();
        IllegalStateException mistake = new IllegalStateException("a listener's mistake");
        world.client("bob").listen(event -> {
            throw mistake;
        });
        world.client("bob").listen(told::add);
        try (BackgroundSync background = background()) {
            team.send("one");
            await().until(() -> World.texts(bobs).contains("alice: one"));
            team.send("two");
            await().until(() -> World.texts(bobs).contains("alice: two"));
            await().until(() ->
                    told.stream().filter(ClientEvent.Added.class::isInstance).count() == 2);
            assertThat(background.trouble()).isEmpty();
        }
        assertThat(uncaught).isNotEmpty().containsOnly(mistake);
    }

    /** From now on bob's requests go through {@code network}. */
    private void meet(Between.Meeting network) {
        world.network = session -> Between.put(DeliverySession.class, session, network);
        world.restart("bob");
        bobs = world.conversation("bob", team.id());
    }

    /** The word of a stream that is over took the place of the stream that had followed: nobody closed that one. */
    @Test
    void theLateEndOfAStreamDoesNotConcernTheOneThatFollowed() {
        List<HintListener> listeners = new CopyOnWriteArrayList<>();
        List<Integer> closed = new CopyOnWriteArrayList<>();
        meet(call -> {
            if (!call.is("subscribe")) {
                return call.go();
            }
            int number = listeners.size();
            listeners.add((HintListener) call.argument(0));
            return (Subscription) () -> closed.add(number);
        });
        try (BackgroundSync background = background()) {
            await().until(() -> listeners.size() == 1);
            listeners.get(0).onInterrupted(new IOException("over"));
            await().until(() -> listeners.size() == 2);
            await().until(() -> background.trouble().isEmpty());
            listeners.get(0).onInterrupted(new IOException("over, as was said"));
        }
        assertThat(listeners).hasSize(2);
        assertThat(closed).contains(1);
    }

    /** Each was kept until the client had the time to look, however many there were. */
    @Test
    void hintsWithoutNumberBecomeOneLookAtEverything() throws Exception {
        List<HintListener> listeners = new CopyOnWriteArrayList<>();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        meet(call -> {
            if (call.is("subscribe")) {
                listeners.add((HintListener) call.argument(0));
            } else if (call.is("groups")) {
                looks.incrementAndGet();
            } else if (call.is("read") && !listeners.isEmpty()) {
                reading.countDown();
                goOn.await();
            }
            return call.go();
        });
        try (BackgroundSync background = background()) {
            await().until(() -> looks.get() == 1);
            team.send("heard");
            reading.await();
            for (int i = 0; i < 10_000; i++) {
                Bytes stranger = new TlsWriter().uint32(i).vector(new byte[28]).toBytes();
                listeners.get(0).onHint(new Hint.OfGroup(stranger, 1), "");
            }
            goOn.countDown();
            await().until(() -> looks.get() == 2);
            assertThat(background.trouble()).isEmpty();
        }
        assertThat(World.texts(bobs)).containsExactly("alice: heard");
    }

    @Test
    void aClientThatIsClosedEndsItsBackground() throws InterruptedException {
        BackgroundSync background = background();
        await().until(() -> background.trouble().isEmpty());
        world.client("bob").close();
        background.wake();
        threads.get(0).join(30_000);
        assertThat(threads.get(0).isAlive()).isFalse();
        assertThat(uncaught).isEmpty();
    }
}
