package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.engine.TestPostgres;
import org.coppice.delivery.http.HttpServers;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All members of a group end the same epoch at once, over HTTP, on PostgreSQL at two nodes. {@code -Ddelivery.rivals=64} sets how many
 * they are, {@code -Ddelivery.epochs=2} how many epochs they end.
 */
@Tag("long")
class ContentionTest {
    private static final int RIVALS = Integer.getInteger("delivery.rivals", 24);
    private static final int EPOCHS = Integer.getInteger("delivery.epochs", 2);
    /** Longer than any answer takes, on a machine that has other things to do. */
    private static final long PATIENCE_SECONDS = 60;

    private final List<DeliveryServer> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(RIVALS);

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        for (DeliveryServer node : nodes) {
            node.close();
        }
    }

    private void start(Nodes.Kind kind) {
        if (kind == Nodes.Kind.SQLITE) {
            nodes.add(HttpServers.start(new Storage.Directory(Servers.directory())));
        } else {
            Storage shared = new Storage.Postgres(TestPostgres.database(8));
            nodes.add(HttpServers.start(shared));
            nodes.add(HttpServers.start(shared));
        }
    }

    private Device[] rivals() throws Exception {
        Device[] all = new Device[RIVALS];
        for (int i = 0; i < RIVALS; i++) {
            TestServer node = HttpServers.over(nodes.get(i % nodes.size()).url());
            all[i] = Device.of(node, ClientId.parse("rival" + i + "/laptop"), HandshakePolicy.PUBLIC);
            all[i].publish(1);
        }
        all[0].create();
        all[0].invite(Arrays.copyOfRange(all, 1, RIVALS));
        return all;
    }

    @ParameterizedTest
    @EnumSource(Nodes.Kind.class)
    @Tag("A-5.2-04")
    void oneOfAllRivalsWinsEachEpochAndTheOthersAreToldWhereTheGroupIs(Nodes.Kind kind) throws Exception {
        start(kind);
        Device[] all = rivals();
        for (int round = 1; round <= EPOCHS; round++) {
            long epoch = all[0].group().epoch();
            endTheEpoch(all, new Appended(round + 1, epoch + 1, List.of(), false));
        }
        Bytes agreed = all[0].group().epochAuthenticator();
        assertThat(all)
                .allSatisfy(device ->
                        assertThat(device.group().epochAuthenticator()).isEqualTo(agreed));
        assertThat(all[0].log(0)).hasSize(1 + EPOCHS);
    }

    /** @param accepted the answer that one of them gets, and that the others are told of */
    private void endTheEpoch(Device[] all, Appended accepted) throws Exception {
        List<StagedCommit> staged = new ArrayList<>();
        List<Callable<Appended>> sending = new ArrayList<>();
        for (Device device : all) {
            StagedCommit commit = device.staged();
            CommitBundle bundle = device.bundleOf(commit);
            staged.add(commit);
            sending.add(() -> device.send(commit, bundle));
        }
        List<Future<Appended>> answers = threads.invokeAll(sending, PATIENCE_SECONDS, TimeUnit.SECONDS);
        List<Integer> winners = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            assertThat(answers.get(i).isCancelled()).as("nobody waits for ever").isFalse();
            if (won(answers.get(i), accepted)) {
                winners.add(i);
            } else {
                all[i].group().clearPendingCommits();
                all[i].catchUp();
            }
        }
        assertThat(winners).hasSize(1);
        LogEntry entry = all[0].log(accepted.seq() - 1).get(0);
        assertThat(entry.kind()).isEqualTo(EntryKind.COMMIT);
        assertThat(entry.message())
                .isEqualTo(Bytes.wrap(staged.get(winners.get(0)).message().encoded()));
    }

    private static boolean won(Future<Appended> answer, Appended accepted) throws Exception {
        try {
            assertThat(answer.get()).isEqualTo(accepted);
            return true;
        } catch (ExecutionException e) {
            assertThat(e)
                    .cause()
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            refusal -> assertThat(refusal.problem())
                                    .returns(ProblemKind.STALE_EPOCH, Problem::kind)
                                    .returns(
                                            accepted.epoch(),
                                            problem -> problem.epoch().orElseThrow())
                                    .returns(
                                            accepted.seq(),
                                            problem -> problem.head().orElseThrow()));
            return false;
        }
    }
}
