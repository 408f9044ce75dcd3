package org.coppice.cli.chat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.Failures;
import org.coppice.cli.conversation.Changes;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.Texts;
import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Payload;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.SafetyNumber;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;

/** A person, or a program, at a client: what is typed becomes messages and changes, what happens is told. */
final class Chat {
    private static final int PAGE = 500;
    private static final int DEFAULT_HISTORY = 20;
    private static final Duration LEAVING = Duration.ofMillis(500);
    private static final Work NOTHING = () -> {};

    private final Account account;
    private final ChatOutput output;
    private final boolean onlyOpen;
    /** What programs call their messages that are not settled yet. */
    private final Map<MessageId, String> refs = new ConcurrentHashMap<>();

    private volatile Optional<Conversation> open = Optional.empty();
    private volatile boolean ended;
    private volatile boolean refused;
    /** The digits that the person has seen. */
    private final Map<Compared, SafetyNumber> shown = new ConcurrentHashMap<>();

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
        open = Optional.of(conversation);
        output.opened(conversation);
        tell(conversation, conversation.latest(lines));
    }

    /** Goes to a conversation, and tells all lines after an entry. */
    void openAfter(Conversation conversation, long after) {
        open = Optional.of(conversation);
        output.opened(conversation);
        List<HistoryEntry> page = conversation.history(after, PAGE);
        while (!page.isEmpty()) {
            tell(conversation, page);
            page = conversation.history(page.get(page.size() - 1).place().seq(), PAGE);
        }
    }

    private void tell(Conversation conversation, List<HistoryEntry> entries) {
        entries.forEach(entry -> output.entry(conversation, entry, false));
    }

    /** Tells what happens from now on. */
    void listen() {
        account.client().listen(this::happened);
        account.link().watch(output::link);
    }

    private void happened(ClientEvent event) {
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
            told(conversation, settled.receipt());
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

    private void told(Conversation conversation, Receipt receipt) {
        if (receipt.state() == Receipt.State.REFUSED) {
            refused = true;
        }
        Optional<String> ref = receipt.messageId().map(refs::get);
        if (receipt.state() != Receipt.State.WAITING) {
            receipt.messageId().ifPresent(refs::remove);
        }
        output.receipt(conversation, receipt, ref);
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
        attempt(() -> {
            if (isSaid) {
                rest.set(line.isBlank() ? NOTHING : say(current(), line.startsWith("//") ? line.substring(1) : line));
            } else {
                rest.set(obey(line.substring(1).strip()));
            }
        });
        return new Errand(line, isSaid || rest.get() == NOTHING, () -> attempt(rest.get()));
    }

    /**
     * What is left to do of a line.
     *
     * @param isKept whether nothing is lost if it is never done in this process
     * @param rest does it, and takes as long as the server does
     */
    record Errand(String line, boolean isKept, Runnable rest) {}

    interface Work {
        void run() throws DeliveryException, IOException;
    }

    /** Does something, and tells why if it cannot be done. */
    void attempt(Work work) {
        try {
            work.run();
        } catch (CommandFailure e) {
            refused = true;
            output.problem(e.getMessage(), e.hint());
        } catch (DeliveryException e) {
            refused = true;
            output.problem(Failures.of(e, account.server()).getMessage(), "");
        } catch (IOException e) {
            output.problem(Failures.unreachable(account.server(), e).getMessage(), "");
        } catch (StoreException e) {
            refused = true;
            output.problem(Failures.of(e, account.id()).getMessage(), "");
        }
    }

    /**
     * Says something, and waits for the server to have it.
     *
     * @param other where, if not in the conversation that is open
     * @param ref what its receipts shall repeat
     */
    void say(Optional<Conversation> other, String text, Optional<String> ref) {
        attempt(() -> {
            Conversation conversation = other.orElseGet(this::current);
            MessageId id = MessageId.random(Randomness.system());
            ref.ifPresent(value -> refs.put(id, value));
            settle(conversation, conversation.send(Payload.text(id, System.currentTimeMillis(), text)));
        });
    }

    private Work say(Conversation conversation, String text) {
        Receipt kept = conversation.enqueue(text);
        return () -> settle(conversation, conversation.settle(kept));
    }

    /** What is done or refused is told by its event; but for a client that is no member there is none. */
    private void settle(Conversation conversation, Receipt receipt) {
        boolean hasEvent = receipt.state() != Receipt.State.WAITING && receipt.number() != 0;
        if (!hasEvent) {
            told(conversation, receipt);
        }
    }

    private Conversation current() {
        return open.orElseThrow(
                () -> CommandFailure.input("no conversation is open", "/new NAME begins one, /list shows yours"));
    }

    private Work obey(String line) {
        String[] words = line.split("\\s+", 2);
        String rest = words.length > 1 ? words[1].strip() : "";
        ChatVerb verb = ChatVerb.of(words[0])
                .orElseThrow(() -> CommandFailure.usage("no such command: /" + words[0], "/help lists them"));
        if (verb.standsAlone() && !rest.isEmpty()) {
            throw CommandFailure.usage(
                    "/" + verb.word() + " takes nothing after it: " + Texts.oneLine(rest), verb.usage());
        }
        switch (verb) {
            case HELP -> output.help(List.of(ChatVerb.values()));
            case LIST -> output.list(Lookup.sorted(account.client()));
            case OPEN -> open(Lookup.find(account.client(), needed(verb, rest)), DEFAULT_HISTORY);
            case MEMBERS -> output.members(current());
            case VERIFY -> verify(names(verb, rest));
            case HISTORY -> tell(current(), current().latest(count(rest)));
            case STATUS -> output.status(current(), account.link().trouble());
            case QUIT -> ended = true;
            case NEW -> {
                return begin(needed(verb, rest));
            }
            default -> {
                return change(verb, rest, current());
            }
        }
        return NOTHING;
    }

    private Work change(ChatVerb verb, String rest, Conversation here) {
        return switch (verb) {
            case INVITE -> invite(here, names(verb, rest));
            case REMOVE -> {
                List<String> names = names(verb, rest);
                yield () -> settle(here, Changes.remove(here, names));
            }
            case RENAME -> {
                String name = needed(verb, rest);
                yield () -> settle(here, Changes.rename(here, name));
            }
            case REFRESH -> () -> settle(here, here.refresh());
            case REJOIN -> () -> account.client().rejoin(here.id());
            case LEAVE -> () -> settle(here, Changes.leave(here, LEAVING));
            default -> throw new AssertionError(verb);
        };
    }

    private Work invite(Conversation conversation, List<String> names) {
        return () -> settle(conversation, Changes.invite(account.client(), conversation, names));
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

    private Work begin(String rest) {
        String[] words = rest.split("\\s+");
        if (!Lookup.named(account.client(), words[0]).isEmpty()) {
            throw CommandFailure.input("there is a conversation " + words[0] + " already", "/open " + words[0]);
        }
        List<String> invited = List.of(words).subList(1, words.length);
        Changes.requireKnown(account.client(), invited);
        Conversation conversation = account.client().createConversation(Changes.named(words[0]));
        begun(conversation);
        return invited.isEmpty() ? NOTHING : invite(conversation, invited);
    }

    /** Whose digits were shown where. */
    private record Compared(Bytes groupId, UserName user) {}

    /** Notes what was shown, and nothing that came since. */
    private void confirm(Conversation conversation, UserName user) {
        SafetyNumber compared = shown.get(new Compared(conversation.id(), user));
        if (compared == null) {
            throw CommandFailure.usage("nothing was compared yet", "/verify " + user + " shows what to compare");
        }
        try {
            conversation.verify(user, compared);
        } catch (KeysChangedException e) {
            shown.remove(new Compared(conversation.id(), user));
            throw CommandFailure.input(
                    "the keys of " + user + " have changed since: compare again",
                    "/verify " + user + " shows what to compare");
        }
    }

    private void verify(List<String> words) {
        UserName user = Lookup.user(words.get(0));
        Conversation conversation = current();
        if (conversation.members().stream()
                .noneMatch(member -> member.client().user().equals(user))) {
            throw CommandFailure.input(user + " is no member here", "/members lists them");
        }
        if (words.size() == 1) {
            SafetyNumber number = conversation.safetyNumber(user);
            shown.put(new Compared(conversation.id(), user), number);
            output.safetyNumber(conversation, user, number);
        } else if (words.get(1).equals("yes")) {
            confirm(conversation, user);
            output.note("the keys of " + user + " are verified; a new key or device will be marked again");
        } else if (words.get(1).equals("no")) {
            conversation.unverify(user);
            output.note("the keys of " + user + " are not verified any more");
        } else {
            throw CommandFailure.usage("yes or no, not " + words.get(1), ChatVerb.VERIFY.usage());
        }
    }
}
