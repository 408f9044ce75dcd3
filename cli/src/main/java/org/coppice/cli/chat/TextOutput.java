package org.coppice.cli.chat;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.coppice.cli.Style;
import org.coppice.cli.Texts;
import org.coppice.cli.conversation.HistoryText;
import org.coppice.cli.conversation.ListText;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.MembersText;
import org.coppice.cli.conversation.People;
import org.coppice.cli.conversation.QrText;
import org.coppice.cli.conversation.Settle;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.ConversationView;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.SafetyNumber;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;

/** A chat for a person to read, line by line. */
final class TextOutput implements ChatOutput {
    private static final int HELP_COLUMN = 24;

    private final ClientId self;
    private final boolean colours;
    private final Titles titles;
    private final Consumer<String> lines;
    private final Consumer<String> remarks;

    /**
     * @param lines takes what was said and done, and what was asked for
     * @param remarks takes what is said about that
     */
    TextOutput(ClientId self, boolean colours, Titles titles, Consumer<String> lines, Consumer<String> remarks) {
        this.self = self;
        this.colours = colours;
        this.titles = titles;
        this.lines = lines;
        this.remarks = remarks;
    }

    @Override
    public ChatOutput answering(String ref) {
        return this;
    }

    @Override
    public void entry(Conversation conversation, HistoryEntry entry, boolean foreign) {
        HistoryText text = new HistoryText(self, new People(conversation.members()), colours);
        String title = titles.of(conversation);
        String where = foreign ? Style.VALUE.apply("[" + title + "] ", colours) : "";
        lines.accept(where + text.line(entry));
        if (foreign && entry instanceof HistoryEntry.Joined) {
            note("/open " + title + " goes there");
        }
    }

    @Override
    public void receipt(Conversation conversation, Receipt receipt, Optional<String> ref) {
        switch (receipt.state()) {
            case DONE -> {
                if (!receipt.without().isEmpty()) {
                    remark(Style.NOTICE, "! ", Settle.without(receipt));
                }
            }
            case WAITING -> remark(Style.NOTICE, "… ", "kept, not done yet: " + Settle.why(receipt));
            case REFUSED ->
                problem(
                        "refused: "
                                + Texts.oneLine(receipt.problem()
                                        .map(Receipt.Problem::text)
                                        .orElse("no reason given")),
                        Settle.without(receipt));
        }
    }

    @Override
    public void standing(Conversation conversation, ConversationStatus status, String reason) {
        if (status != ConversationStatus.ACTIVE && !(status == ConversationStatus.REMOVED && hasLeft(conversation))) {
            remark(Style.NOTICE, "! ", titles.of(conversation) + ": " + ListText.status(status, reason));
        }
    }

    /** Whether the person asked to be gone: then the last line says all. */
    private boolean hasLeft(Conversation conversation) {
        return conversation.latest(1).stream()
                .anyMatch(entry -> entry instanceof HistoryEntry.Change change
                        && change.left().contains(self));
    }

    @Override
    public void opened(Conversation conversation) {
        ConversationView view = conversation.view();
        String title = titles.of(conversation);
        remarks.accept(Style.TITLE.apply("── " + title + " ──", colours)
                + Style.FAINT.apply("  " + ListText.standing(view), colours));
    }

    @Override
    public void list(List<Conversation> conversations) {
        if (conversations.isEmpty()) {
            note("no conversation yet: /new NAME begins one");
        }
        ListText.lines(conversations, colours).forEach(lines);
    }

    @Override
    public void members(Conversation conversation) {
        MembersText.lines(conversation.members(), colours).forEach(lines);
    }

    @Override
    public void status(Conversation conversation, Optional<String> link, Optional<String> reading) {
        ConversationView view = conversation.view();
        fact("conversation", titles.of(conversation) + "  " + Lookup.shortId(conversation));
        fact("standing", ListText.standing(view));
        fact("handshakes", view.handshakes().toString().toLowerCase(java.util.Locale.ROOT) + " to the server");
        fact("server", link.map(why -> "no connection: " + why).orElse("connected"));
        reading.ifPresent(why -> fact("reading", "not all: " + why));
        conversation
                .epochAuthenticator()
                .ifPresent(value -> fact("authenticator", value.toHex().substring(0, 32) + "… (equal at all members)"));
    }

    private void fact(String name, String value) {
        lines.accept(Style.FAINT.apply(String.format("%-14s", name), colours) + value);
    }

    @Override
    public void safetyNumber(Conversation conversation, UserName user, SafetyNumber number) {
        note("Compare with " + user + ", on the phone or side by side; there: /verify " + self.user());
        QrText.lines(number.digits()).forEach(lines);
        QrText.digits(number).forEach(line -> lines.accept(Style.STRONG.apply(line, colours)));
        note("The same? /verify " + user + " yes");
    }

    @Override
    public void help(List<ChatVerb> verbs) {
        for (ChatVerb verb : verbs) {
            lines.accept(
                    Style.NAME.apply(String.format("%-" + HELP_COLUMN + "s", verb.usage()), colours) + verb.meaning());
        }
        note("Everything else is sent. ✓ the server has it, " + People.UNKNOWN + " keys not compared yet.");
    }

    @Override
    public void link(Optional<String> trouble) {
        trouble.ifPresentOrElse(
                why -> remark(Style.NOTICE, "! ", "no connection: " + why + "; what you write is kept"),
                () -> remark(Style.GOOD, "✓ ", "connected"));
    }

    @Override
    public void reading(Optional<String> trouble) {
        trouble.ifPresentOrElse(
                why -> remark(Style.BAD, "✗ ", "not all that is new is read: " + why),
                () -> remark(Style.GOOD, "✓ ", "all that is new is read"));
    }

    @Override
    public void done() {
        // It shows.
    }

    @Override
    public void note(String text) {
        remarks.accept(Style.FAINT.apply(text, colours));
    }

    @Override
    public void problem(String text, String hint) {
        remark(Style.BAD, "✗ ", text + (hint.isEmpty() ? "" : Style.FAINT.apply("  (" + hint + ")", colours)));
    }

    private void remark(Style style, String mark, String text) {
        remarks.accept(style.apply(mark, colours) + text);
    }
}
