package org.coppice.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.coppice.cli.Town;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.AsAccount;
import org.coppice.client.Conversation;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The chat in a terminal, as a person uses it. */
class ScreenTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsTypedWhileTheServerHangsIsKept() throws IOException {
        try (Town town = new Town(directory).settle("alice")) {
            town.did("alice", "group", "create", "garden");
            town.stopServer();
            // It takes connections and never answers, as a process that is stopped does.
            try (ServerSocket frozen = new ServerSocket(town.server().port(), 50, InetAddress.getLoopbackAddress())) {
                assertThat(frozen.isBound()).isTrue();
                String out = type(town, "one\ntwo\n/rename orchard\nthree\n/quit\n");
                assertThat(out).contains("no answer of the server yet: /rename orchard");
            }
            town.startServer();
            town.did("alice", "group", "list");
            assertThat(town.did("alice", "group", "history", "garden", "--last", "3"))
                    .containsSubsequence("alice  one", "alice  two", "alice  three");
        }
    }

    @Test
    void whatWaitsIsShownUntilTheServerHasIt() {
        try (Town town = new Town(directory).settle("alice")) {
            town.did("alice", "group", "create", "garden");
            town.stopServer();
            try (LiveScreen screen = LiveScreen.open(town, "alice", 44, 16)) {
                screen.type("one\rtwo\r/rename orchard\r");
                await().untilAsserted(() -> assertThat(screen.seen())
                        .contains(
                                "\n… one ",
                                "\n… two ",
                                "\n… /rename orchard ",
                                "\nalice ❯ ",
                                " offline · garden · 1 member · epoch 0 · 3 …")
                        .doesNotContain("✓"));
                town.startServer();
                // An empty line looks again at once.
                screen.type("\r");
                await().untilAsserted(() -> assertThat(screen.seen())
                        .containsPattern("alice  one  ✓ *\n.*alice  two  ✓")
                        .contains(" online · orchard · 1 member · epoch 1  ")
                        .doesNotContain("…"));
            }
        }
    }

    @Test
    void whatIsTypedWhileItStartsIsTaken() {
        try (Town town = new Town(directory).settle("alice")) {
            town.did("alice", "group", "create", "garden");
            try (LiveScreen screen = LiveScreen.open(town, "alice", 80, 16)) {
                screen.type("early\rhalf");
                await().untilAsserted(() ->
                        assertThat(screen.seen()).contains("alice  early  ✓").contains("alice ❯ half "));
            }
        }
    }

    @Test
    void whoWasRemovedIsToldFromWhere() {
        try (Town town = new Town(directory).settle("alice", "bob")) {
            town.did("alice", "group", "create", "garden", "bob");
            town.did("bob", "group", "list");
            try (LiveScreen screen = LiveScreen.open(town, "bob", 80, 16)) {
                await().untilAsserted(() -> assertThat(screen.seen()).contains(" online · garden"));
                town.did("alice", "group", "remove", "garden", "bob");
                await().untilAsserted(() -> assertThat(screen.seen())
                        .contains("! garden: no member any more", " online · garden · no member any more"));
            }
        }
    }

    @Test
    void whoLeavesIsNotWarnedOfIt() {
        try (Town town = new Town(directory).settle("alice", "bob")) {
            town.did("alice", "group", "create", "garden", "bob");
            town.did("bob", "group", "list");
            try (LiveScreen screen = LiveScreen.open(town, "bob", 80, 16)) {
                await().untilAsserted(() -> assertThat(screen.seen()).contains(" online · garden"));
                screen.type("/leave\r");
                await().untilAsserted(() -> {
                    town.did("alice", "group", "list");
                    assertThat(screen.seen()).contains("── you left", " online · garden · no member any more");
                });
                assertThat(screen.seen()).doesNotContain("! garden");
            }
        }
    }

    @Test
    void anInvitationElsewhereSaysHowToGoThere() {
        try (Town town = new Town(directory).settle("alice", "bob")) {
            town.did("bob", "group", "create", "garden");
            try (LiveScreen screen = LiveScreen.open(town, "bob", 80, 16)) {
                await().untilAsserted(() -> assertThat(screen.seen()).contains(" online · garden"));
                town.did("alice", "group", "create", "lawn", "bob");
                await().untilAsserted(() ->
                        assertThat(screen.seen()).contains("[lawn] ", "── you were added", "/open lawn goes there"));
            }
        }
    }

    @Test
    void nothingIsLeftOfTheLineBelow() {
        try (Town town = new Town(directory).settle("alice")) {
            town.did("alice", "group", "create", "garden");
            LiveScreen screen = LiveScreen.open(town, "alice", 80, 16);
            await().untilAsserted(() -> assertThat(screen.seen()).contains("online · garden", "alice ❯"));
            screen.type("/quit\r");
            assertThat(screen.waitFor()).isZero();
            assertThat(screen.seen()).contains("── garden ──").doesNotContain("online");
        }
    }

    /** The server answers, so there is a connection; but it lets nobody read. */
    @Test
    void thatNothingIsReadIsShown() throws IOException {
        try (Town town = new Town(directory).settle("alice")) {
            town.did("alice", "group", "create", "garden");
            town.stopServer();
            HttpServer refusing = refusing(town.server().port());
            try (LiveScreen screen = LiveScreen.open(town, "alice", 80, 16)) {
                await().untilAsserted(() -> assertThat(screen.seen())
                        .contains("✗ not all that is new is read: ", "slowly, ", " not reading · garden"));
                refusing.stop(0);
                town.startServer();
                await().untilAsserted(() -> {
                    screen.type("\r");
                    assertThat(screen.seen()).contains(" online · garden");
                });
            } finally {
                refusing.stop(0);
            }
        }
    }

    private static HttpServer refusing(int port) throws IOException {
        HttpServer out = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        out.createContext("/", exchange -> {
            byte[] problem =
                    ("{\"type\": \"urn:coppice:problem:over-limit\", \"title\": \"Over limit\", \"status\": 429, "
                                    + "\"detail\": \"slowly, please\"}")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
            exchange.sendResponseHeaders(429, problem.length);
            exchange.getResponseBody().write(problem);
            exchange.close();
        });
        out.start();
        return out;
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private String type(Town town, String lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        Typing typing = new Typing(in, out);
        int code = new CommandLine(typing).execute("--home", town.home("alice").toString());
        assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(0);
        assertThat(typing.waiting).isGreaterThanOrEqualTo(3);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Types into the only conversation of an account. */
    @Command(name = "typing")
    private static final class Typing extends AsAccount {
        private final InputStream in;
        private final ByteArrayOutputStream out;
        private int waiting;

        Typing(InputStream in, ByteArrayOutputStream out) {
            super(null);
            this.in = in;
            this.out = out;
        }

        @Override
        protected int run(Account account) {
            try (Screen screen = Screen.on(new DumbTerminal(in, out), account.id(), false)) {
                Chat chat = new Chat(account, screen.output(), false);
                Conversation garden = account.client().conversations().get(0);
                chat.open(garden, 0);
                chat.listen();
                screen.run(chat);
                waiting = garden.view().waiting();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return 0;
        }
    }
}
