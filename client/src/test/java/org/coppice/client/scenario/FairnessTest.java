package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.coppice.client.scenario.World.user;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.coppice.client.Conversation;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever has just committed lets rivals go first; whoever has no rival waits for nobody. */
class FairnessTest {
    private World world;
    private Conversation alices;
    private Conversation bobs;

    @BeforeEach
    void begin() {
        world = new World(61);
        world.join("alice");
        world.join("bob");
        alices = world.client("alice").createConversation("team");
        assertThat(alices.invite(user("bob")).isDone()).isTrue();
        World.sync(world.client("bob"));
        bobs = world.conversation("bob", alices.id());
        world.time.pass(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void sync() {
        World.sync(world.client("alice"));
        World.sync(world.client("bob"));
    }

    /** Who committed, in the order of the log. */
    private List<String> committers() {
        sync();
        return alices.history(0, 1000).stream()
                .filter(HistoryEntry.Change.class::isInstance)
                .map(entry -> ((HistoryEntry.Change) entry).actor().user().toString())
                .toList();
    }

    @Test
    void whoCommitsAloneWaitsForNobody() {
        for (int i = 0; i < 20; i++) {
            assertThat(alices.refresh().isDone()).isTrue();
        }
        assertThat(world.time.slept()).isZero();
    }

    @Test
    void whoCommitsNowAndThenWaitsForNobody() {
        for (Conversation conversation : List.of(alices, bobs, bobs, alices, alices, bobs)) {
            assertThat(conversation.refresh().isDone()).isTrue();
            sync();
            world.time.pass(Duration.ofSeconds(3));
        }
        assertThat(world.time.slept()).isZero();
    }

    @Test
    void whoTakesTurnsWaitsForNobody() {
        for (int i = 0; i < 5; i++) {
            assertThat(alices.refresh().isDone()).isTrue();
            sync();
            assertThat(bobs.refresh().isDone()).isTrue();
            sync();
        }
        assertThat(world.time.slept()).isZero();
    }

    @Test
    @Tag("R-14-07")
    void whoHasJustCommittedLetsARivalGoFirst() {
        bobs.refresh();
        sync();
        alices.refresh();
        sync();
        world.time.meanwhile(() -> assertThat(bobs.refresh().isDone()).isTrue());
        assertThat(alices.refresh().isDone()).isTrue();
        assertThat(committers()).endsWith("bob", "alice", "bob", "alice");
    }

    @Test
    void aRivalThatLetsItsTurnPassIsWaitedForOnce() {
        bobs.refresh();
        sync();
        alices.refresh();
        assertThat(alices.refresh().isDone()).isTrue();
        Duration slept = world.time.slept();
        assertThat(slept).isPositive().isLessThanOrEqualTo(Duration.ofMillis(250));
        assertThat(alices.refresh().isDone()).isTrue();
        assertThat(world.time.slept()).isEqualTo(slept);
    }

    @Test
    void messagesWaitForNobody() {
        bobs.refresh();
        sync();
        alices.refresh();
        assertThat(alices.send("not held back").isDone()).isTrue();
        assertThat(world.time.slept()).isZero();
    }

    /** Does something on another thread while this one waits. */
    private static <T> T elsewhere(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoWaitsForItsTurnHoldsNoReaderUp() throws Exception {
        bobs.refresh();
        sync();
        alices.refresh();
        AtomicReference<List<String>> read = new AtomicReference<>();
        world.time.meanwhile(() -> {
            assertThat(bobs.send("meanwhile").isDone()).isTrue();
            try {
                read.set(elsewhere(() -> {
                    alices.sync();
                    return World.texts(alices);
                }));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(alices.refresh().isDone()).isTrue();
        assertThat(read.get()).containsExactly("bob: meanwhile");
    }

    @Test
    void whatIsAskedForWhileAnotherThreadWaitsIsDoneAfterwards() throws Exception {
        bobs.refresh();
        sync();
        alices.refresh();
        FutureTask<Receipt> sent = new FutureTask<>(() -> alices.send("behind the commit"));
        Thread sender = new Thread(sent);
        sender.setDaemon(true);
        world.time.meanwhile(() -> {
            sender.start();
            await().until(() -> alices.view().waiting() == 2);
        });
        assertThat(alices.refresh().isDone()).isTrue();
        assertThat(sent.get(30, TimeUnit.SECONDS).isDone()).isTrue();
        sync();
        List<HistoryEntry> last = bobs.latest(2);
        assertThat(last.get(0)).isInstanceOf(HistoryEntry.Change.class);
        assertThat(last.get(1)).isInstanceOf(HistoryEntry.Message.class);
    }
}
