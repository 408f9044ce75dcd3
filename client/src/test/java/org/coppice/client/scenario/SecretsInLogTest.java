package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.http.Tokens;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CryptoProviders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Two clients talk over HTTP, and all that the service and they log, at whatever level, is searched. */
class SecretsInLogTest {
    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private static final Logger OURS = (Logger) LoggerFactory.getLogger("org.coppice");

    @TempDir
    Path directory;

    private final UsedSecrets secrets = new UsedSecrets(CryptoProviders.best());
    private final ClientEnvironment environment = ClientEnvironment.builder()
            .provider(secrets)
            .parameters(Parameters.DEFAULT.toBuilder().keyPackages(4, 2).build())
            .build();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Appender<ILoggingEvent> console = ROOT.getAppender("OUT");
    private final Level before = ROOT.getLevel();

    private DeliveryServer server;
    private HttpDelivery http;

    @BeforeEach
    void start() throws Exception {
        ROOT.detachAppender(console);
        ROOT.addAppender(log);
        ROOT.setLevel(Level.INFO);
        OURS.setLevel(Level.TRACE);
        log.start();
        server = DeliveryServer.start(ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(directory))
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty())
                .withDrain(Duration.ZERO, Duration.ofSeconds(5)));
        http = HttpDelivery.at(server.url());
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        server.close();
        OURS.setLevel(null);
        ROOT.setLevel(before);
        ROOT.detachAppender(log);
        ROOT.addAppender(console);
    }

    private CoppiceClient client(Identity identity) throws Exception {
        http.register(identity);
        CoppiceClient client = CoppiceClient.create(ClientStores.inMemory(), identity, environment, http);
        client.sync();
        return client;
    }

    @Test
    void theLogHasNoSecretNoTokenAndNoWord() throws Exception {
        Identity alices = Identity.generate(environment, World.SUITE, World.id("alice"));
        Identity bobs = Identity.generate(environment, World.SUITE, World.id("bob"));
        String token;
        try (CoppiceClient alice = client(alices);
                CoppiceClient bob = client(bobs)) {
            token = Tokens.of(server.url(), alices);
            Conversation hers = alice.createConversation("garden");
            hers.invite(World.user("bob"));
            bob.sync();
            Conversation his = bob.conversation(hers.id()).orElseThrow();
            his.send("a word of bob");
            his.rename("orchard");
            alice.sync();
            hers.rename("meadow");
            assertThat(World.texts(hers)).contains("bob: a word of bob");
        }
        server.close();
        String text = text();
        assertThat(text).as("what is logged of each request").contains("/v1/groups");
        assertThat(secrets.all()).hasSizeGreaterThan(100);
        assertThat(UsedSecrets.in(text.getBytes(StandardCharsets.UTF_8), secrets.all()))
                .isEmpty();
        assertThat(secrets.all()).noneMatch(secret -> text.contains(asArray(secret)));
        assertThat(text).doesNotContain(token, "a word", "garden", "orchard", "meadow");
    }

    /** The first half of a secret as Java prints arrays. */
    private static String asArray(Bytes secret) {
        String array = Arrays.toString(secret.slice(0, secret.length() / 2).toByteArray());
        return array.substring(1, array.length() - 1);
    }

    private String text() {
        return List.copyOf(log.list).stream()
                .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .collect(Collectors.joining("\n"));
    }
}
