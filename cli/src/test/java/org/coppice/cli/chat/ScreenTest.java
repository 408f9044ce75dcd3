package org.coppice.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
