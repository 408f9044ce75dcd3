package org.coppice.cli.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.coppice.cli.Town;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.AsAccount;
import org.jline.terminal.Terminal;
import org.jline.utils.ScreenTerminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A chat of somebody in the only conversation, at a terminal whose screen can be looked at. */
final class LiveScreen implements AutoCloseable {
    private final ScreenTerminal.VirtualTerminal terminal;
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    private LiveScreen(ScreenTerminal.VirtualTerminal terminal) {
        this.terminal = terminal;
    }

    static LiveScreen open(Town town, String name, int columns, int rows) {
        LiveScreen out;
        try {
            out = new LiveScreen(ScreenTerminal.withTerminal("test", "xterm-256color", columns, rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Chatting chatting = new Chatting(out.terminal.terminal());
        Thread thread = new Thread(
                () -> out.code.complete(new CommandLine(chatting)
                        .execute("--home", town.home(name).toString())),
                "live-screen");
        thread.setDaemon(true);
        thread.start();
        return out;
    }

    /** Types on the keyboard. */
    void type(String keys) {
        try {
            terminal.terminal().processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What can be seen, line by line. */
    String seen() {
        return terminal.screen().toString();
    }

    int waitFor() {
        try {
            return code.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(seen(), e);
        }
    }

    @Override
    public void close() {
        type("\u0003\n/quit\n");
        waitFor();
    }

    @Command(name = "chatting")
    private static final class Chatting extends AsAccount {
        private final Terminal screen;

        Chatting(Terminal screen) {
            super(null);
            this.screen = screen;
        }

        @Override
        protected int run(Account account) {
            try (Screen on = Screen.on(screen, account.id(), false)) {
                Chat chat = new Chat(account, on.output(), false);
                chat.open(account.client().conversations().get(0), 0);
                Background background = Background.start(chat);
                try {
                    on.run(chat);
                } finally {
                    background.close();
                }
            }
            return 0;
        }
    }
}
