package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Parameters;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Stock;
import org.coppice.mls.message.KeyPackage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock of key packages at the service, and their private keys in the client's store (RFC 9750 §5.1). */
class KeyPackageUpkeepTest {
    private static final Parameters DEFAULTS = Parameters.DEFAULT;

    private World world;
    private CoppiceClient alice;
    private CoppiceClient bob;

    @BeforeEach
    void begin() {
        world = new World(31);
        alice = world.join("alice");
        bob = world.join("bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Stock.OfSuite stock() {
        return world.service.stock(id("bob")).of(World.SUITE);
    }

    private int privateKeys() {
        return world.stored("bob", "key-package").size();
    }

    private Conversation invited(String name) {
        Conversation conversation = alice.createConversation(name);
        assertThat(conversation.invite(user("bob")).isDone()).isTrue();
        return conversation;
    }

    @Test
    @Tag("A-5.1-01")
    void aNewClientHasKeyPackagesAndALastResort() {
        assertThat(stock().ordinary()).isEqualTo(4);
        assertThat(stock().lastResort()).isPresent();
        assertThat(privateKeys()).isEqualTo(5);
    }

    @Test
    @Tag("A-3.2-02")
    @Tag("A-5.1-07")
    @Tag("A-5.1-08")
    void theStockIsFilledUpBeforeItIsEmpty() {
        invited("first");
        World.sync(bob);
        assertThat(stock().ordinary()).isEqualTo(3);
        invited("second");
        World.sync(bob);
        assertThat(stock().ordinary()).isEqualTo(4);
        assertThat(stock().lastResort().orElseThrow().uses()).isZero();
    }

    @Test
    @Tag("A-5.1-06")
    @Tag("A-5.1-11")
    void aPrivateKeyIsGoneOnceItsWelcomeWasRead() {
        invited("team");
        assertThat(privateKeys()).isEqualTo(5);
        World.sync(bob);
        assertThat(bob.conversations()).hasSize(1);
        assertThat(privateKeys()).isEqualTo(4);
    }

    @Test
    @Tag("A-3.2-02")
    void keyPackagesThatAreOverAreReplacedAndTheirPrivateKeysGo() {
        Set<KeyPackage> former = new HashSet<>(world.service.stockOf(id("bob")));
        world.time.pass(Duration.ofDays(91));
        World.sync(bob);
        assertThat(stock().ordinary()).isEqualTo(4);
        assertThat(world.service.stockOf(id("bob"))).doesNotContainAnyElementsOf(former);
        assertThat(privateKeys()).isEqualTo(5);
    }

    @Test
    @Tag("A-5.1-09")
    @Tag("A-5.1-11")
    void anOldLastResortIsReplacedAndItsPrivateKeyGoesAfterTheGrace() {
        world.time.pass(DEFAULTS.lastResortAge().plusHours(1));
        World.sync(bob);
        assertThat(stock().lastResort().orElseThrow().publishedMillis()).isEqualTo(world.time.millis());
        // A Welcome for the former one may be on its way.
        assertThat(privateKeys()).isEqualTo(6);
        world.time.pass(DEFAULTS.lastResortGrace().plusHours(1));
        World.sync(bob);
        // Nothing had to be published now, and still it is gone.
        assertThat(privateKeys()).isEqualTo(5);
    }

    /** Its client was away: when it comes back, it reads what waits before it deletes what is over. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("A-5.1-11")
    void aWelcomeThatWaitedHasItsPrivateKeyHoweverLongItWaited(boolean lastResort) {
        if (lastResort) {
            world.service.exhaust(id("bob"));
        }
        Conversation team = invited("team");
        if (lastResort) {
            inboxIsAway(true);
            // It is used, and so replaced.
            assertThatThrownBy(bob::sync).isInstanceOf(DeliveryException.class);
            assertThat(stock().lastResort().orElseThrow().uses()).isZero();
            inboxIsAway(false);
        }
        world.time.pass(lastResort ? DEFAULTS.lastResortGrace().plusHours(1) : Duration.ofDays(91));
        World.sync(bob);
        assertThat(world.conversation("bob", team.id()).history(0, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        HistoryEntry.Joined.class,
                        joined -> assertThat(joined.how()).isEqualTo(HistoryEntry.Joined.Way.ADDED));
        World.sync(bob);
        assertThat(privateKeys())
                .as("those in stock, and four that may have been claimed")
                .isEqualTo(lastResort ? 9 : 5);
    }

    private void inboxIsAway(boolean value) {
        world.network = session -> Between.put(DeliverySession.class, session, call -> {
            if (value && call.is("inbox")) {
                throw Problem.of(ProblemKind.OVER_LIMIT, "too much").asException();
            }
            return call.go();
        });
        bob = world.restart("bob");
    }

    /**
     * Such as those of a client whose clock goes wrong. Its store grew by a stock of private keys each time that it looked, and the one
     * that it needs for the last resort that the service goes on to give out was deleted after the grace.
     */
    @Test
    @Tag("A-5.1-11")
    void ofKeyPackagesThatAreRefusedNothingIsKeptAndNothingIsReplaced() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        world.network = session -> refusing(refuses, session);
        bob = world.restart("bob");
        List<ClientEvent> told = new ArrayList<>();
        bob.listen(told::add);
        world.service.exhaust(id("bob"));
        world.time.pass(DEFAULTS.lastResortAge().plusHours(1));
        World.sync(bob);
        World.sync(bob);
        assertThat(told)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                ClientEvent.KeyPackagesRefused.class,
                                refused -> assertThat(refused.isForTheClock()).isTrue()));
        world.time.pass(DEFAULTS.lastResortGrace().plusHours(1));
        World.sync(bob);
        assertThat(privateKeys()).isEqualTo(5);
        invited("by the last resort");
        World.sync(bob);
        assertThat(bob.conversations()).hasSize(1);
        refuses.set(false);
        World.sync(bob);
        assertThat(stock().ordinary()).isEqualTo(4);
        assertThat(privateKeys())
                .as("four that may have been claimed, and a last resort on its way out")
                .isEqualTo(10);
    }

    private static DeliverySession refusing(AtomicBoolean refuses, DeliverySession session) {
        return Between.put(DeliverySession.class, session, call -> {
            if (refuses.get() && call.is("publishKeyPackages")) {
                throw Problem.refused("KEY_PACKAGE_LIFETIME", "not yet").asException();
            }
            return call.go();
        });
    }

    @Test
    @Tag("A-5.1-12")
    void aNewSignatureKeyBringsNewKeyPackages() throws Exception {
        List<KeyPackage> former = world.service.stockOf(id("bob"));
        bob.rotateKey();
        World.sync(bob);
        assertThat(world.service.stockOf(id("bob"))).hasSize(4).doesNotContainAnyElementsOf(former);
        assertThat(world.service.stockOf(id("bob")))
                .allSatisfy(keyPackage -> assertThat(keyPackage.leafNode().signatureKey())
                        .isEqualTo(bob.identity().signer().publicKey()));
    }
}
