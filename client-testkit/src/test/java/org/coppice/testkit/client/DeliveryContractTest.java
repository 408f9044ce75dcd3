package org.coppice.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.engine.SqliteEngine;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.CryptoException;
import org.coppice.testkit.contract.ContractCase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract of delivery services: the real one holds it over HTTP, and services with one fault each do not. */
@Timeout(300)
class DeliveryContractTest {
    private static final String AUDIENCE = "http://service";

    @TempDir
    private static Path directory;

    private static DeliveryService service;

    private static DeliveryServer server;
    private static HttpDelivery http;

    @BeforeAll
    static void serve() throws Exception {
        server = DeliveryServer.start(ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(directory))
                .withDelivery(DeliveryConfig.of(Set.of()).withRates(RateLimits.NONE))
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty())
                .withDrain(Duration.ZERO, Duration.ofSeconds(5)));
        service = DeliveryService.open(
                SqliteEngine.open(Files.createDirectory(directory.resolve("in-process"))),
                DeliveryConfig.of(Set.of(AUDIENCE)).withRates(RateLimits.NONE));
        http = HttpDelivery.at("http://127.0.0.1:" + server.port());
    }

    @AfterAll
    static void stop() throws IOException {
        http.close();
        server.close();
        service.close();
    }

    private static final Connector REGISTERING = identity -> {
        http.register(identity);
        return http.connect(identity);
    };

    @TestFactory
    Stream<DynamicTest> theServiceHoldsItOverHttp() {
        return DeliveryContract.cases(REGISTERING).stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }

    @TestFactory
    Stream<DynamicTest> theServiceHoldsItInItsOwnProcess() {
        return DeliveryContract.cases(DeliveryContractTest::connectInProcess).stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }

    private static DeliverySession connectInProcess(Identity identity) throws DeliveryException, IOException {
        try {
            Bytes challenge = service.challenge();
            Bytes signature = LoginStatement.of(AUDIENCE, challenge, identity.client())
                    .sign(identity.crypto(), identity.signer());
            LoginProof proof = new LoginProof(
                    identity.client(), identity.registered(), Optional.of(AUDIENCE), challenge, signature);
            service.register(proof, Optional.empty());
            return service.session(identity.client());
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    /** What a faulty service makes of a call. */
    @FunctionalInterface
    private interface Fault {
        Object call(DeliverySession right, String method, Object[] arguments, Right call) throws Throwable;
    }

    /** The call as it should be. */
    @FunctionalInterface
    private interface Right {
        Object perform(Object... arguments) throws Throwable;
    }

    /** Whether a promise is seen to be broken by a service that has a fault. */
    private static boolean isFound(String promise, Fault fault) throws Exception {
        Connector faulty = identity -> {
            DeliverySession right = REGISTERING.connect(identity);
            return (DeliverySession) Proxy.newProxyInstance(
                    DeliverySession.class.getClassLoader(),
                    new Class<?>[] {DeliverySession.class},
                    (proxy, method, given) -> {
                        Object[] arguments = given == null ? new Object[0] : given;
                        return fault.call(right, method.getName(), arguments, changed -> {
                            try {
                                return method.invoke(right, changed);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
                    });
        };
        ContractCase found = DeliveryContract.cases(faulty).stream()
                .filter(any -> any.name().equals(promise))
                .findFirst()
                .orElseThrow();
        try {
            found.run();
            return false;
        } catch (AssertionError | Exception e) {
            return true;
        }
    }

    @Test
    void aServiceThatDoesARepeatedWriteAgainIsFound() throws Exception {
        assertThat(isFound("a write is done once", (right, method, arguments, call) -> {
                    if (method.equals("send")) {
                        arguments[0] = RequestId.random(Randomness.system());
                    }
                    return call.perform(arguments);
                }))
                .isTrue();
    }

    @Test
    void aServiceThatHidesEntriesIsFound() throws Exception {
        assertThat(isFound("a log has no gaps and is read in pages", (right, method, arguments, call) -> {
                    Object out = call.perform(arguments);
                    if (out instanceof LogPage page) {
                        List<LogEntry> some = new ArrayList<>(page.entries());
                        some.removeIf(entry -> entry.seq() == 3);
                        return new LogPage(page.head(), page.epoch(), some);
                    }
                    return out;
                }))
                .isTrue();
    }

    @Test
    void aServiceThatDoesNotSayThatAnAnswerIsAnOldOneIsFound() throws Exception {
        assertThat(isFound("a write is done once", (right, method, arguments, call) -> {
                    Object out = call.perform(arguments);
                    return out instanceof Appended appended
                            ? new Appended(appended.seq(), appended.epoch(), appended.unroutedWelcomes(), false)
                            : out;
                }))
                .isTrue();
    }

    @Test
    void aServiceThatKeepsTheWelcomeIsFound() throws Exception {
        assertThat(isFound("who is added gets the Welcome and reads from there", (right, method, arguments, call) -> {
                    if (method.equals("inbox")) {
                        return List.of();
                    }
                    return call.perform(arguments);
                }))
                .isTrue();
    }

    @Test
    void aServiceThatHasSendersTellTheOthersIsFound() throws Exception {
        List<HintListener> listeners = new CopyOnWriteArrayList<>();
        assertThat(isFound("hints come one at a time, on a thread of their own", (right, method, arguments, call) -> {
                    if (method.equals("subscribe")) {
                        listeners.add((HintListener) arguments[0]);
                    }
                    Object out = call.perform(arguments);
                    if (method.equals("send")) {
                        listeners.forEach(listener -> listener.onHint(new Hint.OfInbox(0), "0"));
                    }
                    return out;
                }))
                .isTrue();
    }

    @Test
    void aServiceThatForgetsHowItTreatsAGroupIsFound() throws Exception {
        assertThat(isFound("settings are kept", (right, method, arguments, call) -> {
                    return method.equals("changeSettings") ? null : call.perform(arguments);
                }))
                .isTrue();
    }
}
