package org.coppice.client.engine;

import java.io.IOException;
import java.time.Duration;
import org.coppice.client.model.ConversationStatus;
import org.coppice.delivery.api.DeliveryException;
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
            try (Unit unit = account.begin()) {
                cursor = ConversationState.find(unit, groupId).orElseThrow().cursor;
            }
            LogPage page;
            try {
                page = connection.ask(session -> session.read(groupId, cursor, PAGE, Duration.ZERO));
            } catch (DeliveryException e) {
                unreadableLog(groupId, cursor, e);
                return;
            }
            if (page.entries().isEmpty() || !take(groupId, page) || page.head() <= last(page)) {
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

    /** Takes a page in; false if the conversation cannot be followed further. */
    private boolean take(Bytes groupId, LogPage page) {
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            for (LogEntry entry : page.entries()) {
                if (state.status == ConversationStatus.ACTIVE) {
                    reader.read(unit, state, entry);
                } else if (state.status == ConversationStatus.STUCK) {
                    reader.readStuck(unit, state, entry);
                }
            }
            state.save(unit);
            unit.commit();
            return state.status == ConversationStatus.ACTIVE;
        }
    }
}
