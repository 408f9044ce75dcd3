package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.store.SqliteClientStore;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signature key that was replaced is in the store for as long as something needs it, and no longer. */
class FormerKeysTest {
    /** When no key package of a former key is valid any more. */
    private static final Duration LIFETIME = Duration.ofDays(90).plusHours(1);

    @TempDir
    Path directory;

    private World world;
    private CoppiceClient alice;
    private Conversation team;
    private Bytes former;
    private boolean commitsArePutOff;
    private Runnable beforeCommit = () -> {};

    @BeforeEach
    void begin() {
        world = new World(101);
        world.disk =
                (name, store) -> name.equals("alice") ? SqliteClientStore.open(directory.resolve("alice.db")) : store;
        world.network = this::network;
        alice = world.join("alice");
        world.join("bob");
        team = alice.createConversation("team");
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        World.sync(world.client("bob"));
        former = privateKey();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private DeliverySession network(DeliverySession session) {
        return Between.put(DeliverySession.class, session, call -> {
            if (call.is("commit")) {
                Runnable first = beforeCommit;
                beforeCommit = () -> {};
                first.run();
                if (commitsArePutOff) {
                    throw Problem.of(ProblemKind.OVER_LIMIT, "too much").asException();
                }
            }
            return call.go();
        });
    }

    private Bytes privateKey() {
        Identity identity = alice.identity();
        return Bytes.wrap(identity.keys().orElseThrow().privateKey().exposeCopy());
    }

    /** Whether a key is in the store's file, its log and free pages included. */
    private boolean isStored(Bytes key) throws IOException {
        boolean found = false;
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                found |= !UsedSecrets.in(Files.readAllBytes(file), Set.of(key)).isEmpty();
            }
        }
        return found;
    }

    private void rotate() {
        try {
            alice.rotateKey();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void assertPresentKeyIn(Conversation conversation) {
        assertThat(conversation.members())
                .filteredOn(member -> member.client().equals(alice.id()))
                .singleElement()
                .satisfies(member -> assertThat(member.signatureKey())
                        .isEqualTo(alice.identity().signer().publicKey()));
    }

    @Test
    void itGoesWithTheLastKeyPackageThatHasIt() throws Exception {
        assertThat(isStored(former)).isTrue();
        rotate();
        World.sync(alice);
        assertPresentKeyIn(team);
        assertThat(isStored(former)).as("while an invitation may be on its way").isTrue();
        world.time.pass(LIFETIME);
        World.sync(alice);
        assertThat(isStored(former)).isFalse();
        assertThat(isStored(privateKey())).isTrue();
        alice.close();
        alice = world.restart("alice");
        assertThat(world.conversation("alice", team.id()).send("still here").isDone())
                .isTrue();
    }

    @Test
    void itStaysWhileAConversationHasIt() throws Exception {
        commitsArePutOff = true;
        rotate();
        assertThatThrownBy(alice::sync).isInstanceOf(DeliveryException.class);
        world.time.pass(LIFETIME);
        assertThatThrownBy(alice::sync).isInstanceOf(DeliveryException.class);
        assertThat(isStored(former)).isTrue();
        alice.close();
        alice = world.restart("alice");
        assertThatThrownBy(alice::sync).isInstanceOf(DeliveryException.class);
        assertThat(isStored(former)).isTrue();
        commitsArePutOff = false;
        World.sync(alice);
        assertPresentKeyIn(world.conversation("alice", team.id()));
        assertThat(isStored(former)).isFalse();
    }

    @Test
    void anInvitationThatWasOnItsWayIsStillTaken() throws Exception {
        Conversation late = world.client("bob").createConversation("late");
        beforeCommit = () -> {
            rotate();
            World.sync(alice);
        };
        assertThat(late.invite(user("alice")).isDone()).isTrue();
        assertThat(late.members())
                .as("the key package was of the former key")
                .noneSatisfy(member -> assertThat(member.signatureKey())
                        .isEqualTo(alice.identity().signer().publicKey()));
        World.sync(alice);
        Conversation hers = world.conversation("alice", late.id());
        assertThat(hers.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        World.sync(alice);
        assertPresentKeyIn(hers);
        world.time.pass(LIFETIME);
        World.sync(alice);
        assertThat(isStored(former)).isFalse();
        assertThat(hers.send("with the new key").isDone()).isTrue();
    }

    /** Its Welcome was made when the week was over, and found no private key: {@code SimulatorTest} with seed 810. */
    @Test
    void anInvitationIsTakenThatWaitedForLongWhereItWasMade() throws Exception {
        Conversation late = world.client("bob").createConversation("late");
        commitsArePutOff = true;
        assertThat(late.invite(user("alice")).isDone()).isFalse();
        rotate();
        assertThatThrownBy(alice::sync).isInstanceOf(DeliveryException.class);
        world.time.pass(Duration.ofDays(80));
        assertThatThrownBy(alice::sync).isInstanceOf(DeliveryException.class);
        commitsArePutOff = false;
        World.sync(world.client("bob"));
        World.sync(alice);
        Conversation hers = world.conversation("alice", late.id());
        assertThat(hers.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(hers.history(0, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        HistoryEntry.Joined.class,
                        joined -> assertThat(joined.how()).isEqualTo(HistoryEntry.Joined.Way.ADDED));
        World.sync(alice);
        assertPresentKeyIn(hers);
    }

    @Test
    void manyReplacementsLeaveOneKey() throws Exception {
        Bytes second = null;
        for (int i = 0; i < 3; i++) {
            rotate();
            World.sync(alice);
            second = second == null ? privateKey() : second;
        }
        assertThat(isStored(second)).isTrue();
        world.time.pass(LIFETIME);
        World.sync(alice);
        assertThat(isStored(former)).isFalse();
        assertThat(isStored(second)).isFalse();
        assertThat(isStored(privateKey())).isTrue();
    }
}
