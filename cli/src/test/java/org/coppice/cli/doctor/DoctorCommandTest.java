package org.coppice.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Town;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    private Path directory;

    @Test
    void namesTheProviderOfEachPrimitiveAndThePlatform() {
        Coppice.Run run = Coppice.run("doctor", "--no-accounts");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("java ", "processors", "SHA-256", "X25519", "Ed448", "ES512");
        assertThat(run.lastLine()).isEqualTo("✓ all seven cipher suites work");
    }

    @Test
    void theJdkAloneServesEverything() throws Exception {
        Coppice.Run run = Coppice.run("doctor", "--no-accounts", "--provider", "jdk", "--json");
        assertThat(run.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("primitives"))
                .hasSize(16)
                .allSatisfy(
                        entry -> assertThat(entry.get("provider").textValue()).isEqualTo("jdk"));
        assertThat(json.get("missing_cipher_suites")).isEmpty();
    }

    @Test
    void looksAtServerClockStoreAndKeyPackages() {
        try (Town town = new Town(directory).settle("alice")) {
            Coppice.Run run = town.as("alice", "doctor");
            assertThat(run.code()).as(run.out()).isZero();
            assertThat(run.out())
                    .contains(
                            "✓ " + town.server().url() + " answers",
                            "✓ the clock here and that of " + town.server().url() + " are the same",
                            "✓ the store of alice/terminal opens",
                            "✓ others can invite alice/terminal: 64 of 64 key packages are left, and the last resort");
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        try (Town town = new Town(directory).settle("alice", "bob")) {
            town.stopServer();
            Coppice.Run run = town.as("alice", "doctor", "--json");
            assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(Town.parse(run.out()).get("findings")).anySatisfy(finding -> {
                assertThat(finding.get("good").booleanValue()).isFalse();
                assertThat(finding.get("what").textValue())
                        .startsWith("cannot reach " + town.server().url())
                        .doesNotContain("Exception");
            });
            Files.writeString(town.home("bob").resolve("accounts/bob/terminal/store.sqlite"), "no store");
            assertThat(town.as("bob", "doctor").out()).contains("✗ the store of bob/terminal is damaged");
        }
    }

    /** It read all of it, however much that was. */
    @Test
    void anAnswerWithoutEndIsLookedAtNoFurtherThanItsBeginning() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicBoolean over = new AtomicBoolean();
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (!over.get()) {
                exchange.getResponseBody().write(new byte[1 << 16]);
            }
        });
        other.start();
        try (Town town = new Town(directory).settle("alice")) {
            String url = lead(town, other);
            Coppice.Run run = town.as("alice", "doctor");
            assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(run.out()).contains("✗ " + url + " answers, but not as a delivery service does: the answer is ");
        } finally {
            over.set(true);
            other.stop(0);
        }
    }

    /** Has alice's account point to another server. */
    private static String lead(Town town, HttpServer other) throws IOException {
        Path facts = town.home("alice").resolve("accounts/alice/terminal/account.json");
        String url = "http://127.0.0.1:" + other.getAddress().getPort();
        Files.writeString(facts, Files.readString(facts).replace(town.server().url(), url));
        return url;
    }

    @Test
    void anAnswerOfSomethingElseIsNotTakenForAServer() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Date", "Thu, 01 Jan 2026 00:00:00 GMT");
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        other.start();
        try (Town town = new Town(directory).settle("alice")) {
            String url = lead(town, other);
            Coppice.Run run = town.as("alice", "doctor");
            assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(run.out()).contains("✗ " + url + " answers, but not as a delivery service does: the answer is ");
        } finally {
            other.stop(0);
        }
    }
}
