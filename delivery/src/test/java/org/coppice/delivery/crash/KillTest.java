package org.coppice.delivery.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.Seed;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.TestPostgres;
import org.coppice.delivery.history.History;
import org.coppice.delivery.history.HistoryChecker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes are killed under load, and PostgreSQL itself, and nothing that was confirmed is lost. The number of kills is
 * {@code -Ddelivery.kills=20}; without it, two, and one promotion of a standby.
 */
@Tag("A-6.3-02")
@Tag("long")
class KillTest {
    private static final int KILLS = Integer.getInteger("delivery.kills", 2);
    /** Each takes a new standby. */
    private static final int PROMOTIONS = Integer.getInteger("delivery.kills", 1);

    private final long seed = Seed.of(KillTest.class, 20);
    private final Random random = new Random(seed);

    @TempDir
    Path directory;

    @Test
    void sqliteLosesNothingWhenItsNodeIsKilled() throws Exception {
        String database = directory.resolve("data").toString();
        for (int life = 0; life < KILLS; life++) {
            try (Node node = Node.start(database, directory, 0, life)) {
                awaitProgress(List.of(node));
                if (life == KILLS - 1) {
                    awaitEachKind(List.of(node));
                }
                node.kill();
            }
        }
        judge(database);
    }

    @Test
    void postgresLosesNothingWhenOneOfTwoNodesIsKilled() throws Exception {
        String database = TestPostgres.database(4).url();
        List<Node> nodes = new ArrayList<>();
        try {
            nodes.add(Node.start(database, directory, 0, 0));
            nodes.add(Node.start(database, directory, 1, 0));
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitProgress(nodes);
                int victim = random.nextInt(2);
                nodes.get(victim).kill();
                nodes.set(victim, Node.start(database, directory, victim, kill));
            }
            awaitProgress(nodes);
            awaitEachKind(nodes);
            for (Node node : nodes) {
                node.kill();
            }
        } finally {
            nodes.forEach(Node::close);
        }
        judge(database);
    }

    @Test
    void postgresLosesNothingWhenItIsKilledItself() throws Exception {
        try (KillablePostgres postgres = KillablePostgres.start(directory.resolve("postgres"));
                Node node = Node.start(postgres.url(), directory, 0, 0)) {
            for (int kill = 0; kill < KILLS; kill++) {
                awaitProgress(List.of(node));
                postgres.killAndRestart();
            }
            awaitProgress(List.of(node));
            awaitEachKind(List.of(node));
            node.kill();
            judge(postgres.url());
        }
    }

    /** By turns it is killed, and falls silent with its connections open: nodes have to notice that by themselves. */
    @Test
    void postgresLosesNothingWhenASynchronousStandbyTakesItsPlace() throws Exception {
        try (PostgresPair postgres = PostgresPair.start(PostgresPair.Mode.SYNCHRONOUS, directory);
                Node first = Node.start(postgres.url(), directory, 0, 0);
                Node second = Node.start(postgres.url(), directory, 1, 0)) {
            List<Node> nodes = List.of(first, second);
            for (int promotion = 0; promotion < PROMOTIONS; promotion++) {
                awaitProgress(nodes);
                if (promotion % 2 == 0) {
                    postgres.killPrimary();
                } else {
                    postgres.freezePrimary();
                }
                awaitProgress(nodes);
                postgres.addStandby();
            }
            awaitProgress(nodes);
            awaitEachKind(nodes);
            first.kill();
            second.kill();
            judge(postgres.url());
        }
    }

    /** What the test above would say of a database that loses what it has confirmed. */
    @Test
    void anAsynchronousStandbyIsSeenToLoseWhatWasConfirmed() throws Exception {
        try (PostgresPair postgres = PostgresPair.start(PostgresPair.Mode.ASYNCHRONOUS, directory);
                Node node = Node.start(postgres.url(), directory, 0, 0)) {
            awaitProgress(List.of(node));
            postgres.cutOffStandby();
            awaitProgress(List.of(node));
            node.kill();
            postgres.killPrimary();
            Engine engine = LoadMain.engine(postgres.url(), 4);
            try (DeliveryService service = Servers.open(engine, Servers.config())) {
                History history = new Settlement(engine, service, directory).asFound();
                assertThat(HistoryChecker.violations(history))
                        .as("seed %d", seed)
                        .anySatisfy(violation -> assertThat(violation).startsWith("lost: "));
            }
        }
    }

    /** Until each has done a little more than now, how much more is left to chance. */
    private void awaitProgress(List<Node> nodes) {
        for (Node node : nodes) {
            long aim = node.progress() + 30_000 + random.nextInt(200_000);
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !node.isAlive() || node.progress() > aim);
            requireAlive(node);
        }
    }

    private void requireAlive(Node node) {
        assertThat(node.isAlive())
                .as(() -> "the node has died by itself, seed " + seed + "\n" + node.output())
                .isTrue();
    }

    /** Until something of each kind was confirmed in the run: what is not there cannot be lost, and would be judged kept. */
    private void awaitEachKind(List<Node> nodes) {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !nodes.stream().allMatch(Node::isAlive)
                        || Journal.confirmed(directory).containsAll(Journal.CONFIRMABLE));
        nodes.forEach(this::requireAlive);
    }

    private void judge(String database) throws Exception {
        Engine engine = LoadMain.engine(database, 4);
        try (DeliveryService service = Servers.open(engine, Servers.config())) {
            Settlement settlement = new Settlement(engine, service, directory);
            assertThat(HistoryChecker.violations(settlement.asFound()))
                    .as("seed %d", seed)
                    .isEmpty();
            History history = settlement.settle();
            Map<String, Long> count = Settlement.count(history);
            assertThat(HistoryChecker.violations(history))
                    .as("seed %d, %s", seed, count)
                    .isEmpty();
            assertThat(Journal.confirmed(directory))
                    .as("seed %d, %s", seed, count)
                    .containsExactlyInAnyOrderElementsOf(Journal.CONFIRMABLE);
            assertThat(count).as("seed %d", seed).containsKeys("COMMIT", "APPLICATION", "Claim", "Other");
            assertThat(count.get("Welcome")).as("seed %d", seed).isPositive();
            System.out.println("KillTest: " + KILLS + " kills, seed " + seed + ", " + count);
            assertThat(count.get("GroupInfo")).as("seed %d", seed).isGreaterThan(10);
        }
    }
}
