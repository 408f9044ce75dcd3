package org.coppice.cli.chat;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.AsAccount;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice chat}. */
@Command(
        name = "chat",
        header = "Talk.",
        description = {
            "Opens a conversation in the terminal; /help lists what can be done in it. Without GROUP it opens the only one you "
                    + "have, or waits for an invitation.",
            "Where standard input is no terminal, or with --json, it works line by line: each line is sent, or obeyed if it "
                    + "begins with a slash, and what happens is printed. At the end of the input it ends, with --follow it goes on "
                    + "to listen. With --json each line that is printed is an object with a \"type\" (opened, message, change, "
                    + "joined, unreadable, receipt, standing, link, problem, ...), and a line that is read may be one: "
                    + "{\"text\": \"...\"} or {\"command\": \"/invite bob\"}, with \"group\" for another conversation. What answers one "
                    + "with a \"ref\" repeats that, and ends with a receipt that is not waiting, a problem, or \"done\"."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice chat --as alice garden",
            "  echo 'the build is green' | coppice chat --as bot garden",
            "  coppice chat --as bot garden --json --follow </dev/null | ./bot",
            "",
            "Exit codes: 0 done, 1 something was refused, 2 wrong usage,",
            "3 no such account or conversation, 75 something is kept and not sent yet."
        })
public final class ChatCommand extends AsAccount {
    private static final int SCREEN_LINES = 20;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "GROUP",
            description = "name of the conversation, or the beginning of its id")
    private String group;

    @Option(names = "--json", description = "line by line, in JSON")
    private boolean json;

    @Option(names = "--follow", description = "line by line: go on at the end of the input")
    private boolean follow;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "show the last N lines first (default: 20, line by line 0)")
    private Integer last;

    @Option(names = "--after", paramLabel = "SEQ", description = "show all lines after this entry first")
    private Long after;

    @Mixin
    private Colours colours;

    /** @param terminal where to read and write */
    public ChatCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected int run(Account account) {
        boolean byLine = json || follow || !terminal.inIsTerminal() || !terminal.outIsTerminal();
        return byLine ? byLine(account) : onScreen(account);
    }

    private int byLine(Account account) {
        Consumer<String> print = line -> print(terminal.out(), line);
        Consumer<String> remark = line -> print(terminal.err(), line);
        ChatOutput output = json
                ? new JsonOutput(account.id(), print)
                : new TextOutput(account.id(), colours.on(terminal), new Titles(), print, remark);
        Chat chat = new Chat(account, output, group != null && !json);
        begin(chat, 0, terminal::say);
        Background background = Background.start(chat);
        try {
            new LineMode(chat, json).run(terminal);
            if (follow && !chat.hasEnded()) {
                waitForSignal();
            }
        } finally {
            background.close();
        }
        return end(chat);
    }

    private static void print(PrintStream stream, String line) {
        synchronized (stream) {
            stream.println(line);
            // A program at the other end waits for it.
            stream.flush();
        }
    }

    private int onScreen(Account account) {
        try (Screen screen = Screen.open(account.id(), colours.on(terminal))) {
            Chat chat = new Chat(account, screen.output(), false);
            begin(chat, SCREEN_LINES, screen.output()::note);
            if (chat.open().isEmpty()) {
                screen.welcome(account);
            }
            Background background = Background.start(chat);
            try {
                screen.run(chat);
            } finally {
                background.close();
            }
            return end(chat) == ExitCode.LATER ? ExitCode.LATER : ExitCode.SUCCESS;
        }
    }

    /** Opens what is asked for. Nothing changes meanwhile, as no other process has the account, and this one does not listen yet. */
    private void begin(Chat chat, int lines, Consumer<String> remark) {
        Account account = chat.account();
        Optional<Arrivals> arrivals = arrivals(account, remark);
        Optional<Conversation> found = conversation(account, arrivals);
        if (found.isEmpty()) {
            return;
        }
        if (after != null) {
            chat.openAfter(found.get(), after);
        } else if (last == null && lines == 0 && arrivals.isPresent()) {
            chat.openAfter(found.get(), arrivals.get().seenUpTo(found.get()));
        } else {
            chat.open(found.get(), last == null ? lines : last);
        }
    }

    /** Maybe the invitation to what is asked for waits. */
    private Optional<Arrivals> arrivals(Account account, Consumer<String> remark) {
        return group != null && Lookup.named(account.client(), group).isEmpty()
                ? Optional.of(Arrivals.of(account, remark))
                : Optional.empty();
    }

    private Optional<Conversation> conversation(Account account, Optional<Arrivals> arrivals) {
        if (group != null) {
            Optional<Conversation> renamed =
                    Lookup.named(account.client(), group).isEmpty()
                            ? arrivals.flatMap(came -> came.find(group))
                            : Optional.empty();
            return Optional.of(renamed.orElseGet(() -> Lookup.find(account.client(), group)));
        }
        List<Conversation> mine = Lookup.sorted(account.client()).stream()
                .filter(one -> Lookup.isOpen(one.view()))
                .toList();
        return mine.size() == 1 ? Optional.of(mine.get(0)) : Optional.empty();
    }

    private static void waitForSignal() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int end(Chat chat) {
        int waiting = chat.account().client().conversations().stream()
                .map(Conversation::view)
                .mapToInt(ConversationView::waiting)
                .sum();
        if (waiting > 0) {
            throw CommandFailure.later(
                    waiting + (waiting == 1 ? " thing is" : " things are") + " kept and not done yet",
                    "the next command or chat that reaches the server goes on with it");
        }
        return chat.wasRefused() ? ExitCode.FAILED_CHECK : ExitCode.SUCCESS;
    }
}
