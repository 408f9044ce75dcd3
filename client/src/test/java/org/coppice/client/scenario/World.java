package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Connector;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.CryptoException;

/** Several clients, a service in memory, a clock that stands still and randomness from a seed. */
final class World implements AutoCloseable {
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    /** Few key packages, and no pause before a client comes back, so that tests need not let time pass. */
    static final Parameters PARAMETERS = Parameters.DEFAULT.toBuilder()
            .keyPackages(4, 2)
            .rejoinAfter(Duration.ZERO)
            .build();

    final SimulatedTime time;
    final FakeService service;
    final ClientEnvironment environment;
    private final Connector door;
    /** Stands between the clients that begin from now on and the service. */
    UnaryOperator<DeliverySession> network = UnaryOperator.identity();
    /** Stands between a client that begins from now on, by its name, and its store. */
    BiFunction<String, ClientStore, ClientStore> disk = (name, store) -> store;

    private final Map<String, InMemoryClientStore> stores = new LinkedHashMap<>();
    private final Map<String, CoppiceClient> clients = new LinkedHashMap<>();

    World(long seed) {
        this(seed, PARAMETERS);
    }

    World(long seed, Parameters parameters) {
        this(seed, parameters, new SimulatedTime(), null);
    }

    /** Several clients of another service. */
    World(long seed, SimulatedTime time, Connector other) {
        this(seed, PARAMETERS, time, other);
    }

    private World(long seed, Parameters parameters, SimulatedTime time, Connector other) {
        this.time = time;
        this.service = new FakeService(time);
        this.door = other == null ? identity -> new FakeSession(service, identity.client()) : other;
        environment = ClientEnvironment.builder()
                .randomness(new SeededRandomness(seed))
                .clock(time)
                .sleeper(time)
                .parameters(parameters)
                .build();
    }

    private Connector connector() {
        return identity -> network.apply(door.connect(identity));
    }

    static ClientId id(String name) {
        return ClientId.parse(name.contains("/") ? name : name + "/phone");
    }

    static UserName user(String name) {
        return new UserName(name);
    }

    /** A new client, which has published its key packages. */
    CoppiceClient join(String name) {
        try {
            CoppiceClient client = begin(name, new InMemoryClientStore());
            client.sync();
            return client;
        } catch (IOException e) {
            throw new Offline(e);
        } catch (DeliveryException e) {
            throw new AssertionError(e);
        }
    }

    /** New clients in a conversation, which the first of them has made. */
    Conversation team(String founder, String... others) {
        join(founder);
        for (String name : others) {
            join(name);
        }
        return together("team", founder, others);
    }

    /** A conversation of clients that there are, which the first of them has made. */
    Conversation together(String name, String founder, String... others) {
        Conversation out = client(founder).createConversation(name);
        List<UserName> users = Stream.of(others).map(World::user).toList();
        assertThat(out.invite(users, List.of()).isDone()).isTrue();
        for (String other : others) {
            sync(client(other));
        }
        return out;
    }

    /** The service could not be reached. */
    static final class Offline extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Offline(IOException cause) {
            super(cause);
        }
    }

    private CoppiceClient begin(String name, InMemoryClientStore store) {
        try {
            return begin(name, store, Identity.generate(environment, SUITE, id(name)));
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    private CoppiceClient begin(String name, InMemoryClientStore store, Identity identity) {
        stores.put(name, store);
        CoppiceClient client = CoppiceClient.create(disk.apply(name, store), identity, environment, connector());
        clients.put(name, client);
        return client;
    }

    /** The same device with an empty store and a new key. */
    CoppiceClient loseState(String name) {
        CoppiceClient client = begin(name, new InMemoryClientStore());
        sync(client);
        return client;
    }

    /** The same device with an empty store, but with the key that it had. */
    CoppiceClient loseStateButTheKey(String name) {
        CoppiceClient client =
                begin(name, new InMemoryClientStore(), clients.get(name).identity());
        sync(client);
        return client;
    }

    /** Whether the store of a name holds a client. */
    boolean hasClient(String name) {
        return stores.containsKey(name) && CoppiceClient.exists(stores.get(name).copy());
    }

    /** What the store of a name keeps of a kind, of no owner. */
    List<StoreTransaction.Stored> stored(String name, String kind) {
        return stored(name, Space.named(kind, Bytes.EMPTY));
    }

    /** What the store of a name keeps in a space. */
    List<StoreTransaction.Stored> stored(String name, Space space) {
        try (StoreTransaction records = stores.get(name).begin()) {
            return records.all(space);
        }
    }

    /** Takes all records of a space out of the store of a name. */
    void forget(String name, Space space) {
        try (StoreTransaction records = stores.get(name).begin()) {
            records.deleteAll(space);
            records.commit();
        }
    }

    /** The epochs, up to the present one of {@code conversation}, whose messages a client remembers the ids or the number of. */
    List<Long> remembered(String name, Conversation conversation) {
        List<Long> out = new ArrayList<>();
        long present = conversation.view().epoch(); // which needs a transaction of its own
        try (StoreTransaction records = stores.get(name).begin()) {
            for (long epoch = 0; epoch <= present; epoch++) {
                Bytes owner =
                        new TlsWriter().vector(conversation.id()).uint64(epoch).toBytes();
                if (!records.all(Space.named("seen", owner)).isEmpty()
                        || !records.all(Space.named("generation", owner)).isEmpty()) {
                    out.add(epoch);
                }
            }
        }
        return out;
    }

    CoppiceClient client(String name) {
        return clients.get(name);
    }

    /** Begins a client anew, whose answers of a type are made by {@code change} from now on. */
    <T> void alter(String name, Class<T> type, UnaryOperator<T> change) {
        network = session -> Between.put(DeliverySession.class, session, call -> {
            Object result = call.go();
            return type.isInstance(result) ? change.apply(type.cast(result)) : result;
        });
        restart(name);
    }

    /** What comes back after the process of a client has died: the same store, nothing else. */
    CoppiceClient restart(String name) {
        return restart(name, stores.get(name));
    }

    /** A copy of a client's store. */
    InMemoryClientStore backUp(String name) {
        return stores.get(name).copy();
    }

    /** What comes back if a copy of the store was put in its place. */
    CoppiceClient restart(String name, InMemoryClientStore found) {
        InMemoryClientStore store = found.copy();
        stores.put(name, store);
        CoppiceClient client = CoppiceClient.open(disk.apply(name, store), environment, connector());
        clients.put(name, client);
        return client;
    }

    static void sync(CoppiceClient client) {
        try {
            client.sync();
        } catch (IOException e) {
            throw new Offline(e);
        } catch (DeliveryException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets all clients do what there is to do, until nothing changes. */
    void settle() {
        for (int round = 0; round < 8; round++) {
            clients.values().forEach(World::sync);
            time.pass(java.time.Duration.ofSeconds(10));
        }
    }

    Conversation conversation(String name, Bytes groupId) {
        return clients.get(name).conversation(groupId).orElseThrow();
    }

    /** The texts that a client has read in a conversation, each with its sender. */
    List<String> texts(String name, Bytes groupId) {
        return texts(conversation(name, groupId));
    }

    static List<String> texts(Conversation conversation) {
        return conversation.history(0, 10_000).stream()
                .filter(HistoryEntry.Message.class::isInstance)
                .map(HistoryEntry.Message.class::cast)
                .map(message -> message.sender().user() + ": "
                        + message.payload().text().orElse("?"))
                .toList();
    }

    @Override
    public void close() {
        clients.values().forEach(CoppiceClient::close);
    }
}
