package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.store.Space;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An invitation by a key package of a former signature key, whose record is damaged. The client joined with the present key, by which
 * nobody in the group knew it: all that it sent was refused.
 */
class LostFormerKeyTest {
    private static final Space IDENTITIES = Space.named("identity", Bytes.EMPTY);

    private World world;
    private ForgedStore store;
    private CoppiceClient alice;
    private Runnable beforeCommit = () -> {};

    @BeforeEach
    void begin() {
        world = new World(211);
        world.disk = (name, memory) ->
                name.equals("alice") ? store = new ForgedStore(memory, world.environment.randomness()) : memory;
        world.network = session -> Between.put(DeliverySession.class, session, call -> {
            if (call.is("commit")) {
                Runnable first = beforeCommit;
                beforeCommit = () -> {};
                first.run();
            }
            return call.go();
        });
        alice = world.join("alice");
        world.join("bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void loseFormerKey() {
        Bytes former = alice.identity().signer().publicKey().data();
        try {
            alice.rotateKey();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        World.sync(alice);
        store.damage(new ForgedStore.Place(IDENTITIES, former));
    }

    @Test
    void anInvitationByItIsTakenFromOutside() throws Exception {
        Conversation late = world.client("bob").createConversation("late");
        beforeCommit = this::loseFormerKey;
        assertThat(late.invite(user("alice")).isDone()).isTrue();
        alice = world.restart("alice");
        World.sync(alice);
        Conversation hers = world.conversation("alice", late.id());
        assertThat(hers.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(hers.send("heard").isDone()).isTrue();
        World.sync(world.client("bob"));
        assertThat(World.texts(late)).containsExactly("alice: heard");
        assertThat(hers.members())
                .filteredOn(member -> member.client().equals(alice.id()))
                .singleElement()
                .satisfies(member -> assertThat(member.signatureKey())
                        .isEqualTo(alice.identity().signer().publicKey()));
        assertThat(hers.history(0, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        HistoryEntry.Joined.class,
                        joined -> assertThat(joined.how()).isEqualTo(HistoryEntry.Joined.Way.REJOINED));
    }
}
