package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.Receipt.Kind;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why something waits or was refused, for programs. */
class ReceiptTest {
    private World world;
    private Conversation team;
    /** Thrown instead of each answer, unless null. */
    private Exception trouble;

    private boolean routes = true;
    private final List<KeyPackageRef> unrouted = new ArrayList<>();

    @BeforeEach
    void begin() {
        world = new World(81);
        world.network = session -> Between.put(DeliverySession.class, session, call -> {
            if (trouble != null && !call.is("close")) {
                throw trouble;
            }
            return answer(call.go());
        });
        team = world.team("alice", "bob");
    }

    @AfterEach
    void end() {
        world.close();
    }

    /** What a service says that cannot route Welcomes, and is not heard of again after it has taken a Commit. */
    private Object answer(Object answer) {
        if (routes) {
            return answer;
        } else if (answer instanceof ClaimResult claimed) {
            SuiteCrypto crypto = world.client("alice").identity().crypto();
            claimed.claimed()
                    .forEach(one -> unrouted.add(new KeyPackageRef(
                            ((MlsMessage.KeyPackage) one.keyPackage().body())
                                    .keyPackage()
                                    .ref(crypto))));
        } else if (answer instanceof Appended appended) {
            trouble = new IOException("away");
            return new Appended(appended.seq(), appended.epoch(), unrouted, false);
        }
        return answer;
    }

    @Test
    void aWelcomeThatWasNotRoutedIsToldAfterTheProcessHasDied() {
        world.join("carol");
        routes = false;
        assertProblem(team.invite(user("carol")), Receipt.State.WAITING, Kind.UNREACHABLE);
        routes = true;
        trouble = null;
        List<Receipt> settled = new ArrayList<>();
        CoppiceClient alice = world.restart("alice");
        alice.listen(event -> {
            if (event instanceof ClientEvent.Settled told) {
                settled.add(told.receipt());
            }
        });
        World.sync(alice);
        assertThat(settled).singleElement().satisfies(receipt -> {
            assertThat(receipt.isDone()).isTrue();
            assertThat(receipt.without()).containsExactly(id("carol"));
        });
    }

    private static void assertProblem(Receipt receipt, Receipt.State state, Kind kind) {
        assertThat(receipt.state()).isEqualTo(state);
        assertThat(receipt.problem()).hasValueSatisfying(problem -> {
            assertThat(problem.kind()).isEqualTo(kind);
            assertThat(problem.text()).isNotEmpty();
        });
    }

    @Test
    void whatIsDoneHasNoProblem() {
        assertThat(team.send("hello").problem()).isEmpty();
    }

    @Test
    void whatIsOnlyKeptWasNotTried() {
        assertProblem(team.enqueue("later"), Receipt.State.WAITING, Kind.NOT_TRIED);
    }

    @Test
    void aServiceThatIsAwayIsToldFromOneThatPutsOff() {
        trouble = new IOException("the network is away");
        assertProblem(team.send("later"), Receipt.State.WAITING, Kind.UNREACHABLE);
        trouble = Problem.of(ProblemKind.UNAVAILABLE, "the database is away").asException();
        assertProblem(team.send("later still"), Receipt.State.WAITING, Kind.PUT_OFF);
    }

    @Test
    void whoLeavesWaitsForOthers() {
        assertProblem(team.leave(), Receipt.State.WAITING, Kind.OTHERS);
    }

    @Test
    void anInvitationOfAStrangerIsRefusedByTheService() {
        assertProblem(team.invite(user("stranger")), Receipt.State.REFUSED, Kind.REFUSED_BY_SERVICE);
    }

    @Test
    void whoHasNoKeyPackageCannotBeInvited() {
        Receipt receipt = team.invite(List.of(), List.of(id("carol")));
        assertProblem(receipt, Receipt.State.REFUSED, Kind.NO_KEY_PACKAGE);
    }

    @Test
    void whatBreaksARuleOfMlsIsRefusedByItsName() throws CryptoException {
        Identity bob = world.client("bob").identity();
        Identity twin = Identity.of(
                bob.crypto(),
                id("carol"),
                id("carol").basicCredential(),
                bob.keys().orElseThrow());
        try (CoppiceClient carol = CoppiceClient.create(
                new InMemoryClientStore(),
                twin,
                world.environment,
                identity -> new FakeSession(world.service, identity.client()))) {
            World.sync(carol);
            Receipt receipt = team.invite(user("carol"));
            assertProblem(receipt, Receipt.State.REFUSED, Kind.RULE);
            assertThat(receipt.problem().orElseThrow().text()).startsWith(Rule.ADD_OF_MEMBER.name());
            assertThat(team.send("nothing else is held up").isDone()).isTrue();
        }
    }

    @Test
    void aNameThatCannotBeIsTheCallersMistakeAndNotKept() {
        assertThatThrownBy(() -> team.rename("x".repeat(257))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> team.rename("\ud83c")).isInstanceOf(IllegalArgumentException.class);
        assertThat(team.view().waiting()).isZero();
        assertThat(team.rename("x".repeat(256)).isDone()).isTrue();
    }

    @Test
    void whoIsNoMemberIsRefusedAtOnce() {
        Conversation bobs = world.conversation("bob", team.id());
        assertThat(team.remove(user("bob")).isDone()).isTrue();
        World.sync(world.client("bob"));
        assertProblem(bobs.send("still here?"), Receipt.State.REFUSED, Kind.NO_MEMBER);
    }

    @Test
    void whatWasTakenBackSaysSo() {
        List<Receipt> settled = new ArrayList<>();
        world.client("alice").listen(event -> {
            if (event instanceof ClientEvent.Settled told) {
                settled.add(told.receipt());
            }
        });
        assertThat(team.cancel(team.enqueue("never mind"))).isTrue();
        assertThat(settled)
                .singleElement()
                .satisfies(receipt -> assertProblem(receipt, Receipt.State.REFUSED, Kind.CANCELLED));
    }
}
