package org.coppice.client.engine;

import java.io.IOException;
import java.util.Optional;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.Group;

/** Sends what is on its way, and settles what the service answers. */
final class Courier {
    /** A Commit always ends a race for somebody; a message that never fits an epoch points to a fault. */
    private static final int MAX_MESSAGE_LOSSES = 50;

    private final Account account;
    private final Connection connection;
    private final LogReader reader;
    private final Recovery recovery;
    private final Departure departure;
    private final Turns turns;

    Courier(
            Account account,
            Connection connection,
            LogReader reader,
            Recovery recovery,
            Departure departure,
            Turns turns) {
        this.account = account;
        this.connection = connection;
        this.reader = reader;
        this.recovery = recovery;
        this.departure = departure;
        this.turns = turns;
    }

    /**
     * Sends what is on its way and takes the answer; the log has to be read then.
     *
     * @return for how many milliseconds at most to wait before anything is made anew; 0 unless a race was lost
     */
    long deliver(Bytes groupId, Outgoing outgoing) throws DeliveryException, IOException {
        Appended appended;
        try {
            appended = send(outgoing);
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            return refused(groupId, outgoing, e);
        }
        accepted(groupId, outgoing, appended);
        return 0;
    }

    private Appended send(Outgoing outgoing) throws DeliveryException, IOException {
        Outgoing.Body body = outgoing.body();
        return connection.ask(session -> {
            if (body instanceof Outgoing.Creation creation) {
                return session.createGroup(
                        outgoing.request(), creation.groupInfo(), creation.ratchetTree(), creation.settings());
            }
            if (body instanceof Outgoing.OwnCommit commit) {
                return session.commit(outgoing.request(), commit.bundle());
            }
            if (body instanceof Outgoing.Rejoin commit) {
                return session.commit(outgoing.request(), commit.bundle());
            }
            return session.send(outgoing.request(), ((Outgoing.Single) body).message());
        });
    }

    private void accepted(Bytes groupId, Outgoing outgoing, Appended appended) throws DeliveryException, IOException {
        if (outgoing.body() instanceof Outgoing.Rejoin) {
            recovery.enter(groupId, outgoing, appended.seq());
            return;
        }
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            if (outgoing.body() instanceof Outgoing.Creation) {
                created(unit, state, appended);
            } else if (appended.seq() <= state.cursor || state.status != ConversationStatus.ACTIVE) {
                // The log was read past it, or will not be read there: nothing else will end it.
                HistoryEntry.Place place = new HistoryEntry.Place(appended.seq(), account.now(), outgoing.epoch());
                Outgoing.drop(unit, groupId);
                reader.finishMessage(unit, state, outgoing, place);
            } else {
                // The log will show it, and then it ends.
                if (!appended.unroutedWelcomes().isEmpty()) {
                    outgoing.noteUnrouted(unit, groupId, appended.unroutedWelcomes());
                    unit.commit();
                }
                return;
            }
            state.save(unit);
            unit.commit();
        }
    }

    private void created(Unit unit, ConversationState state, Appended appended) {
        Outgoing.drop(unit, state.groupId);
        state.cursor = appended.seq();
        state.become(unit, ConversationStatus.ACTIVE, "");
        History.add(
                unit,
                state.groupId,
                new HistoryEntry.Joined(
                        new HistoryEntry.Place(appended.seq(), account.now(), 0), HistoryEntry.Joined.Way.CREATED, 0));
    }

    private long refused(Bytes groupId, Outgoing outgoing, DeliveryException e) {
        long pause = 0;
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            boolean stale = e.kind() == ProblemKind.STALE_EPOCH;
            if (outgoing.body() instanceof Outgoing.Rejoin) {
                recovery.drop(unit, state);
                if (!stale) {
                    state.rejoins = Integer.MAX_VALUE;
                    state.become(unit, ConversationStatus.STUCK, "cannot come back: " + e.getMessage());
                }
            } else {
                Outgoing.drop(unit, groupId);
                if (outgoing.body() instanceof Outgoing.Creation) {
                    departure.leave(unit, state, "the service refused the conversation: " + e.getMessage());
                } else {
                    int losses = lost(unit, state, outgoing, stale, e);
                    pause = losses > 0 ? turns.retry(groupId, losses) : 0;
                }
            }
            state.save(unit);
            unit.commit();
            return pause;
        }
    }

    /** Gives the bytes up; the wish stays if only the race was lost. How often it has lost one. */
    private int lost(Unit unit, ConversationState state, Outgoing outgoing, boolean stale, DeliveryException e) {
        if (outgoing.body() instanceof Outgoing.OwnCommit && state.status == ConversationStatus.ACTIVE) {
            Group group = account.groups().get(unit, state.groupId);
            group.clearPendingCommits();
        }
        Optional<Wishes.Queued> queued = Wishes.find(unit, state.groupId, outgoing.wish());
        if (queued.isEmpty()) {
            if (!stale) {
                state.commitAt = state.commitAt == 0 ? 0 : Long.MAX_VALUE;
            }
            return stale ? 1 : 0;
        }
        if (stale && !(queued.get().wish() instanceof Wish.Send && queued.get().losses() >= MAX_MESSAGE_LOSSES)) {
            Wishes.Queued again = new Wishes.Queued(
                    queued.get().number(),
                    queued.get().losses() + 1,
                    queued.get().wish());
            Wishes.put(unit, state.groupId, again);
            return again.losses();
        }
        Wishes.refuse(unit, state.groupId, queued.get(), Receipt.Kind.REFUSED_BY_SERVICE, e.getMessage());
        return 0;
    }
}
