package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much a client, a group and a stranger may ask. */
class RateLimitTest {
    private static final int BURST = 20;
    private static final RateLimits.Rate FEW = new RateLimits.Rate(1, BURST);
    private static final RateLimits.Rate MANY = RateLimits.NONE.requests();

    private static Nodes nodes(Nodes.Kind kind, RateLimits rates) {
        return Nodes.start(kind, Servers.config().withRates(rates));
    }

    private interface Call {
        void run() throws Exception;
    }

    /** Runs it until it is refused, and returns how often it was not: the burst, and one for each second that this takes. */
    private static int granted(Call call) throws Exception {
        for (int i = 0; i < 20 * BURST; i++) {
            try {
                call.run();
            } catch (DeliveryException e) {
                assertThat(e.kind()).isEqualTo(ProblemKind.OVER_LIMIT);
                assertThat(e.problem().retryAfter().orElseThrow())
                        .isBetween(Duration.ofNanos(1), Duration.ofSeconds(1));
                assertThat(i).isGreaterThanOrEqualTo(BURST);
                return i;
            }
        }
        throw new AssertionError("never refused");
    }

    @Test
    void aClientGetsWhatItMayAndAnotherIsNotHeldUpByIt() throws Exception {
        try (Nodes nodes = nodes(Nodes.Kind.SQLITE, new RateLimits(FEW, MANY, MANY, MANY, MANY))) {
            Device alice = nodes.device("alice");
            Device bob = nodes.device("bob");
            granted(() -> alice.session().groups());
            assertThat(bob.session().groups()).isEmpty();
        }
    }

    /** RFC 9420 §16.8: nobody is to run others out of key packages. */
    @Test
    @Tag("A-8.1.3-01")
    @Tag("A-8.1.3-04")
    void claimsAndAppendsHaveLimitsOfTheirOwn() throws Exception {
        try (Nodes nodes = nodes(Nodes.Kind.SQLITE, new RateLimits(MANY, FEW, MANY, FEW, MANY))) {
            Device alice = nodes.device("alice");
            ClaimRequest claim = ClaimRequest.of(alice.id(), Device.SUITE);
            granted(() -> alice.session().claimKeyPackages(Device.request(), claim));
            alice.create();
            MlsMessage message = alice.group().encrypt(new byte[1]);
            int appended = granted(() -> alice.session().send(Device.request(), message));
            assertThat(alice.log(0)).hasSize(appended);
        }
    }

    /** Whoever knew a group's id, such as a former member, could keep its members silent. */
    @Test
    @Tag("A-8.1.3-01")
    void whoIsNoMemberUsesUpNothingOfAGroupsLimit() throws Exception {
        try (Nodes nodes = nodes(Nodes.Kind.SQLITE, new RateLimits(MANY, MANY, MANY, FEW, MANY))) {
            Device alice = nodes.device("alice");
            Device former = nodes.device("bob");
            Device stranger = nodes.device("mallory");
            alice.create();
            former.publish(1);
            alice.invite(former);
            alice.remove(former);
            MlsMessage message = alice.group().encrypt(new byte[1]);
            StagedCommit staged = alice.staged();
            for (int i = 0; i < 2 * BURST; i++) {
                refuses(ProblemKind.NOT_ALLOWED, () -> former.session().send(Device.request(), message));
                refuses(ProblemKind.UNKNOWN_GROUP, () -> stranger.session().send(Device.request(), message));
                refuses(
                        ProblemKind.UNKNOWN_GROUP,
                        () -> stranger.session().commit(Device.request(), alice.bundleOf(staged)));
            }
            alice.session().send(Device.request(), message);
        }
    }

    /** RFC 9420 §16.8: nor one user by all that a client may claim. */
    @Test
    @Tag("A-8.1.3-04")
    void claimsOfOneUserHaveALimitForEachClaimant() throws Exception {
        try (Nodes nodes = nodes(Nodes.Kind.SQLITE, new RateLimits(MANY, MANY, FEW, MANY, MANY))) {
            Device alice = nodes.device("alice");
            Device bob = nodes.device("bob");
            ClaimRequest ofBob = ClaimRequest.of(bob.id(), Device.SUITE);
            granted(() -> alice.session().claimKeyPackages(Device.request(), ofBob));
            refuses(
                    ProblemKind.OVER_LIMIT,
                    () -> alice.session()
                            .claimKeyPackages(
                                    Device.request(), ClaimRequest.of(bob.id().user(), Device.SUITE)));
            alice.session().claimKeyPackages(Device.request(), ClaimRequest.of(alice.id(), Device.SUITE));
            bob.session().claimKeyPackages(Device.request(), ofBob);
        }
    }

    private static void refuses(ProblemKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    @Tag("A-8.1.3-02")
    void strangersAreCountedByWhereTheyComeFrom() throws Exception {
        try (Nodes nodes = nodes(Nodes.Kind.SQLITE, new RateLimits(MANY, MANY, MANY, MANY, FEW))) {
            DeliveryService service = nodes.next();
            granted(() -> service.countLogin("198.51.100.1"));
            service.countLogin("198.51.100.2");
        }
    }

    /** Each costs the database a look; but who shares an address with who tries them is let in with a token that was good here. */
    @Test
    @Tag("A-8.1.3-02")
    void tokensThatStandForNobodyAreCountedByWhereTheyComeFrom() throws Exception {
        try (Nodes nodes =
                nodes(Nodes.Kind.SQLITE, new RateLimits(MANY, MANY, MANY, MANY, new RateLimits.Rate(1, 3)))) {
            DeliveryService service = nodes.next();
            String known = LoginsTest.register(service, ClientId.parse("alice/laptop"));
            String unknown = LoginsTest.register(service, ClientId.parse("bob/laptop"));
            assertThat(service.authenticate(known, "198.51.100.1").client()).isEqualTo(ClientId.parse("alice/laptop"));
            Problem last = refusal(service, 0);
            assertThat(last.kind()).isEqualTo(ProblemKind.UNAUTHENTICATED);
            for (int i = 1; i < 100 && last.kind() == ProblemKind.UNAUTHENTICATED; i++) {
                last = refusal(service, i);
            }
            assertThat(last.kind()).isEqualTo(ProblemKind.OVER_LIMIT);
            assertThat(last.retryAfter().orElseThrow()).isPositive();
            assertThat(service.authenticate(known, "198.51.100.1").client()).isEqualTo(ClientId.parse("alice/laptop"));
            assertThat(service.authenticate(unknown, "198.51.100.2").client())
                    .as("from elsewhere")
                    .isEqualTo(ClientId.parse("bob/laptop"));
        }
    }

    private static Problem refusal(DeliveryService service, int guess) {
        return ContractTest.refusal(() -> service.authenticate("made-up-" + guess, "198.51.100.1"));
    }

    /** The sum over the nodes is what a client can reach: nodes do not ask one another. */
    @Test
    void eachNodeCountsByItself() throws Exception {
        try (Nodes nodes = nodes(Nodes.Kind.POSTGRESQL, new RateLimits(FEW, MANY, MANY, MANY, MANY))) {
            Device alice = nodes.device("alice");
            DeliverySession first = nodes.next().session(alice.id());
            DeliverySession second = nodes.next().session(alice.id());
            granted(first::groups);
            granted(second::groups);
        }
    }
}
