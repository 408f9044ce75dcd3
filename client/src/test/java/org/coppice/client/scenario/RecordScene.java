package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.store.Space;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/** Bob's store holds records of every kind, as much of what he asked for is under way; then he begins anew, and one of them is damaged. */
final class RecordScene implements AutoCloseable {
    private static final Set<String> NOT_TAKEN =
            Set.of("send", "commit", "report", "publishKeyPackages", "replaceCredential");

    final World world = new World(41);
    /** Alice's side of the conversation that most records are of. */
    final Conversation hers;

    final Conversation hersWhole;
    final Bytes stuck;
    final Bytes coming;
    final Bytes left;
    final List<ClientEvent> events = new ArrayList<>();
    ForgedStore store;
    CoppiceClient bob;
    private boolean away;

    RecordScene() throws Exception {
        world.join("alice");
        world.disk = (name, memory) -> store = new ForgedStore(memory, world.environment.randomness());
        world.network = this::putOff;
        bob = world.join("bob");
        hers = together("damaged");
        hersWhole = together("whole");
        Conversation hersStuck = together("stuck");
        stuck = hersStuck.id();
        Conversation hersComing = together("coming");
        coming = hersComing.id();
        Conversation hersLeft = together("left");
        left = hersLeft.id();
        hers.send("first");
        hersLeft.remove(user("bob"));
        World.sync(bob);
        Conversation his = his(hers.id());
        his.verify(user("alice"), his.safetyNumber(user("alice")));

        away = true;
        together("more");
        together("still more");
        bob.rotateKey();
        world.service.inject(stuck, EntryKind.COMMIT, Bytes.fromHex("0001"));
        assertThatThrownBy(() -> bob.rejoin(coming)).isInstanceOf(DeliveryException.class);
        his.enqueue("on its way");
        his.enqueue("waits");
        trySync(bob);
        LogEntry entry = world.service.log(hers.id()).get(0);
        store.put(new ForgedStore.Place(Space.sequence("early", hers.id()), Space.key(1)), entry.encoded());
        away = false;
    }

    private DeliverySession putOff(DeliverySession session) {
        return (DeliverySession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DeliverySession.class}, (proxy, method, arguments) -> {
                    boolean isBobs = session.self().equals(World.id("bob"));
                    if (away && isBobs && NOT_TAKEN.contains(method.getName())) {
                        throw Problem.of(ProblemKind.UNAVAILABLE, "later").asException();
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Conversation together(String name) {
        Conversation out = world.client("alice").createConversation(name);
        assertThat(out.invite(user("bob")).isDone()).isTrue();
        if (!away) {
            World.sync(bob);
        }
        return out;
    }

    static void trySync(CoppiceClient client) throws IOException {
        try {
            client.sync();
        } catch (DeliveryException e) {
            assertThat(e.kind()).isEqualTo(ProblemKind.UNAVAILABLE);
        }
    }

    Conversation his(Bytes groupId) {
        return world.conversation("bob", groupId);
    }

    /** The process ends and begins again. */
    void begin() {
        bob = world.restart("bob");
        bob.listen(events::add);
    }

    /** The records of a kind, those of the conversation {@link #hers} if they are of one. */
    ForgedStore.Place place(String kind) {
        return switch (kind) {
            case "account p", "account i", "account r", "account publication" ->
                new ForgedStore.Place(
                        Space.named("account", Bytes.EMPTY),
                        Bytes.wrap(kind.substring(8).getBytes(StandardCharsets.US_ASCII)));
            case "identity present" -> identity(true);
            case "identity next" -> identity(false);
            case "conversation", "outgoing", "groups" ->
                new ForgedStore.Place(Space.named(kind, Bytes.EMPTY), hers.id());
            case "conversation left" -> new ForgedStore.Place(Space.named("conversation", Bytes.EMPTY), left);
            case "report" -> new ForgedStore.Place(Space.named(kind, Bytes.EMPTY), stuck);
            case "candidates" -> new ForgedStore.Place(Space.named(kind, Bytes.EMPTY), coming);
            case "candidate" -> first(Space.named(kind, coming));
            case "key-package", "verified" -> first(Space.named(kind, Bytes.EMPTY));
            case "group" -> first(Space.named(kind, hers.id()));
            case "wish", "history", "early", "epoch" -> first(Space.sequence(kind, hers.id()));
            case "seen", "generation" ->
                first(Space.named(kind, epoch(his(hers.id()).view().epoch())));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private Bytes epoch(long epoch) {
        return new TlsWriter().vector(hers.id()).uint64(epoch).toBytes();
    }

    private ForgedStore.Place first(Space space) {
        return new ForgedStore.Place(space, store.keys(space).get(0));
    }

    private ForgedStore.Place identity(boolean present) {
        Space space = Space.named("identity", Bytes.EMPTY);
        Bytes own = bob.identity().signer().publicKey().data();
        return new ForgedStore.Place(
                space,
                store.keys(space).stream()
                        .filter(key -> key.equals(own) == present)
                        .findFirst()
                        .orElseThrow());
    }

    List<ConversationStatus> told(Bytes groupId) {
        return events.stream()
                .filter(event -> event.groupId().equals(groupId))
                .filter(ClientEvent.StatusChanged.class::isInstance)
                .map(event -> ((ClientEvent.StatusChanged) event).status())
                .toList();
    }

    List<ClientEvent.RecordsLost> lost() {
        return events.stream()
                .filter(ClientEvent.RecordsLost.class::isInstance)
                .map(ClientEvent.RecordsLost.class::cast)
                .toList();
    }

    @Override
    public void close() {
        world.close();
    }
}
