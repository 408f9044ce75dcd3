package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Payload;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
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
            long seq = world.service.log(team.id()).size() - 1;
            world.network = session -> swapping(session, seq);
            world.restart("bob");
            World.sync(world.client("bob"));
            assertThat(world.texts("bob", team.id())).containsExactly("alice: after the commit");
            assertThat(world.conversation("bob", team.id()).epochAuthenticator())
                    .isEqualTo(team.epochAuthenticator());
        }
    }

    /** Shows the entries {@code seq} and {@code seq + 1} in each other's place. */
    private static DeliverySession swapping(DeliverySession session, long seq) {
        return Between.put(DeliverySession.class, session, call -> {
            Object result = call.go();
            return result instanceof LogPage page ? swapped(page, seq) : result;
        });
    }

    private static LogPage swapped(LogPage page, long seq) {
        List<LogEntry> entries = new ArrayList<>(page.entries());
        for (int i = 0; i + 1 < entries.size(); i++) {
            if (entries.get(i).seq() == seq) {
                LogEntry first = entries.get(i);
                LogEntry second = entries.get(i + 1);
                entries.set(i, new LogEntry(seq, second.kind(), second.epoch(), 0, second.message()));
                entries.set(i + 1, new LogEntry(seq + 1, first.kind(), first.epoch(), 0, first.message()));
            }
        }
        return new LogPage(page.head(), page.epoch(), entries);
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
