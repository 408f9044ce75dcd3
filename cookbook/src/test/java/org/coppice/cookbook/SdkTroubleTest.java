package org.coppice.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.cookbook.Pantry.device;
import static org.coppice.cookbook.Pantry.said;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreKey;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.mls.crypto.Secret;
import org.coppice.testkit.client.ClientStoreContract;
import org.coppice.testkit.client.DeliveryContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/COOKBOOK.md says can go wrong, in its order: the recipes over the SDK. */
@Timeout(300)
class SdkTroubleTest {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    @TempDir
    private static Path directory;

    private static DeliveryServer server;
    private static HttpDelivery service;

    @BeforeAll
    static void serve() throws IOException {
        server = Pantry.serve(directory.resolve("server"));
        service = HttpDelivery.at(Pantry.url(server));
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        server.close();
    }

    /** A name that no other test has. */
    private static UserName person() {
        return new UserName("person" + PEOPLE.incrementAndGet());
    }

    private static CoppiceClient joins(UserName user, String device) throws Exception {
        return device(service, user + "/" + device, ClientStores.inMemory());
    }

    // ---- two people

    @Test
    void withoutTheServiceAMessageWaitsAndIsSentLater() throws Exception {
        Identity identity =
                Identity.generate(ClientEnvironment.standard(), Kitchen.SUITE, new ClientId(person(), "laptop"));
        service.register(identity);
        AtomicBoolean online = new AtomicBoolean();
        try (CoppiceClient alice =
                CoppiceClient.create(ClientStores.inMemory(), identity, ClientEnvironment.standard(), who -> {
                    if (!online.get()) {
                        throw new IOException("no network");
                    }
                    return service.connect(who);
                })) {
            Conversation garden = alice.createConversation("garden");
            assertThat(garden.send("later").state()).isEqualTo(Receipt.State.WAITING);
            assertThatThrownBy(alice::sync).isInstanceOf(IOException.class);
            online.set(true);
            alice.sync();
            assertThat(garden.view().waiting()).isZero();
            assertThat(said(garden)).containsExactly(alice.id() + ": later");
        }
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        UserName taken = person();
        joins(taken, "laptop").close();
        refuses(ProblemKind.NOT_ALLOWED, () -> joins(taken, "tablet"));
    }

    private static void refuses(ProblemKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void nobodyIsInvitedWhoIsUnknown() throws Exception {
        try (CoppiceClient alice = joins(person(), "laptop")) {
            Receipt receipt = alice.createConversation("garden").invite(person());
            assertThat(receipt.state()).isEqualTo(Receipt.State.REFUSED);
            assertThat(receipt.problem())
                    .hasValueSatisfying(problem -> assertThat(problem.text()).startsWith("unknown-client"));
        }
    }

    @Test
    void aStoreHasOneKeyAndOneOpener() {
        Path file = directory.resolve("alice.db");
        try (StoreKey right = StoreKey.of(Secret.zeros(StoreKey.LENGTH));
                StoreKey wrong = StoreKey.passphrase("guess".toCharArray())) {
            try (var store = ClientStores.sqlite(file, right)) {
                assertThat(CoppiceClient.exists(store)).isFalse();
                assertStore(StoreException.Reason.IN_USE, () -> ClientStores.sqlite(file, right));
            }
            assertStore(StoreException.Reason.WRONG_KEY, () -> ClientStores.sqlite(file, wrong));
        }
    }

    private static void assertStore(StoreException.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    // ---- a bot

    @Test
    void whoWasRemovedIsToldAndRefused() throws Exception {
        UserName pingbot = person();
        try (CoppiceClient alice = joins(person(), "laptop");
                CoppiceClient bot = joins(pingbot, "server")) {
            Conversation garden = alice.createConversation("garden");
            garden.invite(pingbot);
            bot.sync();
            garden.remove(pingbot);
            bot.sync();
            Conversation bots = bot.conversation(garden.id()).orElseThrow();
            assertThat(bots.view().status()).isEqualTo(ConversationStatus.REMOVED);
            assertThat(bots.send("pong").state()).isEqualTo(Receipt.State.REFUSED);
        }
    }

    // ---- a lost device

    @Test
    void whoComesBackWithTheSameKeyIsStillVerified() throws Exception {
        UserName bob = person();
        ClientEnvironment environment = ClientEnvironment.standard();
        Identity identity = Identity.generate(environment, Kitchen.SUITE, new ClientId(bob, "phone"));
        service.register(identity);
        try (CoppiceClient alice = joins(person(), "laptop")) {
            Conversation garden = alice.createConversation("garden");
            try (var phone = CoppiceClient.create(ClientStores.inMemory(), identity, environment, service)) {
                phone.sync();
                garden.invite(bob);
                garden.verify(bob, garden.safetyNumber(bob));
            }
            try (var phone = CoppiceClient.create(ClientStores.inMemory(), identity, environment, service)) {
                phone.rejoin(garden.id());
                alice.sync();
                assertThat(garden.members())
                        .hasSize(2)
                        .allSatisfy(member -> assertThat(member.verified()).isTrue());
            }
        }
    }

    @Test
    void withoutItsKeyADeviceDoesNotComeBack() throws Exception {
        UserName bob = person();
        joins(bob, "phone").close();
        refuses(ProblemKind.NOT_ALLOWED, () -> joins(bob, "phone"));
    }

    // ---- a store of one's own

    @TestFactory
    Stream<DynamicTest> theClientStoreOfTheRecipeHoldsTheContract() {
        return ClientStoreContract.cases(SqlFile::new, SqlFile::reopened).stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }

    /** The store of the recipe, each time over a file of its own. */
    private static final class SqlFile implements ClientStore {
        private static final AtomicInteger FILES = new AtomicInteger();

        private final Path file;
        private final SqlClientStore store;

        SqlFile() {
            this(directory.resolve("client" + FILES.incrementAndGet() + ".db"));
        }

        private SqlFile(Path file) {
            this.file = file;
            try {
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                // Bound by the disk otherwise; that a commit is on it when it returns is SQLite's promise.
                connection.createStatement().execute("PRAGMA synchronous = OFF");
                store = new SqlClientStore(connection);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        SqlFile reopened() {
            close();
            return new SqlFile(file);
        }

        @Override
        public StoreTransaction begin() {
            return store.begin();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    // ---- a delivery service of one's own

    @TestFactory
    Stream<DynamicTest> theDeliveryServiceOfTheRecipeHoldsTheContract() {
        return DeliveryContract.cases(new MemoryDelivery()).stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }
}
