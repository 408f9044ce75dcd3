package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many at once, on PostgreSQL over two nodes. */
@ParameterizedClass
@EnumSource(Nodes.Kind.class)
class ConcurrencyTest {
    @Parameter
    Nodes.Kind kind;

    private Nodes nodes;
    private final ExecutorService threads = Executors.newFixedThreadPool(16);

    @BeforeEach
    void start() {
        nodes = Nodes.start(kind, Servers.config());
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        nodes.close();
    }

    private <T> List<T> atOnce(int count, Callable<T> task) throws Exception {
        return atOnce(Collections.nCopies(count, task));
    }

    private <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        List<T> out = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(tasks)) {
            out.add(future.get());
        }
        return out;
    }

    @Test
    @Tag("A-5.1-05")
    void neverGivesTwoClaimantsTheSameKeyPackage() throws Exception {
        Device bob = nodes.device("bob");
        int stock = 60;
        bob.publish(stock);
        bob.session()
                .publishKeyPackages(
                        Device.request(),
                        List.of(),
                        Optional.of(bob.client().generateLastResortKeyPackage().message()));
        ConcurrentLinkedQueue<MlsMessage> given = new ConcurrentLinkedQueue<>();
        List<Callable<Integer>> claimants = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            DeliverySession session = nodes.device("claimant" + i).session();
            claimants.add(() -> {
                for (int claims = 0; ; claims++) {
                    ClaimResult.Claimed claimed = session.claimKeyPackages(
                                    Device.request(), ClaimRequest.of(bob.id(), Device.SUITE))
                            .claimed()
                            .get(0);
                    if (claimed.lastResort()) {
                        return claims;
                    }
                    given.add(claimed.keyPackage());
                }
            });
        }
        atOnce(claimants);
        assertThat(given).hasSize(stock).doesNotHaveDuplicates();
    }

    @Test
    @Tag("A-5.2-04")
    void takesOneCommitForEachEpochWhenSixteenCommitAtOnce() throws Exception {
        int members = 16;
        int each = 3;
        Device[] all = new Device[members];
        for (int i = 0; i < members; i++) {
            all[i] = nodes.device("member" + i);
            all[i].publish(1);
        }
        all[0].create();
        all[0].invite(Arrays.copyOfRange(all, 1, members));
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (Device device : all) {
            tasks.add(() -> commitUntilDone(device, each));
        }
        atOnce(tasks);
        for (Device device : all) {
            device.catchUp();
            assertThat(device.group().epochAuthenticator())
                    .isEqualTo(all[0].group().epochAuthenticator());
        }
        List<LogEntry> log = all[0].log(0);
        assertThat(log).hasSize(1 + members * each);
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).seq()).isEqualTo(i + 1);
            assertThat(log.get(i).epoch()).isEqualTo(i);
            assertThat(log.get(i).kind()).isEqualTo(EntryKind.COMMIT);
        }
    }

    /** Returns how many races it lost. */
    private static int commitUntilDone(Device device, int count) throws Exception {
        int lost = 0;
        for (int done = 0; done < count; ) {
            device.catchUp();
            StagedCommit staged = device.staged();
            try {
                device.send(staged, device.bundleOf(staged));
                done++;
            } catch (DeliveryException e) {
                assertThat(e.kind()).isEqualTo(ProblemKind.STALE_EPOCH);
                device.group().clearPendingCommits();
                lost++;
            }
        }
        return lost;
    }

    @Test
    void writesOneRequestOnceWhenItComesManyTimesAtOnce() throws Exception {
        Device alice = nodes.device("alice");
        alice.create();
        StagedCommit staged = alice.staged();
        CommitBundle bundle = alice.bundleOf(staged);
        RequestId request = Device.request();
        List<Appended> answers = atOnce(
                16,
                () -> nodes.next().session(alice.id()).commit(request, bundle).asRepeated());
        assertThat(answers).containsOnly(new Appended(1, 1, List.of(), true));
        MlsMessage message = alice.group().encrypt(new byte[1]);
        RequestId second = Device.request();
        List<Appended> sent = atOnce(16, () -> nodes.next().session(alice.id()).send(second, message));
        assertThat(sent).extracting(Appended::seq).containsOnly(2L);
        assertThat(sent).filteredOn(answer -> !answer.repeated()).hasSize(1);
        assertThat(alice.log(0)).hasSize(2);
    }

    @Test
    void keepsTheLogWithoutGapsWhenAllSpeakAtOnce() throws Exception {
        Device alice = nodes.device("alice");
        alice.create();
        List<MlsMessage> messages = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            messages.add(alice.group().encrypt(new byte[] {(byte) i}));
        }
        List<Callable<List<Long>>> speakers = new ArrayList<>();
        for (MlsMessage message : messages) {
            DeliverySession session = nodes.next().session(alice.id());
            speakers.add(() -> {
                List<Long> out = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    out.add(session.send(Device.request(), message).seq());
                }
                return out;
            });
        }
        List<Long> seqs =
                atOnce(speakers).stream().flatMap(List::stream).sorted().toList();
        assertThat(seqs).hasSize(320).doesNotHaveDuplicates().startsWith(1L).endsWith(320L);
        assertThat(alice.log(0)).extracting(LogEntry::seq).containsExactlyElementsOf(seqs);
    }
}
