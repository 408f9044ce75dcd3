package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Parameters;
import org.coppice.client.model.Payload;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages that come twice or too early, and Commits that come at once. */
class OrderTest {
    @Test
    @Tag("A-8.6-01")
    @Tag("A-8.6-02")
    void aMessageOfAnIdThatWasReadIsDropped() {
        try (World world = new World(21)) {
            Conversation team = world.team("alice", "bob");
            Payload payload = Payload.text(MessageId.random(world.environment.randomness()), 0, "once");
            team.send(payload);
            team.send(payload);
            team.refresh();
            team.send(payload);
            World.sync(world.client("bob"));
            assertThat(world.texts("bob", team.id())).containsExactly("alice: once");
            // Another sender may use the same id: it is not the same message.
            world.conversation("bob", team.id()).send(payload);
            World.sync(world.client("alice"));
            assertThat(World.texts(team)).contains("bob: once");
        }
    }

    @Test
    @Tag("A-5.2-05")
    void aMessageOfAnEpochThatIsToComeWaitsForItsCommit() {
        try (World world = new World(22)) {
            Conversation team = world.team("alice", "bob");
            team.refresh();
            team.send("after the commit");
            long head = head(world, team);
            showBefore(world, team, head - 1, head, 1, head);
            World.sync(world.client("bob"));
            assertThat(world.texts("bob", team.id())).containsExactly("alice: after the commit");
            assertThat(world.conversation("bob", team.id()).epochAuthenticator())
                    .isEqualTo(team.epochAuthenticator());
        }
    }

    /** It is read between the Commit that begins its epoch and those that follow, or its keys would be gone. */
    @Test
    void aMessageThatCameTooEarlyIsReadWhenItsEpochBeginsHoweverManyFollow() {
        try (World world = new World(25)) {
            Conversation team = world.team("alice", "bob");
            long before = head(world, team);
            team.refresh();
            team.refresh();
            team.send("of the second epoch");
            long message = head(world, team);
            for (int i = 0; i < 6; i++) {
                team.refresh();
            }
            showBefore(world, team, before + 1, message, 1, head(world, team));
            World.sync(world.client("bob"));
            assertThat(world.texts("bob", team.id())).containsExactly("alice: of the second epoch");
            assertThat(world.conversation("bob", team.id()).epochAuthenticator())
                    .isEqualTo(team.epochAuthenticator());
        }
    }

    @Test
    void ofMessagesThatComeTooEarlyNothingIsKeptButTheirPlaces() {
        try (World world = new World(26)) {
            Conversation team = world.team("alice", "bob");
            long before = head(world, team);
            team.refresh();
            for (int i = 0; i < 4; i++) {
                team.send(i + "x".repeat(1 << 20));
            }
            long commit = head(world, team);
            showBefore(world, team, before + 1, before + 2, 4, commit - 1);
            World.sync(world.client("bob"));
            assertThat(world.texts("bob", team.id())).isEmpty();
            List<StoreTransaction.Stored> kept = world.stored("bob", Space.sequence("early", team.id()));
            assertThat(kept).hasSize(4).allMatch(record -> record.value().length < 32);
            showBefore(world, team, before + 1, before + 2, 4, commit);
            World.sync(world.client("bob"));
            assertThat(world.texts("bob", team.id()))
                    .hasSize(4)
                    .allMatch(text -> text.length() > 1 << 20)
                    .isSorted();
            assertThat(world.stored("bob", Space.sequence("early", team.id()))).isEmpty();
        }
    }

    @Test
    void whatCannotWaitOrIsGoneWhenItsEpochBeginsIsToldAndStopsNothing() {
        Parameters two = World.PARAMETERS.toBuilder().earlyMessages(2).build();
        try (World world = new World(27, two)) {
            Conversation team = world.team("alice", "bob");
            long before = head(world, team);
            team.refresh();
            for (int i = 0; i < 3; i++) {
                team.send("early " + i);
            }
            showBefore(world, team, before + 1, before + 2, 3, Long.MAX_VALUE);
            UnaryOperator<DeliverySession> shown = world.network;
            world.network = session -> Between.put(DeliverySession.class, shown.apply(session), call -> {
                // Asked for again, the first of them is not there any more.
                if (call.is("read")
                        && call.argument(2).equals(1)
                        && call.argument(1).equals(before)) {
                    throw Problem.of(ProblemKind.GONE, "not kept as long as that")
                            .asException();
                }
                return call.go();
            });
            world.restart("bob");
            World.sync(world.client("bob"));
            Conversation his = world.conversation("bob", team.id());
            assertThat(World.texts(his)).containsExactly("alice: early 1");
            assertThat(his.history(before, 10))
                    .filteredOn(HistoryEntry.Unreadable.class::isInstance)
                    .extracting(entry -> entry.place().seq())
                    .containsExactly(before + 1, before + 3);
            assertThat(his.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            team.send("all the same");
            World.sync(world.client("bob"));
            assertThat(World.texts(his)).containsExactly("alice: early 1", "alice: all the same");
        }
    }

    private static long head(World world, Conversation team) {
        return world.service.log(team.id()).size();
    }

    /**
     * From now on bob is shown {@code count} entries from {@code from} on before those from {@code to} on, and is not shown what comes
     * after {@code last}.
     */
    private static void showBefore(World world, Conversation team, long to, long from, int count, long last) {
        List<LogEntry> log = new ArrayList<>(world.service.log(team.id()));
        List<LogEntry> moved = List.copyOf(log.subList((int) from - 1, (int) from - 1 + count));
        log.removeAll(moved);
        log.addAll((int) to - 1, moved);
        world.network = session -> Between.put(DeliverySession.class, session, call -> {
            Object result = call.go();
            return result instanceof LogPage page
                    ? new LogPage(
                            Math.min(page.head(), last),
                            page.epoch(),
                            page.entries().stream()
                                    .filter(entry -> entry.seq() <= last)
                                    .map(entry -> at(entry, log))
                                    .toList())
                    : result;
        });
        world.restart("bob");
    }

    private static LogEntry at(LogEntry entry, List<LogEntry> log) {
        if (entry.seq() > log.size()) {
            return entry;
        }
        LogEntry shown = log.get((int) entry.seq() - 1);
        return new LogEntry(entry.seq(), shown.kind(), shown.epoch(), 0, shown.message());
    }

    @Test
    @Tag("A-5.2-04")
    @Tag("A-5.2.1-02")
    @Tag("A-5.2.1-03")
    void commitsOfAllAtOnceAllGetTheirTurn() throws Exception {
        try (World world = new World(23)) {
            List<String> names = List.of("bob", "carol", "dave", "erin");
            Conversation team = world.team("alice", names.toArray(String[]::new));
            ExecutorService executor = Executors.newFixedThreadPool(names.size());
            long before = team.view().epoch();
            try {
                List<Future<Boolean>> all = new ArrayList<>();
                for (String name : names) {
                    all.add(executor.submit(() -> {
                        boolean done = true;
                        for (int i = 0; i < 6; i++) {
                            done &= world.conversation(name, team.id())
                                    .refresh()
                                    .isDone();
                        }
                        return done;
                    }));
                }
                for (Future<Boolean> one : all) {
                    assertThat(one.get()).isTrue();
                }
            } finally {
                executor.shutdownNow();
            }
            World.sync(world.client("alice"));
            assertThat(team.view().epoch()).isEqualTo(before + 24);
            for (String name : names) {
                World.sync(world.client(name));
                assertThat(world.conversation(name, team.id()).epochAuthenticator())
                        .isEqualTo(team.epochAuthenticator());
            }
        }
    }

    @Test
    void threadsOfOneClientMayAskForThingsAtOnce() throws Exception {
        try (World world = new World(24)) {
            Conversation team = world.team("alice", "bob");
            ExecutorService executor = Executors.newFixedThreadPool(4);
            try {
                List<Future<Boolean>> all = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    int number = i;
                    all.add(team.async(executor, c -> c.send("number " + number).isDone()));
                }
                for (Future<Boolean> one : all) {
                    assertThat(one.get()).isTrue();
                }
            } finally {
                executor.shutdownNow();
            }
            World.sync(world.client("bob"));
            assertThat(world.texts("bob", team.id())).hasSize(20).doesNotHaveDuplicates();
        }
    }
}
