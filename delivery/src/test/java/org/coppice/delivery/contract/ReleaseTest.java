package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.coppice.delivery.contract.ContractTest.refusal;
import static org.coppice.delivery.contract.ContractTest.refuses;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.InterposedEngine;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A name is given back, and somebody else takes it: nothing of the one before is left to that client.
 *
 * <p>Before, the name of a user whose only device had lost its key was locked for ever.
 */
@ParameterizedClass
@EnumSource(Nodes.Kind.class)
class ReleaseTest {
    private static final ClientId LAPTOP = ClientId.parse("alice/laptop");
    private static final UserName ALICE = LAPTOP.user();

    @Parameter
    Nodes.Kind kind;

    private Nodes nodes;

    @BeforeEach
    void start() {
        nodes = Nodes.start(kind, Servers.config());
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    private static final class Ended implements HintListener {
        final CompletableFuture<IOException> cause = new CompletableFuture<>();

        @Override
        public void onHint(Hint hint, String eventId) {
            // Only the end matters here.
        }

        @Override
        public void onInterrupted(IOException why) {
            cause.complete(why);
        }
    }

    private static LoginProof proof(DeliveryService service, Device device) throws Exception {
        Bytes challenge = service.challenge();
        MlsClient keys = device.client();
        return new LoginProof(
                device.id(),
                ContractTest.credential(device.id(), keys),
                Optional.of(Servers.AUDIENCE),
                challenge,
                LoginStatement.of(Servers.AUDIENCE, challenge, device.id()).sign(keys.crypto(), keys.signer()));
    }

    private long rows(String table) throws Exception {
        return nodes.next()
                .engine()
                .read(tx -> tx.first(
                                "SELECT COUNT(*) FROM " + table + " WHERE client = ?",
                                row -> row.int64(1),
                                LAPTOP.toString())
                        .orElseThrow());
    }

    private static GroupSettings settings(HandshakePolicy handshakes, ExternalJoinPolicy joins) {
        return new GroupSettings(handshakes, joins, Retention.OF_SERVICE);
    }

    @Test
    void nothingIsLeftOfWhoHadTheName() throws Exception {
        Device alice = nodes.device("alice");
        Device bob = nodes.device("bob");
        alice.publish(3);
        bob.create();
        var staged = bob.adding(alice);
        bob.send(staged, bob.bundleOf(staged));
        DeliveryService node = nodes.next();
        String token = node.login(proof(node, alice)).token();
        Ended stream = new Ended();
        Subscription unused =
                nodes.next().session(nodes.next().authenticate(token)).subscribe(stream, Optional.empty());
        assertThat(unused).isNotNull();
        assertThat(nodes.next().release(ALICE)).containsExactly(LAPTOP);
        await().atMost(Duration.ofSeconds(60)).until(stream.cause::isDone);
        assertThat(stream.cause.join().getCause())
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(ProblemKind.UNAUTHENTICATED));
        for (String table : List.of("client", "credential", "token", "key_package", "inbox", "request")) {
            assertThat(rows(table)).as(table).isZero();
        }
        DeliveryService other = nodes.next();
        refuses(ProblemKind.UNAUTHENTICATED, () -> other.authenticate(token));
        refuses(ProblemKind.UNAUTHENTICATED, () -> other.login(proof(other, alice)));
        refuses(ProblemKind.UNKNOWN_CLIENT, () -> bob.session().clientsOf(ALICE));
        refuses(ProblemKind.UNKNOWN_CLIENT, () -> nodes.next().release(ALICE));
        Device next = nodes.device("alice");
        assertThat(next.session().groups()).isEmpty();
        assertThat(next.session().inbox(0, 10, Duration.ZERO)).isEmpty();
        refuses(ProblemKind.UNAUTHENTICATED, () -> other.login(proof(other, alice)));
    }

    @Test
    void aNameWithoutDevicesCanBeGivenBackToo() throws Exception {
        nodes.device("alice");
        nodes.next().engine().write(tx -> tx.update("DELETE FROM client WHERE client = ?", LAPTOP.toString()));
        assertThat(nodes.next().release(ALICE)).isEmpty();
        nodes.device("alice");
    }

    /** Whatever the group's settings say of members and their users: the one who has the name now is none. */
    @ParameterizedTest
    @EnumSource(HandshakePolicy.class)
    void whoHasTheNameNextIsAStrangerToItsGroups(HandshakePolicy handshakes) throws Exception {
        for (ExternalJoinPolicy joins : List.of(ExternalJoinPolicy.RESYNC, ExternalJoinPolicy.MEMBERS)) {
            GroupSettings settings = settings(handshakes, joins);
            Device alice = nodes.device("alice", handshakes);
            Device bob = nodes.device("bob", handshakes);
            alice.publish(1);
            bob.create(settings);
            bob.invite(alice);
            bob.catchUp();
            bob.say("to alice");
            nodes.next().release(ALICE);
            Device next = nodes.device("alice", handshakes);
            Bytes group = bob.groupId();
            refuses(ProblemKind.UNKNOWN_GROUP, () -> next.session().read(group, 0, 10, Duration.ZERO));
            refuses(ProblemKind.UNKNOWN_GROUP, () -> next.session().groupInfo(group));
            refuses(ProblemKind.UNKNOWN_GROUP, () -> next.session().ratchetTree(group, 1));
            refuses(ProblemKind.UNKNOWN_GROUP, () -> next.session().settings(group));
            refuses(ProblemKind.UNKNOWN_GROUP, () -> next.joinExternally(group, settings));
            refuses(
                    ProblemKind.UNKNOWN_GROUP,
                    () -> next.session().send(Device.request(), alice.group().encrypt(new byte[5])));
            refuses(
                    ProblemKind.UNKNOWN_GROUP,
                    () -> next.session()
                            .send(
                                    Device.request(),
                                    next.client()
                                            .proposeAdd(group, 1, next.bundle().keyPackage())));
            bob.say("the others go on");
            nodes.next().release(ALICE);
            nodes.next().release(bob.id().user());
        }
    }

    @ParameterizedTest
    @EnumSource(HandshakePolicy.class)
    void whoHasTheNameNextComesInWhenTheOldLeafIsGone(HandshakePolicy handshakes) throws Exception {
        GroupSettings settings = settings(handshakes, ExternalJoinPolicy.RESYNC);
        Device alice = nodes.device("alice", handshakes);
        Device bob = nodes.device("bob", handshakes);
        alice.publish(1);
        bob.create(settings);
        bob.invite(alice);
        nodes.next().release(ALICE);
        Device next = nodes.device("alice", handshakes);
        next.publish(2);
        StagedCommit beside = bob.adding(next);
        assertThat(refusal(() -> bob.send(beside, bob.bundleOf(beside, List.of(LAPTOP), List.of())))
                        .rule())
                .contains("CLIENT_TWICE");
        bob.group().clearPendingCommits();
        bob.remove(alice);
        bob.invite(next);
        bob.say("welcome");
        assertThat(next.catchUp()).containsExactly("welcome");
        next.say("thank you");
        assertThat(next.log(0)).as("from its own coming on").hasSize(3);
        bob.remove(next);
        refuses(ProblemKind.NOT_ALLOWED, () -> next.say("too late"));
    }

    /** An Add that was checked while the name was the former one's must not let the next one in. */
    @ParameterizedTest
    @EnumSource(HandshakePolicy.class)
    void anAddThatWasOnItsWayDoesNotAdmitWhoHasTheNameNext(HandshakePolicy handshakes) throws Exception {
        InterposedEngine engine = new InterposedEngine(engine());
        try (DeliveryService service = Servers.open(engine, Servers.config())) {
            Device alice = Device.of(Servers.inProcess(service), LAPTOP, handshakes);
            Device bob = Device.of(Servers.inProcess(service), ClientId.parse("bob/laptop"), handshakes);
            alice.publish(1);
            bob.create(settings(handshakes, ExternalJoinPolicy.RESYNC));
            StagedCommit staged = bob.adding(alice);
            CompletableFuture<Device> next = new CompletableFuture<>();
            boolean visible = handshakes == HandshakePolicy.PUBLIC;
            engine.beforeNextWrite(() -> {
                try {
                    service.release(ALICE);
                    if (visible) {
                        next.complete(Device.of(Servers.inProcess(service), LAPTOP, handshakes));
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            if (visible) {
                refuses("CREDENTIAL_NOT_REGISTERED", () -> bob.send(staged, bob.bundleOf(staged)));
            } else {
                // The service does not see whom it adds, and nobody is admitted.
                bob.send(staged, bob.bundleOf(staged, List.of(LAPTOP), List.of()));
                next.complete(Device.of(Servers.inProcess(service), LAPTOP, handshakes));
            }
            assertThat(next.join().session().groups()).isEmpty();
            refuses(ProblemKind.UNKNOWN_GROUP, () -> next.join().session().groupInfo(bob.groupId()));
        }
    }

    private Engine engine() {
        return kind == Nodes.Kind.SQLITE ? Servers.sqlite() : Servers.postgres();
    }
}
