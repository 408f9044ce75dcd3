package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.coppice.delivery.contract.ContractTest.refuses;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.Grant;
import org.coppice.delivery.account.Login;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.Voucher;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.MlsClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins end on all nodes, and what was opened with them. */
class LoginsTest {
    private static final ClientId LAPTOP = ClientId.parse("alice/laptop");
    private static final ClientId PHONE = ClientId.parse("alice/phone");

    private final MlsClient laptop = Device.mls(LAPTOP, HandshakePolicy.PUBLIC);
    private final MlsClient phone = Device.mls(PHONE, HandshakePolicy.PUBLIC);

    /** Keeps why a stream ended. */
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

        void awaitLogOut() {
            await().atMost(Duration.ofSeconds(60)).until(cause::isDone);
            assertThat(cause.join().getCause())
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(ProblemKind.UNAUTHENTICATED));
        }
    }

    private static Grant register(DeliveryService service, ClientId id, MlsClient keys, Optional<Voucher> sponsor)
            throws Exception {
        Bytes challenge = service.challenge();
        Bytes signature = LoginStatement.of(Servers.AUDIENCE, challenge, id).sign(keys.crypto(), keys.signer());
        return service.register(
                new LoginProof(
                        id, ContractTest.credential(id, keys), Optional.of(Servers.AUDIENCE), challenge, signature),
                sponsor);
    }

    /** The word of the phone's or the laptop's key for the other one. */
    private static Optional<Voucher> word(
            DeliveryService service, ClientId sponsor, MlsClient by, ClientId device, MlsClient keys) throws Exception {
        Bytes challenge = service.challenge();
        ConsentStatement statement =
                ConsentStatement.toRegistration(sponsor, challenge, device, ContractTest.credential(device, keys));
        return Optional.of(new Voucher(sponsor, new Consent(challenge, statement.sign(by.crypto(), by.signer()))));
    }

    /** A new client's token. */
    static String register(DeliveryService service, ClientId id) throws Exception {
        return register(service, id, Device.mls(id, HandshakePolicy.PUBLIC), Optional.empty())
                .token();
    }

    private static Ended listen(DeliveryService service, Grant grant) throws Exception {
        Ended out = new Ended();
        Subscription unused =
                service.session(service.authenticate(grant.token())).subscribe(out, Optional.empty());
        assertThat(unused).isNotNull();
        return out;
    }

    @ParameterizedTest
    @EnumSource(Nodes.Kind.class)
    void loggingOutEndsStreamsOnAllNodesButNobodyElses(Nodes.Kind kind) throws Exception {
        try (Nodes nodes = Nodes.start(kind, Servers.config())) {
            Grant alice = register(nodes.next(), LAPTOP, laptop, Optional.empty());
            ClientId bobsOwn = ClientId.parse("bob/laptop");
            MlsClient bobsKeys = Device.mls(bobsOwn, HandshakePolicy.PUBLIC);
            Grant bob = register(nodes.next(), bobsOwn, bobsKeys, Optional.empty());
            Ended here = listen(nodes.next(), alice);
            Ended there = listen(nodes.next(), alice);
            Ended bobs = listen(nodes.next(), bob);
            nodes.next().session(LAPTOP).logOut();
            here.awaitLogOut();
            there.awaitLogOut();
            refuses(ProblemKind.UNAUTHENTICATED, () -> nodes.next().authenticate(alice.token()));
            nodes.next().session(LAPTOP).logOut();
            assertThat(bobs.cause).isNotDone();
            assertThat(nodes.next().authenticate(bob.token()).client()).isEqualTo(bobsOwn);
        }
    }

    /** A stream that is asked for by a request that was let in just before. */
    @ParameterizedTest
    @EnumSource(Nodes.Kind.class)
    void noStreamBeginsByALoginThatHasEndedMeanwhile(Nodes.Kind kind) throws Exception {
        try (Nodes nodes = Nodes.start(kind, Servers.config())) {
            Grant alice = register(nodes.next(), LAPTOP, laptop, Optional.empty());
            Login login = nodes.next().authenticate(alice.token());
            nodes.next().logOut(LAPTOP);
            DeliveryService node = nodes.next();
            refuses(ProblemKind.UNAUTHENTICATED, () -> node.session(login).subscribe(new Ended(), Optional.empty()));
            assertThat(node.openStreams()).isZero();
        }
    }

    /** One login more than the others: hints to a client have each of its streams look after its own. */
    @ParameterizedTest
    @EnumSource(Nodes.Kind.class)
    void aLoginThatCameAfterTheLogOutStands(Nodes.Kind kind) throws Exception {
        try (Nodes nodes = Nodes.start(kind, Servers.config())) {
            Grant old = register(nodes.next(), LAPTOP, laptop, Optional.empty());
            Ended former = listen(nodes.next(), old);
            nodes.next().logOut(LAPTOP);
            former.awaitLogOut();
            Grant fresh = register(nodes.next(), LAPTOP, laptop, Optional.empty());
            Ended stream = listen(nodes.next(), fresh);
            nodes.next().session(ClientId.parse("bob/laptop")).logOut();
            assertThat(stream.cause).isNotDone();
            assertThat(nodes.next().authenticate(fresh.token()).client()).isEqualTo(LAPTOP);
        }
    }

    @ParameterizedTest
    @EnumSource(Nodes.Kind.class)
    void aLostDeviceIsUnregisteredByAnotherAndItsNameIsFreeForTheUser(Nodes.Kind kind) throws Exception {
        try (Nodes nodes = Nodes.start(kind, Servers.config())) {
            Grant first = register(nodes.next(), LAPTOP, laptop, Optional.empty());
            register(nodes.next(), PHONE, phone, word(nodes.next(), LAPTOP, laptop, PHONE, phone));
            Ended lost = listen(nodes.next(), first);
            RequestId request = Device.request();
            Bytes consent =
                    ConsentStatement.toUnregister(PHONE, request, LAPTOP).sign(phone.crypto(), phone.signer());
            nodes.next().session(PHONE).unregister(request, LAPTOP, consent);
            lost.awaitLogOut();
            nodes.next().session(PHONE).unregister(request, LAPTOP, consent);
            assertThat(nodes.next().session(PHONE).clientsOf(LAPTOP.user())).containsExactly(PHONE);
            refuses(ProblemKind.NOT_ALLOWED, () -> register(nodes.next(), LAPTOP, laptop, Optional.empty()));
            MlsClient found = Device.mls(LAPTOP, HandshakePolicy.PUBLIC);
            Grant again = register(nodes.next(), LAPTOP, found, word(nodes.next(), PHONE, phone, LAPTOP, found));
            assertThat(nodes.next().authenticate(again.token()).client()).isEqualTo(LAPTOP);
        }
    }
}
