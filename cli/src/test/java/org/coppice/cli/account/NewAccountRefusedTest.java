package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.LiveRun;
import org.coppice.cli.TestServer;
import org.coppice.cli.Town;
import org.coppice.client.model.ClientEvent.KeyPackagesRefused;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a new account where the server says no, sooner or later. */
class NewAccountRefusedTest {
    private static final Duration OFF = Duration.ofHours(3);

    @TempDir
    private Path directory;

    private Coppice.Run run(String url, String home, String... args) {
        List<String> all = new java.util.ArrayList<>(List.of(args));
        all.addAll(List.of("--home", directory.resolve(home).toString()));
        if (args[0].equals("account") && args[1].equals("new")) {
            all.addAll(List.of("--server", url, "--no-passphrase"));
        }
        return Coppice.run(all.toArray(String[]::new));
    }

    /** The account was deleted with its key, and its name was lost for good: the server knew it by that key. */
    @Test
    void whatIsRegisteredStaysHoweverTheRestGoes() throws Exception {
        HttpServer door = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String url = "http://127.0.0.1:" + door.getAddress().getPort();
        ServerConfig config = ServerConfig.DEFAULT.withPublicUrls(List.of(URI.create(url)));
        try (TestServer server = TestServer.start(config, directory.resolve("server"), 0)) {
            door.createContext("/", exchange -> pass(exchange, behind(server)));
            door.start();
            Coppice.Run begun = run(url, "alice", "account", "new", "--name", "alice");
            assertThat(begun.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(begun.err())
                    .contains(
                            "alice/terminal is registered at " + url + ", but others cannot invite it yet: refused by "
                                    + url + ": not today\nhint: any command that talks to the server goes on");
            assertThat(directory.resolve("alice/accounts/alice/terminal/store.sqlite"))
                    .exists();
            assertThat(run(url, "alice", "account", "list").out()).startsWith("alice/terminal  " + url);
            door.removeContext("/");
            door.createContext("/", exchange -> forward(exchange, behind(server)));
            assertThat(run(url, "alice", "group", "list").code()).isZero();
            assertThat(run(url, "alice", "doctor").out()).contains("64 of 64 key packages are left");
        } finally {
            door.stop(0);
        }
    }

    private static String behind(TestServer server) {
        return "http://127.0.0.1:" + server.port();
    }

    /** As {@link #forward}, but key packages are refused. */
    private static void pass(HttpExchange exchange, String url) throws IOException {
        if (exchange.getRequestURI().getPath().startsWith("/v1/key-packages")) {
            exchange.getRequestBody().readAllBytes();
            answer(
                    exchange,
                    403,
                    "application/problem+json",
                    "{\"type\":\"urn:coppice:problem:not-allowed\",\"detail\":\"not today\"}"
                            .getBytes(StandardCharsets.UTF_8));
        } else {
            forward(exchange, url);
        }
    }

    private static void forward(HttpExchange exchange, String url) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + exchange.getRequestURI()))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(30))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : List.of("Authorization", "Content-Type", "Accept", "Request-Id")) {
            exchange.getRequestHeaders().getOrDefault(name, List.of()).forEach(value -> request.header(name, value));
        }
        try {
            HttpResponse<byte[]> response =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            String type = response.headers().firstValue("Content-Type").orElse("application/json");
            answer(exchange, response.statusCode(), type, response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void whatAnEarlierRunHasBegunIsNotDeletedByARefusal() {
        try (Town town = new Town(directory).settle("alice")) {
            String url = town.server().url();
            town.stopServer();
            assertThat(run(url, "other", "account", "new", "--name", "alice").code())
                    .isEqualTo(ExitCode.UNREACHABLE);
            town.startServer();
            Coppice.Run refused = run(url, "other", "account", "new", "--name", "alice");
            assertThat(refused.code()).isEqualTo(ExitCode.FAILED_CHECK);
            Path place = directory.resolve("other/accounts/alice/terminal");
            assertThat(refused.err()).contains("alice is taken at " + url, "; what was begun stays in " + place);
            assertThat(place.resolve("store.sqlite")).exists();
        }
    }

    @Test
    void aClockThatIsWrongIsTold() {
        Clock behind = Clock.offset(Clock.systemUTC(), OFF.negated());
        DeliveryConfig delivery = ServerConfig.DEFAULT
                .delivery()
                .withAmbient(new DeliveryConfig.Ambient(behind, Randomness.system(), Workers.sequential()));
        ServerConfig config = ServerConfig.DEFAULT.withDelivery(delivery);
        try (TestServer server = TestServer.start(config, directory.resolve("server"), 0)) {
            Coppice.Run begun = run(server.url(), "alice", "account", "new", "--name", "alice");
            assertThat(begun.code()).as(begun.err()).isZero();
            String told = "coppice: your clock is not that of " + server.url()
                    + ", which refuses the key packages made here, by which others invite you: set this machine's clock";
            assertThat(begun.err()).contains(told);
            assertThat(run(server.url(), "alice", "group", "list").err()).contains(told);
            String home = directory.resolve("alice").toString();
            try (LiveRun chat = LiveRun.start("chat", "--json", "--home", home)) {
                // It looks at the server once it has begun, and not before an input that ends at once.
                await().atMost(Duration.ofSeconds(30)).until(() -> chat.out().contains("your clock is not that of"));
                assertThat(chat.end()).isZero();
            }
            Coppice.Run doctor = run(server.url(), "alice", "doctor");
            assertThat(doctor.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(doctor.out())
                    .contains(
                            "✗ others can invite alice/terminal: 0 of 64 key packages are left",
                            "if the clock is right");
        }
    }

    @Test
    void itIsToldHowWrongTheClockIs() {
        assertThat(Clocks.compared("S", OFF))
                .isEqualTo(Finding.bad(
                        "the clock here is 3 h ahead of that of S",
                        "set this machine's clock, best by NTP: logins and key packages depend on it"));
        assertThat(Clocks.compared("S", Duration.ofMinutes(-75)).what())
                .isEqualTo("the clock here is 75 min behind that of S");
        assertThat(Clocks.compared("S", Duration.ofDays(-100)).what())
                .isEqualTo("the clock here is 100 days behind that of S");
        assertThat(Clocks.compared("S", Duration.ofSeconds(50)))
                .isEqualTo(Finding.good("the clock here is 50 s ahead of that of S"));
        assertThat(Clocks.compared("S", Duration.ofMillis(900)).what())
                .isEqualTo("the clock here and that of S are the same");
        KeyPackagesRefused event =
                new KeyPackagesRefused(Problem.refused(KeyPackagesRefused.LIFETIME, "not yet valid"));
        assertThat(Clocks.refused(event, "S", java.util.Optional.of(OFF)))
                .startsWith("your clock is 3 h ahead of that of S, which refuses the key packages made here");
    }
}
