package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.SqliteClientStore;
import org.coppice.client.store.StoreKey;
import org.coppice.crypto.nativelib.AccpProvider;
import org.coppice.crypto.nativelib.ConscryptProvider;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.engine.PostgresEngine.Address;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.jdk.JdkCryptoProvider;
import org.coppice.mls.error.DecodeException;
import org.coppice.testkit.search.WindowSearch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is written to disks, byte for byte: a client's store with its log and free pages, and the service's database. Both clients' secrets
 * are looked for, whether they are in use or were deleted, and parts of them. Two scenes in a normal run;
 * {@code -Dfiles.suites=1,2,3,4,5,6,7} plays each suite with each provider.
 */
@Tag("long")
class SecretsInFilesTest {
    private static final Parameters PARAMETERS =
            Parameters.DEFAULT.toBuilder().keyPackages(4, 2).build();

    /** Long values are compressed otherwise, and a secret in them would not be recognised. */
    private static final String UNCOMPRESSED = """
            DO $$ DECLARE c record; BEGIN
              FOR c IN SELECT table_name t, column_name n FROM information_schema.columns
                  WHERE table_schema = 'public' AND data_type = 'bytea' LOOP
                EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STORAGE EXTERNAL', c.t, c.n);
              END LOOP;
            END $$""";

    @TempDir
    Path serverFiles;

    @TempDir
    Path clientFiles;

    @TempDir
    Path stolenFiles;

    private final SimulatedTime time = new SimulatedTime();
    private UsedSecrets secrets;
    private CipherSuite suite;
    private ClientEnvironment environment;
    private RealService service;

    private enum Providers {
        JDK(CryptoProviders::jdk),
        ACCP(() -> CryptoProviders.of(new AccpProvider(), new JdkCryptoProvider())),
        CONSCRYPT(() -> CryptoProviders.of(new ConscryptProvider(), new JdkCryptoProvider())),
        BEST(CryptoProviders::best);

        private final Supplier<CryptoProvider> supplier;

        Providers(Supplier<CryptoProvider> supplier) {
            this.supplier = supplier;
        }
    }

    static Stream<Arguments> scenes() {
        String suites = System.getProperty("files.suites");
        if (suites == null) {
            return Stream.of(Arguments.of(1, Providers.BEST), Arguments.of(2, Providers.JDK));
        }
        return Stream.of(suites.split(","))
                .map(Integer::valueOf)
                .flatMap(suite -> Stream.of(Providers.values()).map(providers -> Arguments.of(suite, providers)));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void prepare(int suite, Providers providers, RealService service) {
        this.service = service;
        this.suite = new CipherSuite(suite);
        secrets = new UsedSecrets(providers.supplier.get());
        environment = ClientEnvironment.builder()
                .provider(secrets)
                .clock(time)
                .sleeper(time)
                .parameters(PARAMETERS)
                .build();
    }

    private CoppiceClient client(String name, ClientStore store) throws Exception {
        Identity identity = Identity.generate(environment, suite, World.id(name));
        CoppiceClient client = CoppiceClient.create(store, identity, environment, service);
        client.sync();
        return client;
    }

    /** What is looked at whenever the client named alice has deleted something. */
    private interface Look {
        void afterEvent() throws Exception;
    }

    /** Everything that deletes secrets: messages, a lost race, a used key package, new epochs, a member who leaves. */
    private void live(CoppiceClient alice, CoppiceClient bob, Look look) throws Exception {
        Conversation hers = alice.createConversation("garden");
        hers.invite(World.user("bob"));
        look.afterEvent();
        bob.sync();
        Conversation his = bob.conversation(hers.id()).orElseThrow();
        his.send("hello, alice");
        alice.sync();
        look.afterEvent();
        hers.send("hello, bob");
        look.afterEvent();
        bob.sync();
        his.rename("orchard");
        hers.rename("meadow"); // she has not read of his: her Commit loses, and is made anew
        look.afterEvent();
        bob.sync();
        Conversation other = bob.createConversation("by invitation");
        other.invite(World.user("alice"));
        alice.sync();
        look.afterEvent();
        for (int i = 0; i < 3; i++) {
            hers.refresh();
            bob.sync();
            his.refresh();
            alice.sync();
            hers.send("round " + i);
            bob.sync();
            look.afterEvent();
        }
        assertThat(hers.view().name()).isEqualTo("meadow");
        assertThat(World.texts(his)).contains("alice: round 2");
        other.remove(World.user("alice"));
        alice.sync();
        look.afterEvent();
    }

    private static byte[] bytesOf(Path directory) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.writeBytes(Files.readAllBytes(file));
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest(name = "suite {0}, {1}")
    @MethodSource("scenes")
    @Tag("A-8.3-06")
    void aSealedStoreAndTheServiceWriteNoSecretAtAll(int suite, Providers providers) throws Exception {
        prepare(suite, providers, new RealService(serverFiles, time));
        try (StoreKey key = StoreKey.of(Secret.wrap(Randomness.system().bytes(StoreKey.LENGTH)));
                CoppiceClient alice = client("alice", ClientStores.sqlite(clientFiles.resolve("alice.db"), key));
                CoppiceClient bob = client("bob", ClientStores.sqlite(clientFiles.resolve("bob.db"), key))) {
            live(alice, bob, () -> {
                assertThat(clientFiles.resolve("alice.db-wal")).isEmptyFile();
                assertThat(UsedSecrets.in(bytesOf(clientFiles), secrets.all())).isEmpty();
            });
            assertThat(secrets.all()).hasSizeGreaterThan(500);
            assertThat(bytesOf(clientFiles)).hasSizeGreaterThan(50_000);
            byte[] written = bytesOf(serverFiles);
            Bytes groupId = alice.conversations().get(0).id();
            assertThat(UsedSecrets.in(written, Set.of(groupId)))
                    .as("a public value")
                    .containsExactly(groupId);
            assertThat(UsedSecrets.in(written, secrets.all())).isEmpty();
        }
    }

    @Test
    void theServiceWritesNoSecretToPostgresEither() throws Exception {
        Path data = serverFiles.resolve("postgres");
        Bytes publicValue = liveOnPostgres(data);
        Set<Bytes> wanted = new HashSet<>(secrets.all());
        wanted.add(publicValue);
        for (String part : List.of("base", "pg_wal")) {
            assertThat(UsedSecrets.in(bytesOf(data.resolve(part)), wanted))
                    .as(part)
                    .containsExactly(publicValue);
        }
    }

    /** Gives the id of a group; the server has stopped then, and its files lie still. */
    private Bytes liveOnPostgres(Path data) throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1))
                .start()) {
            Address address = new Address(server.getJdbcUrl("postgres", "postgres"), null, null, 4);
            prepare(1, Providers.BEST, new RealService(PostgresEngine.open(address), time));
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement();
                    CoppiceClient alice = client("alice", ClientStores.inMemory());
                    CoppiceClient bob = client("bob", ClientStores.inMemory())) {
                statement.execute(UNCOMPRESSED);
                live(alice, bob, () -> {});
                statement.execute("CHECKPOINT");
                return alice.conversations().get(0).id();
            } finally {
                service.close();
            }
        }
    }

    /**
     * A store without a seal shows what somebody reads who has the file and its key. At any time nothing is in the files, log and free
     * pages included, that is not in a record, and records hold what {@link RecordLifetimes} lets them.
     */
    @ParameterizedTest(name = "suite {0}, {1}")
    @MethodSource("scenes")
    @Tag("A-8.3-07")
    void whoHasTheKeyFindsTheSecretsOfPresentRecordsAndNoOthers(int suite, Providers providers) throws Exception {
        prepare(suite, providers, new RealService(serverFiles, time));
        try (CoppiceClient alice = client("alice", SqliteClientStore.open(clientFiles.resolve("alice.db")));
                CoppiceClient bob = client("bob", ClientStores.inMemory())) {
            live(alice, bob, this::assertOnlyPresentRecords);
        }
        assertOnlyPresentRecords();
    }

    private void assertOnlyPresentRecords() throws IOException, SQLException, DecodeException {
        WindowSearch<Bytes> all = UsedSecrets.search(secrets.all());
        Set<Bytes> found = UsedSecrets.in(bytesOf(clientFiles), all);
        List<RecordLifetimes.Stored> records = presentRecords();
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        records.forEach(record -> values.writeBytes(record.value()));
        Set<Bytes> present = UsedSecrets.in(values.toByteArray(), all);
        assertThat(present).as("what a member needs").hasSizeGreaterThan(10);
        assertThat(found).isEqualTo(present);
        RecordLifetimes lifetimes = new RecordLifetimes(secrets);
        lifetimes.check(records);
        assertThat(lifetimes.faults()).isEmpty();
        assertThat(lifetimes.found())
                .contains(UsedSecrets.PRIVATE_KEY, "init", "exporter", "sender data", "resumption");
    }

    /** What a copy of the files gives. */
    private List<RecordLifetimes.Stored> presentRecords() throws IOException, SQLException {
        try (Stream<Path> files = Files.list(clientFiles)) {
            for (Path file : files.toList()) {
                Files.copy(file, stolenFiles.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        List<RecordLifetimes.Stored> out = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + stolenFiles.resolve("alice.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT space, key, value FROM record")) {
            while (rows.next()) {
                out.add(new RecordLifetimes.Stored(
                        Bytes.wrap(rows.getBytes(1)), Bytes.wrap(rows.getBytes(2)), rows.getBytes(3)));
            }
        }
        return out;
    }
}
