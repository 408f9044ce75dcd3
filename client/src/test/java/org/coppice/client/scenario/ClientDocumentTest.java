package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.crypto.CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreKey;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ten lines of docs/CLIENT.md, word for word, against a server. */
class ClientDocumentTest {
    @TempDir
    Path directory;

    // begin
    private void tenLines(String url, Path file, char[] passphrase) throws Exception {
        ClientEnvironment environment = ClientEnvironment.standard();
        Identity identity = Identity.generate(
                environment, MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, ClientId.parse("alice/laptop"));
        try (HttpDelivery service = HttpDelivery.at(url);
                StoreKey key = StoreKey.passphrase(passphrase)) {
            service.register(identity);
            try (CoppiceClient alice =
                    CoppiceClient.create(ClientStores.sqlite(file, key), identity, environment, service)) {
                alice.sync(); // publishes key packages, so that others can invite alice
                Conversation team = alice.createConversation("team");
                team.invite(new UserName("bob"));
                team.send("hello, bob");
                team.latest(10).stream()
                        .filter(HistoryEntry.Message.class::isInstance)
                        .map(HistoryEntry.Message.class::cast)
                        .forEach(m -> System.out.println(
                                m.sender() + ": " + m.payload().text().orElse("?")));
            }
        }
    }
    // end

    @Test
    void theTenLinesWorkAndWhatTheyLeaveOpensAgain() throws Exception {
        FakeService backing = new FakeService(Clock.systemUTC());
        try (DeliveryServer server = DeliveryServer.start(
                ServerConfig.DEFAULT
                        .withAddress("127.0.0.1", 0)
                        .withOps(Optional.empty())
                        .withDrain(Duration.ZERO, Duration.ofSeconds(5)),
                Clock.systemUTC(),
                (audiences, metrics) -> new FakeBackend(backing, audiences))) {
            String url = "http://127.0.0.1:" + server.port();
            Path file = directory.resolve("alice.db");
            tenLines(url, file, "correct horse".toCharArray());
            try (StoreKey wrong = StoreKey.passphrase("wrong horse".toCharArray())) {
                assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                        StoreException.class, () -> ClientStores.sqlite(file, wrong))
                                .reason())
                        .isEqualTo(StoreException.Reason.WRONG_KEY);
            }
            try (StoreKey key = StoreKey.passphrase("correct horse".toCharArray());
                    HttpDelivery service = HttpDelivery.at(url);
                    CoppiceClient alice =
                            CoppiceClient.open(ClientStores.sqlite(file, key), ClientEnvironment.standard(), service)) {
                assertThat(World.texts(alice.conversations().get(0))).containsExactly("alice: hello, bob");
                assertThat(alice.conversations().get(0).send("still here").isDone())
                        .isTrue();
            }
        }
    }

    @Test
    void theDocumentShowsWhatIsRunHere() throws Exception {
        String document = Files.readString(Path.of("../docs/CLIENT.md"));
        String source = Files.readString(Path.of("src/test/java/org/coppice/client/scenario/ClientDocumentTest.java"));
        Matcher shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(document);
        assertThat(shown.find()).isTrue();
        String run = source.substring(source.indexOf("// begin\n"), source.indexOf("// end\n"));
        assertThat(words(run)).contains(words(shown.group(1)));
    }

    /** Line breaks aside, which the formatter of sources chooses. */
    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }
}
