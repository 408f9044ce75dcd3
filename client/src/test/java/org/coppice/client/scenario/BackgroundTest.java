package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.coppice.client.BackgroundSync;
import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
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
