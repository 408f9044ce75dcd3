package org.coppice.cli.chat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Texts;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.Failures;
import org.coppice.cli.conversation.Changes;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.BackgroundSync;
import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;

/** A person, or a program, at a client: what is typed becomes messages and changes, what happens is told. */
final class Chat {
    private static final int PAGE = 500;
    private static final int DEFAULT_HISTORY = 20;
    private static final Duration LEAVING = Duration.ofMillis(500);
    private static final Work NOTHING = () -> {};

    private final Account account;
    private final ChatOutput output;
    private final boolean onlyOpen;
    private final Refs refs = new Refs(this::told);
    private final Waiting waiting = new Waiting();
    private final Comparison comparison = new Comparison();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    private volatile Optional<Conversation> open = Optional.empty();
    private volatile boolean ended;
    private volatile boolean refused;
    private volatile Optional<Runnable> view = Optional.empty();
    private volatile Optional<BackgroundSync> reading = Optional.empty();
    private boolean wasReadingTrouble;

    /** @param onlyOpen whether to keep silent about other conversations than the one that is open */
    Chat(Account account, ChatOutput output, boolean onlyOpen) {
        this.account = account;
        this.output = output;
        this.onlyOpen = onlyOpen;
    }

    Account account() {
        return account;
    }

    /** The conversation that is open. */
    Optional<Conversation> open() {
        return open;
    }

    /** What was asked for and is not done yet. */
    Waiting waiting() {
        return waiting;
    }

    /** From now on a view shows what waits and how it stands, and is told to look; the output is told no more that something waits. */
    void showOn(Runnable newView) {
        view = Optional.of(newView);
    }

    /** Whether the person wants to go. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether something that was asked for cannot be done. */
    boolean wasRefused() {
        return refused;
    }

    /** Goes to a conversation, and tells its last lines. */
    void open(Conversation conversation, int lines) {
        open(conversation, lines, output);
    }

    private void open(Conversation conversation, int lines, ChatOutput answers) {
        open = Optional.of(conversation);
        answers.opened(conversation);
        tell(conversation, conversation.latest(lines), answers);
    }

    /** Goes to a conversation, and tells all lines after an entry. */
    void openAfter(Conversation conversation, long after) {
        open = Optional.of(conversation);
        output.opened(conversation);
        List<HistoryEntry> page = conversation.history(after, PAGE);
        while (!page.isEmpty()) {
            tell(conversation, page, output);
            page = conversation.history(page.get(page.size() - 1).place().seq(), PAGE);
        }
    }

    private static void tell(Conversation conversation, List<HistoryEntry> entries, ChatOutput answers) {
        entries.forEach(entry -> answers.entry(conversation, entry, false));
    }

    /** Tells what happens from now on. */
    void listen() {
        account.client().listen(this::happened);
        account.link().watch(output::link);
    }

    /** Tells from now on if {@code sync} does not come to an end with what is new. */
    void follow(BackgroundSync sync) {
        reading = Optional.of(sync);
    }

    /** Why not all that is new is read although the server answers; empty if it is, or there is no connection. */
    Optional<String> readingTrouble() {
        return account.link().trouble().isPresent()
                ? Optional.empty()
                : reading.flatMap(BackgroundSync::trouble)
                        .filter(trouble -> !(trouble instanceof IOException))
                        .map(trouble -> Failures.of(trouble, account.server(), account.id())
                                .getMessage());
    }

    /** Tells if that has changed: neither the loop that reads nor the connection tells all by itself. */
    void look() {
        Optional<String> now = readingTrouble();
        if (now.isPresent() != wasReadingTrouble) {
            wasReadingTrouble = now.isPresent();
            output.reading(now);
        }
        view.ifPresent(Runnable::run);
    }

    /** Tells if the server has given no answer, not even a bad one, since this began. */
    void tellIfNotReached() {
        if (!account.link().isReached() && account.link().trouble().isEmpty()) {
            output.note("no answer of " + account.server() + " yet, still trying; what you write is kept");
        }
    }

    /** Something came through: what is new is looked at now, and not at the end of a pause. */
    private void wake() {
        reading.filter(sync -> sync.trouble().isPresent()).ifPresent(BackgroundSync::wake);
    }

    private void happened(ClientEvent event) {
        if (event instanceof ClientEvent.RecordsLost lost) {
            output.note("records of this account could not be read any more and were given up: " + lost.count() + " of "
                    + lost.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            return;
        }
        account.warning(event).ifPresent(this::warn);
        Optional<Conversation> found = account.client().conversation(event.groupId());
        if (found.isEmpty()) {
            return;
        }
        Conversation conversation = found.get();
        if (event instanceof ClientEvent.Added added && opensBy(added.entry())) {
            begun(conversation);
        }
        boolean foreign = !open.equals(found);
        if (event instanceof ClientEvent.Settled settled) {
            refs.settled(conversation, settled.receipt());
        } else if (foreign && onlyOpen) {
            return;
        } else if (event instanceof ClientEvent.Added added) {
            output.entry(conversation, added.entry(), foreign);
        } else if (event instanceof ClientEvent.StatusChanged changed) {
            output.standing(conversation, changed.status(), changed.reason());
        } else if (event instanceof ClientEvent.MessagesMissing missing) {
            output.note(missing.count() + (missing.count() == 1 ? " message" : " messages") + " of "
                    + missing.sender().user() + " in " + Lookup.title(conversation)
                    + " never came: held back, or refused by the server");
        }
    }

    /** Each look at the server finds the same again. */
    private void warn(String text) {
        if (warned.add(text)) {
            output.problem(text, "");
        }
    }

    /** What the person began is opened at once; what others began, if nothing is open. */
    private boolean opensBy(HistoryEntry entry) {
        return entry instanceof HistoryEntry.Joined joined
                && !onlyOpen
                && (open.isEmpty() || joined.how() == HistoryEntry.Joined.Way.CREATED);
    }

    private synchronized void begun(Conversation conversation) {
        if (!open.equals(Optional.of(conversation))) {
            open = Optional.of(conversation);
            output.opened(conversation);
        }
    }

    private void told(Conversation conversation, Receipt receipt, Optional<String> ref) {
        if (receipt.state() == Receipt.State.REFUSED) {
            refused = true;
        }
        boolean waits = waiting.told(conversation, receipt);
        if (!waits || view.isEmpty()) {
            output.receipt(conversation, receipt, ref);
        }
        view.ifPresent(Runnable::run);
    }

    /** Takes a line that was typed: a command after a slash, otherwise something to say; two slashes say one. */
    void take(String line) {
        accept(line).rest().run();
    }

    /**
     * Takes a line that was typed, as far as that can be without the server's answer: what is said is in the store afterwards, and what is
     * open is what the line asks for.
     */
    Errand accept(String line) {
        boolean isSaid = line.startsWith("//") || !line.startsWith("/");
        AtomicReference<Work> rest = new AtomicReference<>(NOTHING);
        Asker person = new Asker(line.strip(), Optional.empty(), output);
        attempt(person, () -> {
            if (line.isBlank()) {
                wake();
            } else if (isSaid) {
                rest.set(say(current(), line.startsWith("//") ? line.substring(1) : line));
            } else {
                rest.set(obey(line.substring(1).strip(), person));
            }
        });
        return new Errand(line, isSaid || rest.get() == NOTHING, () -> attempt(person, rest.get()));
    }

    /**
     * What is left to do of a line.
     *
     * @param isKept whether nothing is lost if it is never done in this process
     * @param rest does it, and takes as long as the server does
     */
    record Errand(String line, boolean isKept, Runnable rest) {}

    private interface Work {
        void run() throws DeliveryException, IOException;
    }

    /**
     * Who asks for something.
     *
     * @param words what was typed
     * @param ref what it is called by a program that wants to know it again in the answers
     * @param answers where those go
     */
    private record Asker(String words, Optional<String> ref, ChatOutput answers) {}

    /** Does what a program asks for, and waits for the server to have done it. */
    void take(Request request) {
        Asker program = new Asker(
                request.words(),
                request.ref(),
                request.ref().map(output::answering).orElse(output));
        attempt(program, () -> {
            Optional<Conversation> other = request.group().map(this::find);
            if (request.isText()) {
                Conversation conversation = other.orElseGet(this::current);
                settle(conversation, program, () -> conversation.send(request.words()));
                return;
            }
            other.ifPresent(conversation -> open(conversation, 0, program.answers()));
            Work rest = obey(request.words(), program);
            rest.run();
            if (rest == NOTHING) {
                program.answers().done();
            }
        });
    }

    /** Tells that something cannot be done. */
    void refuse(CommandFailure why, Optional<String> ref) {
        refuse(why, ref.map(output::answering).orElse(output));
    }

    private void refuse(CommandFailure why, ChatOutput answers) {
        refused = true;
        answers.problem(why.getMessage(), why.hint());
    }

    /** Does something, and tells why if it cannot be done. */
    private void attempt(Asker asker, Work work) {
        try {
            work.run();
        } catch (CommandFailure e) {
            refuse(e, asker.answers());
        } catch (DeliveryException e) {
            refuse(Failures.of(e, account.server()), asker.answers());
        } catch (IOException e) {
            CommandFailure failure = Failures.unreachable(account.server(), e);
            asker.answers().problem(failure.getMessage(), failure.hint());
        } catch (StoreException e) {
            refuse(Failures.of(e, account.id()), asker.answers());
        }
    }

    private Work say(Conversation conversation, String text) {
        Receipt kept = conversation.enqueue(text);
        waiting.add(conversation, kept, text);
        view.ifPresent(Runnable::run);
        return () -> tellIfSilent(conversation, conversation.settle(kept), Optional.empty());
    }

    private void settle(Conversation conversation, Asker asker, Supplier<Receipt> asks) {
        Receipt receipt = refs.ask(conversation, asker.ref(), asks);
        waiting.add(conversation, receipt, asker.words());
        tellIfSilent(conversation, receipt, asker.ref());
    }

    /** What is done or refused is told by its event; but for a client that is no member there is none. */
    private void tellIfSilent(Conversation conversation, Receipt receipt, Optional<String> ref) {
        if (receipt.isDone()) {
            wake();
        }
        boolean hasEvent = receipt.state() != Receipt.State.WAITING && receipt.number() != 0;
        if (!hasEvent) {
            told(conversation, receipt, ref);
        }
    }

    private Conversation current() {
        return open.orElseThrow(
                () -> CommandFailure.input("no conversation is open", "/new NAME begins one, /list shows yours"));
    }

    private Conversation find(String name) {
        if (Lookup.named(account.client(), name).isEmpty()) {
            throw CommandFailure.input("no conversation " + Lookup.quoted(name), "/list shows yours");
        }
        return Lookup.find(account.client(), name);
    }

    private Work obey(String line, Asker asker) {
        ChatOutput answers = asker.answers();
        String[] words = line.split("\\s+", 2);
        String rest = words.length > 1 ? words[1].strip() : "";
        ChatVerb verb = ChatVerb.of(words[0])
                .orElseThrow(() -> CommandFailure.usage("no such command: /" + words[0], "/help lists them"));
        if (verb.standsAlone() && !rest.isEmpty()) {
            throw CommandFailure.usage(
                    "/" + verb.word() + " takes nothing after it: " + Texts.oneLine(rest), verb.usage());
        }
        switch (verb) {
            case HELP -> answers.help(List.of(ChatVerb.values()));
            case LIST -> answers.list(Lookup.sorted(account.client()));
            case OPEN -> open(find(needed(verb, rest)), DEFAULT_HISTORY, answers);
            case MEMBERS -> answers.members(current());
            case VERIFY -> comparison.obey(names(verb, rest), current(), answers);
            case HISTORY -> tell(current(), current().latest(count(rest)), answers);
            case STATUS -> answers.status(current(), account.link().trouble(), readingTrouble());
            case QUIT -> ended = true;
            case NEW -> {
                return begin(needed(verb, rest), asker);
            }
            default -> {
                return change(verb, rest, current(), asker);
            }
        }
        return NOTHING;
    }

    private Work change(ChatVerb verb, String rest, Conversation here, Asker asker) {
        return switch (verb) {
            case INVITE -> invite(here, names(verb, rest), asker);
            case REMOVE -> {
                List<String> names = names(verb, rest);
                yield () -> settle(here, asker, () -> Changes.remove(here, names, "/members lists them"));
            }
            case RENAME -> {
                String name = needed(verb, rest);
                yield () -> settle(here, asker, () -> Changes.rename(here, name));
            }
            case REFRESH -> () -> settle(here, asker, here::refresh);
            case REJOIN ->
                () -> {
                    account.client().rejoin(here.id());
                    asker.answers().done();
                };
            case LEAVE -> () -> settle(here, asker, () -> Changes.leave(here, LEAVING));
            default -> throw new AssertionError(verb);
        };
    }

    private Work invite(Conversation conversation, List<String> names, Asker asker) {
        return () -> settle(conversation, asker, () -> Changes.invite(account.client(), conversation, names));
    }

    private static String needed(ChatVerb verb, String rest) {
        if (rest.isEmpty()) {
            throw CommandFailure.usage("something is missing", verb.usage());
        }
        return rest;
    }

    private static List<String> names(ChatVerb verb, String rest) {
        return List.of(needed(verb, rest).split("[\\s,]+"));
    }

    private static int count(String text) {
        if (text.isEmpty()) {
            return DEFAULT_HISTORY;
        }
        try {
            return Math.max(1, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("no number of lines: " + text, ChatVerb.HISTORY.usage());
        }
    }

    private Work begin(String rest, Asker asker) {
        String[] words = rest.split("\\s+");
        if (!Lookup.named(account.client(), words[0]).isEmpty()) {
            throw CommandFailure.input("there is a conversation " + words[0] + " already", "/open " + words[0]);
        }
        List<String> invited = List.of(words).subList(1, words.length);
        Changes.requireKnown(account.client(), invited);
        Conversation conversation = account.client().createConversation(Changes.named(words[0]));
        begun(conversation);
        return invited.isEmpty() ? NOTHING : invite(conversation, invited, asker);
    }
}
