package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of one conversation that cannot be read: it is set aside, and all others go on. */
class DamagedConversationTest {
    private World world;
    private Conversation hersDamaged;
    private Conversation hersWhole;
    private DamagedStore store;
    private CoppiceClient bob;
    private Conversation damaged;
    private Conversation whole;
    private final List<ClientEvent> events = new ArrayList<>();
    private boolean away;

    @BeforeEach
    void begin() {
        world = new World(97);
        world.join("alice");
        world.join("bob");
        hersDamaged = world.together("damaged", "alice", "bob");
        hersWhole = world.together("whole", "alice", "bob");
        world.conversation("bob", hersDamaged.id()).enqueue("not sent yet");
        world.disk = (name, below) -> store = new DamagedStore(below);
        world.network = this::withoutSending;
        // What it has read before is in memory only.
        bob = world.restart("bob");
        bob.listen(events::add);
        damaged = of(hersDamaged);
        whole = of(hersWhole);
    }

    private Conversation of(Conversation hers) {
        return bob.conversations().stream()
                .filter(one -> one.id().equals(hers.id()))
                .findFirst()
                .orElseThrow();
    }

    /** A service that takes no message while {@link #away}. */
    private DeliverySession withoutSending(DeliverySession session) {
        return Between.put(DeliverySession.class, session, call -> {
            if (away && call.is("send")) {
                throw new IOException("away");
            }
            return call.go();
        });
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Space group() {
        return Space.named("group", damaged.id());
    }

    private void damage(Space space) {
        assertThat(store.damage(space)).isPositive();
    }

    private void assertDamaged() {
        assertThat(damaged.view().status()).isEqualTo(ConversationStatus.DAMAGED);
        assertThat(damaged.view().name()).isEqualTo("damaged");
        assertThat(damaged.view().reason()).isNotEmpty();
        assertThat(damaged.members()).isEmpty();
        assertThat(damaged.epochAuthenticator()).isEmpty();
        assertThat(events)
                .filteredOn(ClientEvent.StatusChanged.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.groupId()).isEqualTo(damaged.id());
                    assertThat(((ClientEvent.StatusChanged) event).status()).isEqualTo(ConversationStatus.DAMAGED);
                });
    }

    private void assertTalking() {
        World.sync(world.client("alice"));
        assertThat(hersDamaged.send("from alice").isDone()).isTrue();
        World.sync(bob);
        assertThat(World.texts(damaged)).contains("alice: from alice");
        assertThat(damaged.send("from bob").isDone()).isTrue();
        World.sync(world.client("alice"));
        assertThat(World.texts(hersDamaged)).contains("bob: from bob");
        assertThat(damaged.epochAuthenticator()).isEqualTo(hersDamaged.epochAuthenticator());
    }

    @Test
    void itIsToldByNameAndKeepsNoOtherFromGoingOn() {
        damage(group());
        hersDamaged.send("not to be read");
        hersWhole.send("to be read");
        World.sync(bob);
        assertThat(World.texts(whole)).containsExactly("alice: to be read");
        assertThat(whole.send("and answered").isDone()).isTrue();
        assertDamaged();
        World.sync(bob);
        assertDamaged();
    }

    @Test
    void itIsListedAndDoesNotFailTheList() {
        damage(group());
        assertThat(bob.conversations()).extracting(one -> one.view().name()).containsOnly("damaged", "whole");
        assertDamaged();
    }

    @Test
    void aGroupWithoutRecordsIsDamagedToo() {
        world.forget("bob", group());
        World.sync(bob);
        assertDamaged();
    }

    @Test
    void whatIsAskedForIsKeptUntilTheApplicationRejoins() throws Exception {
        damage(group());
        World.sync(bob);
        Receipt receipt = damaged.send("nor this");
        assertThat(receipt.state()).isEqualTo(Receipt.State.WAITING);
        assertThat(damaged.view().waiting()).isEqualTo(2);
        world.time.pass(Duration.ofDays(2));
        World.sync(bob);
        assertThat(damaged.view().status()).as("by itself").isEqualTo(ConversationStatus.DAMAGED);
        assertThat(bob.recoverable()).containsExactly(damaged.id());
        bob.rejoin(damaged.id());
        assertThat(damaged.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        World.sync(world.client("alice"));
        assertThat(World.texts(hersDamaged)).containsExactly("bob: not sent yet", "bob: nor this");
        assertTalking();
        bob = world.restart("bob");
        assertThat(world.conversation("bob", damaged.id()).view().status()).isEqualTo(ConversationStatus.ACTIVE);
    }

    @Test
    void theApplicationCanAbandonIt() throws Exception {
        damage(group());
        World.sync(bob);
        damaged.abandon();
        assertThat(damaged.view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(damaged.view().name()).isEqualTo("damaged");
        assertThat(damaged.latest(1)).first().isInstanceOf(HistoryEntry.Joined.class);
        assertThat(damaged.send("hello?").state()).isEqualTo(Receipt.State.REFUSED);
        World.sync(bob);
        assertThat(damaged.view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(store.damage(group())).as("records that are left").isZero();
        // For the others it is a member until one of them removes it.
        hersDamaged.send("still here?");
        assertThat(bob.recoverable()).containsExactly(damaged.id());
        bob.rejoin(damaged.id());
        assertTalking();
    }

    @Test
    void oneThatIsWholeCanBeAbandonedToo() {
        whole.abandon();
        World.sync(bob);
        assertThat(whole.view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(hersWhole.remove(user("bob")).isDone()).isTrue();
        assertThat(hersWhole.invite(user("bob")).isDone()).isTrue();
        World.sync(bob);
        assertThat(whole.view().status()).isEqualTo(ConversationStatus.ACTIVE);
    }

    @Test
    void whoIsAddedAgainByOthersIsBack() {
        damage(group());
        World.sync(bob);
        assertThat(hersDamaged.remove(user("bob")).isDone()).isTrue();
        assertThat(hersDamaged.invite(user("bob")).isDone()).isTrue();
        World.sync(bob);
        assertTalking();
    }

    @Test
    void aWishThatCannotBeReadIsRefusedAndTheOthersAreKept() throws Exception {
        damage(Space.sequence("wish", damaged.id()));
        Receipt later = damaged.enqueue("still known");
        World.sync(bob);
        assertDamaged();
        assertThat(events)
                .filteredOn(ClientEvent.Settled.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    Receipt receipt = ((ClientEvent.Settled) event).receipt();
                    assertThat(receipt.number()).isLessThan(later.number());
                    assertThat(receipt.state()).isEqualTo(Receipt.State.REFUSED);
                    assertThat(receipt.problem().orElseThrow().kind()).isEqualTo(Receipt.Kind.DAMAGED);
                });
        bob.rejoin(damaged.id());
        World.sync(world.client("alice"));
        assertThat(World.texts(hersDamaged)).containsExactly("bob: still known");
        assertTalking();
    }

    @Test
    void whatIsOnItsWayAndTheEpochsMayBeDamagedToo() throws Exception {
        away = true;
        assertThatThrownBy(bob::sync).isInstanceOf(IOException.class);
        away = false;
        damage(Space.sequence("epoch", damaged.id()));
        damage(Space.named("outgoing", Bytes.EMPTY));
        World.sync(bob);
        assertDamaged();
        bob.rejoin(damaged.id());
        World.sync(world.client("alice"));
        assertThat(World.texts(hersDamaged)).containsExactly("bob: not sent yet");
        assertTalking();
    }

    @Test
    void aStoreThatFailsOtherwiseIsNoDamageOfAConversation() {
        store.reason = StoreException.Reason.FAILED;
        damage(group());
        assertThatThrownBy(bob::sync)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FAILED));
        assertThat(events).isEmpty();
    }
}
