package org.coppice.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.coppice.cli.Coppice;
import org.coppice.cli.CoppiceProcess;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Town;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator gives a name back, at a server with nothing set up. */
class AdminCommandTest {
    @TempDir
    private Path directory;

    private Coppice.Run coppice(String home, String input, String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--home";
        all[args.length + 1] = directory.resolve(home).toString();
        return Coppice.runWith(input.getBytes(StandardCharsets.UTF_8), all);
    }

    private Coppice.Run register(String home, String name, String url) {
        return coppice(home, "", "account", "new", "--name", name, "--no-passphrase", "--server", url);
    }

    @Test
    void whoLostTheOnlyKeyOfANameHasItAgainAndIsAStrangerInItsConversations() throws Exception {
        Path data = directory.resolve("data");
        try (CoppiceProcess server = CoppiceProcess.start(
                directory, Map.of(), "serve", "--port", "0", "--no-ops", "--json", "--data", data.toString())) {
            String url = Town.parse(server.line()).get("url").textValue();
            assertThat(register("alice", "alice", url).code()).isZero();
            assertThat(register("bob", "bob", url).code()).isZero();
            assertThat(coppice("bob", "", "group", "create", "garden", "alice").code())
                    .isZero();
            Coppice.Run taken = register("again", "alice", url);
            assertThat(taken.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(taken.err()).contains("alice is taken", "the server's operator can free the name");
            String token = data.resolve("operator-token").toString();
            String[] release = {"admin", "release", "--name", "alice", "--server", url, "--token-file", token};
            Coppice.Run released = Coppice.run(release);
            assertThat(released.code()).as(released.err()).isZero();
            assertThat(released.out()).contains("alice is free", "alice/", "is registered no longer");
            assertThat(released.err()).contains("group remove");
            Coppice.Run twice = Coppice.run(release);
            assertThat(twice.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(twice.err()).contains("nobody has the name alice");
            assertThat(register("again", "alice", url).code()).isZero();
            assertThat(coppice("again", "", "group", "list").out()).doesNotContain("garden");
            assertThat(coppice("alice", "", "group", "list").code()).isNotZero();
            assertThat(coppice("bob", "", "group", "remove", "garden", "alice").code())
                    .isZero();
            assertThat(coppice("bob", "", "group", "invite", "garden", "alice").code())
                    .isZero();
            assertThat(coppice("again", "", "group", "list").out()).contains("garden  2 members");
            assertThat(coppice("bob", "", "group", "members", "garden").out()).contains("?");
        }
    }

    @Test
    void nobodyElseGivesANameBack() throws Exception {
        Path wrong = Files.writeString(directory.resolve("wrong"), "a-token-of-somebody-else\n");
        Path empty = Files.writeString(directory.resolve("empty"), "");
        Path data = directory.resolve("data");
        try (CoppiceProcess server = CoppiceProcess.start(
                directory, Map.of(), "serve", "--port", "0", "--no-ops", "--json", "--data", data.toString())) {
            String url = Town.parse(server.line()).get("url").textValue();
            assertThat(register("alice", "alice", url).code()).isZero();
            String[] release = {"admin", "release", "--name", "alice", "--server", url, "--token-file", wrong.toString()
            };
            Coppice.Run refused = Coppice.run(release);
            assertThat(refused.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(refused.err()).contains("another operator's token");
            release[7] = empty.toString();
            assertThat(Coppice.run(release).code()).isEqualTo(ExitCode.BAD_INPUT);
            release[7] = directory.resolve("none").toString();
            assertThat(Coppice.run(release).code()).isEqualTo(ExitCode.BAD_INPUT);
            release[3] = "not a name";
            assertThat(Coppice.run(release).code()).isEqualTo(ExitCode.USAGE);
            assertThat(coppice("alice", "", "group", "list").code()).isZero();
        }
    }

    /** All of it was read, until there was no memory left. */
    @Test
    void anAnswerWithoutEndIsNoAnswer() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicBoolean over = new AtomicBoolean();
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (!over.get()) {
                exchange.getResponseBody().write(new byte[1 << 16]);
            }
        });
        other.start();
        try {
            Path token = Files.writeString(directory.resolve("token"), "a-token\n");
            String url = "http://127.0.0.1:" + other.getAddress().getPort();
            Coppice.Run run = Coppice.run(
                    "admin", "release", "--name", "alice", "--server", url, "--token-file", token.toString());
            assertThat(run.code()).isNotZero();
            assertThat(run.err()).contains(url, "no JSON");
        } finally {
            over.set(true);
            other.stop(0);
        }
    }
}
