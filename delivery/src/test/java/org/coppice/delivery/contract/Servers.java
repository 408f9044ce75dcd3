package org.coppice.delivery.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.EngineStartException;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.engine.SqliteEngine;
import org.coppice.delivery.engine.TestPostgres;
import org.coppice.delivery.http.HttpServers;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.junit.jupiter.api.Named;

/** The services that the contract is tested against, each started once for all tests of a JVM. */
public final class Servers {
    /** The name by which clients know the services of tests. */
    public static final String AUDIENCE = "https://delivery.test";

    private static final Map<String, TestServer> STARTED = new ConcurrentHashMap<>();

    private Servers() {}

    /** All of them, for a parameterized class. */
    public static Stream<Named<TestServer>> all() {
        return Stream.of(
                Named.of("SQLite", shared("sqlite")),
                Named.of("PostgreSQL", shared("postgresql")),
                Named.of("SQLite over HTTP", STARTED.computeIfAbsent("http", key -> HttpServers.sqlite())),
                Named.of(
                        "PostgreSQL over HTTP",
                        STARTED.computeIfAbsent("http-postgresql", key -> HttpServers.postgres())));
    }

    private static TestServer shared(String name) {
        return STARTED.computeIfAbsent(
                name, key -> inProcess(open(name.equals("sqlite") ? sqlite() : postgres(), config())));
    }

    /** Rate limits and timers off. */
    public static DeliveryConfig config() {
        return DeliveryConfig.of(Set.of(AUDIENCE)).withRates(RateLimits.NONE).withPruneEvery(Duration.ZERO);
    }

    public static DeliveryService open(Engine engine, DeliveryConfig config) {
        try {
            return DeliveryService.open(engine, config);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A new SQLite database in a directory that goes with the JVM. */
    public static Engine sqlite() {
        return sqlite(directory());
    }

    /** A new directory that goes with the JVM, for servers that live as long. */
    public static Path directory() {
        try {
            Path directory = Files.createTempDirectory("coppice-delivery");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + directory + " (" + e + ")");
        }
    }

    public static Engine sqlite(Path directory) {
        try {
            return SqliteEngine.open(directory);
        } catch (EngineStartException e) {
            throw new AssertionError(e);
        }
    }

    /** A new PostgreSQL database. */
    public static Engine postgres() {
        return postgres(TestPostgres.database(8));
    }

    public static Engine postgres(PostgresEngine.Address address) {
        try {
            return PostgresEngine.open(address);
        } catch (EngineStartException e) {
            throw new AssertionError(e);
        }
    }

    /** A service without anything between it and the test. */
    public static TestServer inProcess(DeliveryService service) {
        Environment environment =
                Environment.builder().validator(CredentialValidator.acceptAll()).build();
        return (client, credential, signer) -> {
            Bytes challenge = service.challenge();
            Bytes signature = LoginStatement.of(AUDIENCE, challenge, client)
                    .sign(environment.crypto(credential.cipherSuite()), signer);
            service.register(
                    new LoginProof(client, credential, Optional.of(AUDIENCE), challenge, signature), Optional.empty());
            return service.session(client);
        };
    }
}
