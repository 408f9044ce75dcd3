package org.coppice.client.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.coppice.client.model.ConversationStatus;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;

/** Reads the log of a conversation up to its end, a page and a unit of work at a time. */
final class Follower {
    private static final int PAGE = 128;

    private final Account account;
    private final Connection connection;
    private final LogReader reader;
    private final Recovery recovery;
    private final Forks forks;
    private final Departure departure;

    Follower(
            Account account,
            Connection connection,
            LogReader reader,
            Recovery recovery,
            Forks forks,
            Departure departure) {
        this.account = account;
        this.connection = connection;
        this.reader = reader;
        this.recovery = recovery;
        this.forks = forks;
        this.departure = departure;
    }

    /** Takes in all that is new, as far as the conversation can be followed. */
    void catchUp(Bytes groupId) throws DeliveryException, IOException {
        follow(groupId);
        forks.check(groupId);
    }

    private void follow(Bytes groupId) throws DeliveryException, IOException {
        while (true) {
            long cursor;
            Optional<LogReader.Early> due;
            try (Unit unit = account.begin()) {
                ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
                cursor = state.cursor;
                due = reader.due(unit, state);
            }
            if (due.isPresent()) {
                recall(groupId, due.get());
                continue;
            }
            LogPage page;
            try {
                page = connection.ask(session -> session.read(groupId, cursor, PAGE, Duration.ZERO));
            } catch (DeliveryException e) {
                unreadableLog(groupId, cursor, e);
                return;
            }
            Taken taken = page.entries().isEmpty() ? Taken.TO_THE_END : take(groupId, page);
            if (taken == Taken.UP_TO_WHAT_IS_DUE) {
                continue;
            }
            if (taken == Taken.STOPPED || page.entries().isEmpty() || page.head() <= last(page)) {
                return;
            }
            if (last(page) <= cursor) {
                throw Problems.noProgress("the log has more, but only shows what was read before");
            }
        }
    }

    private static long last(LogPage page) {
        return page.entries().get(page.entries().size() - 1).seq();
    }

    private void unreadableLog(Bytes groupId, long cursor, DeliveryException e) throws DeliveryException {
        if (Problems.isTemporary(e)) {
            throw e;
        }
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            if (e.kind() == ProblemKind.UNKNOWN_GROUP) {
                departure.leave(unit, state, "the service does not know this conversation");
            } else {
                recovery.stuck(unit, state, cursor + 1, e.kind().name());
            }
            state.save(unit);
            unit.commit();
        }
    }

    /** Takes in what came too early, from where it is in the log. */
    private void recall(Bytes groupId, LogReader.Early early) throws DeliveryException, IOException {
        Optional<LogEntry> shown = early.entry();
        if (shown.isEmpty()) {
            shown = shown(groupId, early.seq());
        }
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            if (state.status == ConversationStatus.ACTIVE) {
                reader.recall(unit, state, early, shown);
                state.save(unit);
                unit.commit();
            }
        }
    }

    /** One entry of the log; empty if the service shows it no more. */
    private Optional<LogEntry> shown(Bytes groupId, long seq) throws DeliveryException, IOException {
        try {
            LogPage page = connection.ask(session -> session.read(groupId, seq - 1, 1, Duration.ZERO));
            return page.entries().stream().filter(entry -> entry.seq() == seq).findFirst();
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** How far a page was taken in. */
    private enum Taken {
        TO_THE_END,
        /** A Commit began the epoch of an entry that came before it: that one is next, as its keys may not outlast the page. */
        UP_TO_WHAT_IS_DUE,
        /** The conversation cannot be followed further. */
        STOPPED
    }

    private Taken take(Bytes groupId, LogPage page) {
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            Taken taken = Taken.TO_THE_END;
            for (LogEntry entry : page.entries()) {
                if (state.status == ConversationStatus.ACTIVE) {
                    reader.read(unit, state, entry);
                    if (entry.kind() == EntryKind.COMMIT
                            && reader.due(unit, state).isPresent()) {
                        taken = Taken.UP_TO_WHAT_IS_DUE;
                        break;
                    }
                } else if (state.status == ConversationStatus.STUCK) {
                    reader.readStuck(unit, state, entry);
                }
            }
            state.save(unit);
            unit.commit();
            return state.status == ConversationStatus.ACTIVE ? taken : Taken.STOPPED;
        }
    }
}
