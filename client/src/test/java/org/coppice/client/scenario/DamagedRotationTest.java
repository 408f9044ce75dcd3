package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.id;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.Identity;
import org.coppice.client.store.Space;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The note of a replacement of the key is damaged when the service has taken the new one, and its answer was lost. The note was deleted,
 * the client went on with the former key, and could never log in again.
 */
class DamagedRotationTest {
    private static final Space ACCOUNT = Space.named("account", Bytes.EMPTY);
    private static final Space IDENTITIES = Space.named("identity", Bytes.EMPTY);
    private static final ForgedStore.Place NOTE =
            new ForgedStore.Place(ACCOUNT, Bytes.wrap("r".getBytes(StandardCharsets.US_ASCII)));

    private final SimulatedTime time = new SimulatedTime();
    private final FakeService service = new FakeService(time);
    private final Map<ClientId, SignaturePublicKey> inForce = new HashMap<>();
    private final List<ClientEvent> told = new ArrayList<>();
    private World world;
    private ForgedStore store;
    private CoppiceClient bob;
    private Conversation team;
    private boolean loses;
    private boolean away;

    @BeforeEach
    void begin() {
        world = new World(7, time, this::connect);
        world.join("alice");
        world.disk = (name, memory) -> store = new ForgedStore(memory, world.environment.randomness());
        bob = world.join("bob");
        team = world.together("team", "alice", "bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** A service that knows each client by the last key that it was given, and nobody by another one. */
    private DeliverySession connect(Identity identity) throws DeliveryException {
        SignaturePublicKey own = identity.signer().publicKey();
        inForce.putIfAbsent(identity.client(), own);
        return Between.put(DeliverySession.class, new FakeSession(service, identity.client()), call -> {
            if (call.is("close")) {
                return call.go();
            }
            if (away) {
                throw new IOException("away");
            }
            if (!inForce.get(identity.client()).equals(own)) {
                throw Problem.of(ProblemKind.UNAUTHENTICATED, "another key").asException();
            }
            Object out = call.go();
            if (call.is("replaceCredential")) {
                inForce.put(identity.client(), ((RegisteredCredential) call.arguments()[1]).signatureKey());
                if (loses) {
                    throw new IOException("the answer is lost");
                }
            }
            return out;
        });
    }

    /** The service has taken the new key, and this client does not know. */
    private void replaced() throws Exception {
        loses = true;
        bob.rotateKey();
        assertThatThrownBy(bob::sync).isInstanceOf(IOException.class);
        loses = false;
        assertThat(inForce.get(id("bob"))).isNotEqualTo(bob.identity().signer().publicKey());
    }

    private void begunAgain() {
        bob = world.restart("bob");
        bob.listen(told::add);
    }

    @Test
    void theNewKeyIsFoundAgain() throws Exception {
        replaced();
        store.damage(NOTE);
        begunAgain();
        away = true;
        assertThatThrownBy(bob::sync).isInstanceOf(IOException.class);
        away = false;
        World.sync(bob);
        assertThat(bob.identity().signer().publicKey()).isEqualTo(inForce.get(id("bob")));
        assertThat(told).noneMatch(ClientEvent.RecordsLost.class::isInstance);
        assertThat(world.conversation("bob", team.id()).send("with the new key").isDone())
                .isTrue();
        bob.rotateKey();
        World.sync(bob);
        assertThat(bob.identity().signer().publicKey()).isEqualTo(inForce.get(id("bob")));
    }

    @Test
    void aKeyThatIsLostIsToldEachTimeByItsRule() throws Exception {
        replaced();
        Bytes own = bob.identity().signer().publicKey().data();
        Bytes next = store.keys(IDENTITIES).stream()
                .filter(key -> !key.equals(own))
                .findFirst()
                .orElseThrow();
        store.damage(NOTE);
        store.damage(new ForgedStore.Place(IDENTITIES, next));
        for (int i = 0; i < 2; i++) {
            begunAgain();
            assertThatThrownBy(bob::sync).isInstanceOfSatisfying(DeliveryException.class, e -> {
                assertThat(e.kind()).isEqualTo(ProblemKind.UNAUTHENTICATED);
                assertThat(e.problem().rule()).contains(Identity.KEY_LOST);
            });
        }
        assertThat(world.conversation("bob", team.id()).view().name())
                .as("what is here can still be read")
                .isEqualTo("team");
    }

    @Test
    void aReplacementThatNeverArrivedIsGivenUp() throws Exception {
        bob.rotateKey();
        store.damage(NOTE);
        SignaturePublicKey former = bob.identity().signer().publicKey();
        begunAgain();
        World.sync(bob);
        assertThat(bob.identity().signer().publicKey()).isEqualTo(former);
        assertThat(told).contains(new ClientEvent.RecordsLost(Bytes.EMPTY, ClientEvent.RecordsLost.Kind.ROTATION, 1));
    }
}
