package org.coppice.cli.chat;

import static org.jline.utils.InfoCmp.Capability.carriage_return;
import static org.jline.utils.InfoCmp.Capability.change_scroll_region;
import static org.jline.utils.InfoCmp.Capability.clr_eol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.coppice.cli.Columns;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Style;
import org.coppice.cli.Texts;
import org.coppice.cli.account.Account;
import org.coppice.cli.conversation.ListText;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationView;
import org.coppice.delivery.api.ClientId;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Status;

/** A chat in a terminal: what happens above, a line to write in below, and a line that says where one is. */
final class Screen implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;
    private static final String SHOW_STATE = "coppice-show-state";
    /** So many lines of what waits are shown, the last ones. */
    private static final int WAITING_LINES = 3;

    private static final int TITLE_WIDTH = 24;

    private final Terminal terminal;
    private final LineReaderImpl reader;
    private final ChatOutput output;
    private final boolean colours;
    private final Titles titles = new Titles();
    /** What was typed and is not done yet, the earliest first. */
    private final Queue<Chat.Errand> errands = new ConcurrentLinkedQueue<>();

    /** The last change of a conversation that was typed. */
    private Future<?> change = CompletableFuture.completedFuture(null);

    private volatile Chat chat;
    private volatile boolean leaving;
    private boolean closed;

    private Screen(Terminal terminal, ClientId self, boolean colours) {
        this.terminal = terminal;
        this.colours = colours;
        silence();
        // What was typed before is shown again when it is read.
        terminal.puts(carriage_return);
        terminal.puts(clr_eol);
        // What is typed is text, not words of a shell.
        DefaultParser words = new DefaultParser();
        words.setEscapeChars(null);
        words.setQuoteChars(null);
        this.reader = (LineReaderImpl) LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(words)
                .completer(new ChatCompleter(() -> chat))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                // What was typed is shown again when the server has it, with its time.
                .option(LineReader.Option.ERASE_LINE_ON_FINISH, true)
                .build();
        reader.getWidgets().put(SHOW_STATE, () -> {
            drawState();
            return true;
        });
        this.output = new TextOutput(self, colours, titles, this::above, this::above);
        // Its line is taken from the screen now, and not when something stands there.
        showState();
    }

    /** What is typed while nothing is read is shown when it is read, and not twice. */
    private void silence() {
        Attributes attributes = terminal.getAttributes();
        attributes.setLocalFlag(Attributes.LocalFlag.ECHO, false);
        terminal.setAttributes(attributes);
    }

    static Screen open(ClientId self, boolean colours) {
        try {
            return on(
                    TerminalBuilder.builder()
                            .system(true)
                            .dumb(true)
                            // To find out, it would ask the terminal, and take what was typed meanwhile for the answer.
                            .graphemeCluster(false)
                            .encoding(StandardCharsets.UTF_8)
                            .build(),
                    self,
                    colours);
        } catch (IOException | IllegalStateException e) {
            throw CommandFailure.input(
                    "cannot use this terminal: " + e.getMessage(), "line by line: coppice chat --json");
        }
    }

    static Screen on(Terminal terminal, ClientId self, boolean colours) {
        return new Screen(terminal, self, colours);
    }

    ChatOutput output() {
        return output;
    }

    private void above(String line) {
        // As it is: an AttributedString would come out with lines in the character set of old terminals.
        reader.printAbove(Wrapping.wrap(line, terminal.getSize().getColumns()));
        showState();
    }

    /** What to do where there is no conversation yet. */
    void welcome(Account account) {
        List<Conversation> mine = Lookup.sorted(account.client());
        if (mine.isEmpty()) {
            output.note("No conversation yet. /new NAME begins one; an invitation opens by itself.");
        } else {
            output.list(mine);
            output.note("/open NAME goes to one, /new NAME begins one.");
        }
    }

    /** Reads and obeys until the person goes. */
    void run(Chat running) {
        chat = running;
        if (!Terminal.TYPE_DUMB.equals(terminal.getType())) {
            running.showOn(this::showState);
        }
        ExecutorService worker = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "coppice-chat");
            thread.setDaemon(true);
            return thread;
        });
        try {
            while (!running.hasEnded()) {
                showState();
                String line = read();
                if (line == null || line.strip().equals("/quit")) {
                    break;
                }
                // What is said is kept before the next line is read; the server may take as long as it likes.
                awaitChange();
                Chat.Errand errand = running.accept(line);
                errands.add(errand);
                Future<?> done = worker.submit(() -> finish(errand));
                change = errand.isKept() ? change : done;
            }
        } finally {
            end(worker);
        }
    }

    /** Who was invited is to read what is said next, unless the server keeps silent: then it is better kept early than in order. */
    private void awaitChange() {
        try {
            change.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            change = CompletableFuture.completedFuture(null);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(Chat.Errand errand) {
        try {
            errand.rest().run();
        } catch (IllegalStateException e) {
            // The person went while the server kept silent, and the store is closed.
            if (!leaving) {
                throw e;
            }
        } finally {
            errands.remove(errand);
        }
    }

    private void end(ExecutorService worker) {
        worker.shutdown();
        try {
            worker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Chat.Errand> left = List.copyOf(errands);
        leaving = true;
        worker.shutdownNow();
        left.stream()
                .filter(errand -> !errand.isKept())
                .forEach(errand -> output.problem(
                        "no answer of the server yet: " + errand.line().strip(), "/status shows next time what waits"));
    }

    private String read() {
        try {
            return reader.readLine(prompt());
        } catch (UserInterruptException e) {
            if (e.getPartialLine().isEmpty()) {
                output.note("Ctrl-D or /quit ends the chat.");
            }
            return "";
        } catch (EndOfFileException e) {
            return null;
        } catch (UncheckedIOException e) {
            return null;
        }
    }

    /** What waits, and the name of who types. */
    private String prompt() {
        List<Waiting.Line> waiting = chat.open().map(chat.waiting()::of).orElse(List.of());
        int hidden = Math.max(0, waiting.size() - WAITING_LINES);
        StringBuilder out = new StringBuilder();
        if (hidden > 0) {
            out.append(Style.FAINT.apply("… and " + hidden + " before\n", colours));
        }
        waiting.stream()
                .skip(hidden)
                .map(this::row)
                .forEach(row -> out.append(row).append('\n'));
        return out.append(Style.NAME.apply(chat.account().id().user() + " ❯ ", colours))
                .toString();
    }

    private String row(Waiting.Line line) {
        String why = line.why().map(text -> "  (" + text + ")").orElse("");
        String text =
                Columns.cut(Texts.oneLine(line.text() + why), terminal.getSize().getColumns() - 3);
        // A per cent sign would begin something that the reader puts there.
        return Style.NOTICE.apply("… ", colours) + text.replace("%", "%%");
    }

    /** Called by several threads; two that draw at once would leave signs where they do not belong. */
    private void showState() {
        if (reader.isReading()) {
            try {
                reader.callWidget(SHOW_STATE);
                return;
            } catch (IllegalStateException e) {
                // It has just ended to read, and draws no more.
            }
        }
        drawStatus();
    }

    private void drawState() {
        drawStatus();
        reader.setPrompt(prompt());
        reader.redisplay();
    }

    private synchronized void drawStatus() {
        Status status = Status.getStatus(terminal, true);
        if (status != null && !closed) {
            status.update(List.of(AttributedString.fromAnsi(chat == null ? "" : where(chat))));
        }
    }

    /** What is too long for the screen is cut at its end, so what matters most stands first. */
    private String where(Chat now) {
        String where = now.open().map(this::where).orElse("no conversation open");
        return " " + link(now) + Style.FAINT.apply(" · " + where, colours);
    }

    private String where(Conversation conversation) {
        ConversationView view = conversation.view();
        String title = titles.of(conversation);
        long unknown =
                view.members().stream().filter(member -> !member.isKnown()).count();
        return Columns.cut(title, TITLE_WIDTH + 1)
                + (unknown == 0 ? "" : " · " + unknown + " not verified")
                + " · "
                + ListText.standing(view);
    }

    private String link(Chat now) {
        if (now.account().link().trouble().isPresent()) {
            return Style.BAD.apply("offline", colours);
        }
        if (now.readingTrouble().isPresent()) {
            return Style.BAD.apply("not reading", colours);
        }
        return now.account().link().isReached()
                ? Style.GOOD.apply("online", colours)
                : Style.FAINT.apply("connecting", colours);
    }

    @Override
    public void close() {
        eraseStatus();
        try {
            terminal.close();
        } catch (IOException e) {
            // The process ends; the shell puts the terminal in order.
        }
    }

    private synchronized void eraseStatus() {
        closed = true;
        Status status = Status.getStatus(terminal, false);
        if (status != null && terminal.getStringCapability(change_scroll_region) != null) {
            status.hide();
            status.close();
        }
    }
}
