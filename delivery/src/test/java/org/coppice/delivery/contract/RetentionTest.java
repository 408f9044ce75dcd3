package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.retention.Keeping;
import org.coppice.delivery.retention.Pruner;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept, and what is not. */
@ParameterizedClass
@EnumSource(Nodes.Kind.class)
class RetentionTest {
    private static final Keeping KEEPING =
            new Keeping(Duration.ofDays(30), 10, 2, 2, Duration.ofDays(30), Duration.ofDays(7));

    @Parameter
    Nodes.Kind kind;

    private Nodes nodes;
    private DeliveryService service;

    @BeforeEach
    void start() {
        nodes = Nodes.start(kind, Servers.config().withKeeping(KEEPING));
        service = nodes.next();
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    private void prune(Duration later) throws Exception {
        new Pruner(service.engine(), Clock.offset(Clock.systemUTC(), later), KEEPING).prune();
    }

    private long rows(String table) throws Exception {
        return service.engine()
                .read(tx -> tx.first("SELECT COUNT(*) FROM " + table, row -> row.int64(1))
                        .orElseThrow());
    }

    @Test
    void keepsTheLastEntriesOfALogAndSaysWhatIsGone() throws Exception {
        Device alice = nodes.device("alice");
        alice.create();
        for (int i = 0; i < 25; i++) {
            alice.say("message " + i);
        }
        prune(Duration.ZERO);
        assertThat(alice.log(15)).extracting(LogEntry::seq).startsWith(16L).hasSize(10);
        assertThat(ContractTest.refusal(() -> alice.log(14)).kind()).isEqualTo(ProblemKind.GONE);
        assertThat(alice.log(25)).isEmpty();
    }

    @Test
    void keepsWhatIsYoungAndTheLastEntryAlways() throws Exception {
        Device alice = nodes.device("alice");
        alice.create(new GroupSettings(
                HandshakePolicy.PUBLIC,
                ExternalJoinPolicy.MEMBERS,
                new Retention(Optional.of(Duration.ofHours(1)), Optional.empty())));
        for (int i = 0; i < 3; i++) {
            alice.say("message " + i);
        }
        prune(Duration.ofMinutes(59));
        assertThat(alice.log(0)).hasSize(3);
        prune(Duration.ofMinutes(61));
        assertThat(alice.log(2)).extracting(LogEntry::seq).containsExactly(3L);
        alice.say("and on");
        assertThat(alice.log(2)).hasSize(2);
    }

    @Test
    void keepsTheTreesOfTheLastEpochsWhole() throws Exception {
        Device[] all = {nodes.device("alice"), nodes.device("bob"), nodes.device("carol")};
        for (Device device : all) {
            device.publish(3);
        }
        all[0].create();
        all[0].invite(all[1]);
        List<Bytes> trees = new ArrayList<>();
        for (int epoch = 1; epoch < 12; epoch++) {
            trees.add(Bytes.wrap(all[0].group().state().tree().encoded()));
            if (epoch == 6) {
                all[0].invite(all[2]);
            } else if (epoch == 8) {
                all[0].remove(all[2]);
            } else {
                all[0].commit();
            }
        }
        all[1].catchUp();
        long before = rows("group_record");
        prune(Duration.ZERO);
        assertThat(rows("group_record")).isLessThan(before);
        for (int epoch = 10; epoch < 12; epoch++) {
            assertThat(all[0].session().ratchetTree(all[0].groupId(), epoch)).isEqualTo(trees.get(epoch - 1));
        }
        assertThat(ContractTest.refusal(() -> all[0].session().ratchetTree(all[0].groupId(), 9))
                        .kind())
                .isEqualTo(ProblemKind.GONE);
        // What is left is enough to go on from.
        all[1].commit();
    }

    @Test
    void keepsTheTreeThatALateJoinerNeeds() throws Exception {
        Device alice = nodes.device("alice");
        Device late = nodes.device("late");
        late.publish(1);
        alice.create();
        var staged = alice.adding(late);
        alice.send(staged, alice.bundleOf(staged));
        for (int i = 0; i < 5; i++) {
            alice.commit();
        }
        prune(Duration.ZERO);
        late.joinFromInbox();
        late.catchUp();
        assertThat(late.group().epochAuthenticator()).isEqualTo(alice.group().epochAuthenticator());
        prune(Duration.ZERO);
        assertThat(ContractTest.refusal(() -> late.session().ratchetTree(late.groupId(), 1))
                        .kind())
                .isEqualTo(ProblemKind.GONE);
    }

    @Test
    void forgetsWhatExpires() throws Exception {
        Device alice = nodes.device("alice");
        Device bob = nodes.device("bob");
        bob.publish(2);
        alice.create();
        var staged = alice.adding(bob);
        alice.send(staged, alice.bundleOf(staged));
        prune(Duration.ofDays(8));
        assertThat(rows("request")).isZero();
        assertThat(rows("token")).isZero();
        assertThat(rows("used_challenge")).isZero();
        assertThat(rows("inbox")).isEqualTo(1);
        prune(Duration.ofDays(31));
        assertThat(rows("inbox")).isZero();
        assertThat(rows("welcome")).isZero();
        prune(Duration.ofDays(900));
        assertThat(rows("key_package")).isZero();
        assertThat(rows("key_package_ref")).isZero();
        assertThat(rows("key_package_profile")).isZero();
    }

    /** Whoever published with ever new capabilities had the service keep all of them for good. */
    @Test
    void forgetsProfilesThatNoKeyPackageHas() throws Exception {
        Device alice = nodes.device("alice");
        Device bob = nodes.device("bob");
        bob.publish(1);
        service.engine().write(tx -> {
            for (int i = 0; i < 12_000; i++) {
                tx.update(
                        "INSERT INTO key_package_profile (profile, capabilities, credential_type) VALUES (?, ?, 1)",
                        Bytes.wrap(new byte[] {(byte) i, (byte) (i >> 8)}),
                        Bytes.EMPTY);
            }
            return null;
        });
        prune(Duration.ZERO);
        assertThat(rows("key_package_profile")).as("begin to count").isEqualTo(12_001);
        prune(Duration.ofHours(25));
        assertThat(rows("key_package_profile")).as("bob's").isEqualTo(1);
        ClaimRequest request = ClaimRequest.of(bob.id(), Device.SUITE);
        assertThat(alice.session().claimKeyPackages(Device.request(), request).claimed())
                .hasSize(1);
        prune(Duration.ofHours(25));
        assertThat(rows("key_package_profile")).isZero();
        bob.publish(1);
        assertThat(alice.session().claimKeyPackages(Device.request(), request).claimed())
                .hasSize(1);
    }

    /** What is published just when its profile is about to be deleted has one afterwards, or nobody could ever claim it. */
    @Test
    void whatIsPublishedWhileItsProfileIsPrunedCanBeClaimed() throws Exception {
        Device alice = nodes.device("alice");
        Device bob = nodes.device("bob");
        ClaimRequest request = ClaimRequest.of(bob.id(), Device.SUITE);
        ExecutorService pruning = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 50; i++) {
                // As if days had passed since the last publication.
                service.engine().write(tx -> tx.update("UPDATE key_package_profile SET used = 1"));
                Future<?> pruner = pruning.submit(() -> {
                    prune(Duration.ZERO);
                    return null;
                });
                bob.publish(1);
                pruner.get();
                assertThat(alice.session()
                                .claimKeyPackages(Device.request(), request)
                                .claimed())
                        .as("of round " + i)
                        .hasSize(1);
            }
        } finally {
            pruning.shutdown();
        }
    }
}
