package org.coppice.cli.conversation;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.coppice.cli.Style;
import org.coppice.cli.Texts;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Payload;
import org.coppice.delivery.api.ClientId;

/** Lines of history for a person to read. Every line stands for itself and holds nothing that a terminal would obey. */
public final class HistoryText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MM-dd HH:mm");
    private static final DateTimeFormatter YEAR = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private final ClientId self;
    private final People people;
    private final boolean colours;
    private final ZoneId zone;
    private final LocalDate today;

    /**
     * @param self who reads
     * @param people the members
     * @param colours whether to colour
     */
    public HistoryText(ClientId self, People people, boolean colours) {
        this(self, people, colours, Clock.systemDefaultZone());
    }

    HistoryText(ClientId self, People people, boolean colours, Clock clock) {
        this.self = self;
        this.people = people;
        this.colours = colours;
        this.zone = clock.getZone();
        this.today = LocalDate.now(clock);
    }

    /** One line. */
    public String line(HistoryEntry entry) {
        if (entry instanceof HistoryEntry.Message message) {
            return message(message);
        }
        if (entry instanceof HistoryEntry.Change change) {
            // The epoch that it led to, which is the one that its readers are in.
            return event(change.place(), what(change), change.place().epoch() + 1);
        }
        if (entry instanceof HistoryEntry.Joined joined) {
            return event(joined.place(), what(joined), joined.place().epoch());
        }
        if (entry instanceof HistoryEntry.TakenBack taken) {
            return time(taken.place())
                    + Style.NOTICE.apply(
                            "! the server took a change back: what was said since may be missing", colours);
        }
        if (entry instanceof HistoryEntry.Unreadable unreadable) {
            return time(unreadable.place())
                    + Style.BAD.apply("! an entry that cannot be read: " + unreadable.rule(), colours);
        }
        throw new AssertionError("a line of history of an unknown kind");
    }

    private String message(HistoryEntry.Message message) {
        boolean own = message.sender().equals(self);
        boolean known = own || people.isKnown(message.sender());
        String name = own ? people.name(message.sender()) : people.marked(message.sender());
        return time(message.place())
                + (own ? Style.STRONG : known ? Style.NAME : Style.NOTICE).apply(name, colours)
                + "  "
                + body(message.payload())
                + (own ? Style.FAINT.apply("  ✓", colours) : "");
    }

    private static String body(Payload payload) {
        return payload.text()
                .map(Texts::oneLine)
                .orElseGet(() -> "[" + Texts.oneLine(payload.contentType()) + ", "
                        + payload.body().length() + " bytes]");
    }

    private String event(HistoryEntry.Place place, String what, long epoch) {
        return time(place)
                + Style.LINE.apply("── ", colours)
                + what
                + Style.FAINT.apply("  · epoch " + Long.toUnsignedString(epoch), colours);
    }

    private String what(HistoryEntry.Change change) {
        List<String> acts = acts(change);
        if (change.left().isEmpty()) {
            return (acts.isEmpty() ? "keys refreshed" : String.join(", ", acts)) + by(change);
        }
        // Who committed it has only carried out what they asked for.
        String left = (change.left().equals(List.of(self)) ? "you" : people.names(change.left())) + " left";
        return acts.isEmpty() ? left : String.join(", ", acts) + by(change) + ", " + left;
    }

    private List<String> acts(HistoryEntry.Change change) {
        List<String> parts = new ArrayList<>();
        if (!change.added().isEmpty()) {
            parts.add(Style.GOOD.apply("+ ", colours) + people.names(change.added()));
        }
        if (!change.removed().isEmpty()) {
            parts.add(Style.BAD.apply("− ", colours) + people.names(change.removed()));
        }
        if (!change.rejoined().isEmpty()) {
            parts.add("back: " + people.names(change.rejoined()));
        }
        if (!change.newKeys().isEmpty()) {
            parts.add(Style.NOTICE.apply("new keys: ", colours) + people.names(change.newKeys()));
        }
        change.renamed().ifPresent(name -> parts.add("now called " + Texts.oneLine(name)));
        return parts;
    }

    private String by(HistoryEntry.Change change) {
        boolean alone = change.newKeys().equals(List.of(change.actor()))
                && change.added().isEmpty();
        return alone ? "" : "  by " + (change.actor().equals(self) ? "you" : people.name(change.actor()));
    }

    private String what(HistoryEntry.Joined joined) {
        return switch (joined.how()) {
            case CREATED -> "you began this conversation";
            case ADDED -> "you were added";
            case REJOINED ->
                "you are back" + (joined.missedFrom() == 0 ? "" : ", without what was said meanwhile")
                        + newKeys(joined);
        };
    }

    /** The server brought them: a person is to compare them. */
    private String newKeys(HistoryEntry.Joined joined) {
        if (joined.newKeys().isEmpty()) {
            return "";
        }
        List<String> names = joined.newKeys().stream()
                .map(client ->
                        people.name(client) + (joined.comparedBefore().contains(client) ? " (was verified)" : ""))
                .distinct()
                .toList();
        return "; " + Style.NOTICE.apply("keys you did not know: ", colours) + String.join(", ", names)
                + (joined.comparedBefore().isEmpty() ? "" : ", compare again");
    }

    private String time(HistoryEntry.Place place) {
        var when = Instant.ofEpochMilli(place.timeMillis()).atZone(zone);
        LocalDate day = when.toLocalDate();
        DateTimeFormatter format = day.equals(today) ? TIME : day.getYear() == today.getYear() ? DAY : YEAR;
        return Style.FAINT.apply(when.format(format) + "  ", colours);
    }
}
