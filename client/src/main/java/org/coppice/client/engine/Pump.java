package org.coppice.client.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.group.Group;

/**
 * Drives conversations: reads their logs, sends what is on its way, makes what is wished, until there is nothing to do or the service
 * does not answer. One thread at a time drives one conversation; the network is used outside of units of work.
 */
final class Pump {
    private static final int PAGE = 128;
    private static final int MAX_ROUNDS = 100_000;
    /** A Commit always ends a race for somebody; a message that never fits an epoch points to a fault. */
    private static final int MAX_MESSAGE_LOSSES = 50;

    private static final int MAX_REJOINS = 32;

    private final Account account;
    private final Connection connection;
    private final Maker maker;
    private final LogReader reader;
    private final Recovery recovery;
    private final Departure departure;
    private final Turns turns;
    private final Map<Bytes, Helm> helms = new ConcurrentHashMap<>();
    /** Conversations whose log was read up to its end in this process, with nothing of unknown outcome since. */
    private final Set<Bytes> settled = ConcurrentHashMap.newKeySet();

    Pump(Account account, Connection connection) {
        this.account = account;
        this.connection = connection;
        this.turns = new Turns(account.environment());
        this.maker = new Maker(account);
        this.departure = new Departure(account);
        this.recovery = new Recovery(account, connection, departure);
        this.reader = new LogReader(account, maker, recovery, departure, turns);
    }

    /**
     * Reads what is new in a conversation's log, and does what is wished in it. While another thread waits for a turn to commit, it only
     * reads: that one does the rest.
     *
     * @param read whether there may be something new in the log; else only what is wished is done
     * @throws DeliveryException if the service cannot answer now; everything is kept for later
     * @throws IOException if the service cannot be reached; everything is kept for later
     */
    void run(Bytes groupId, boolean read) throws DeliveryException, IOException {
        run(groupId, read, false);
    }

    /**
     * Does what is wished in a conversation, and waits for it while another thread does so.
     *
     * @throws DeliveryException if the service cannot answer now; everything is kept for later
     * @throws IOException if the service cannot be reached; everything is kept for later
     */
    void fulfil(Bytes groupId) throws DeliveryException, IOException {
        run(groupId, false, true);
    }

    private void run(Bytes groupId, boolean read, boolean wishes) throws DeliveryException, IOException {
        Helm helm = helm(groupId);
        if (!helm.take()) {
            // A listener that asks for more while it is told: the rounds that are under way will see to it.
            return;
        }
        try {
            if (rounds(groupId, helm, read || !settled.remove(groupId), wishes)) {
                settled.add(groupId);
            }
        } finally {
            helm.leave();
        }
    }

    private Helm helm(Bytes groupId) {
        return helms.computeIfAbsent(groupId, id -> new Helm());
    }

    /** Reads what the log has, and does nothing else; for a conversation that is followed. */
    void read(Bytes groupId) throws DeliveryException, IOException {
        Helm helm = helm(groupId);
        boolean taken = helm.take();
        try {
            if (view(groupId).map(View::status).equals(Optional.of(ConversationStatus.ACTIVE))) {
                catchUp(groupId);
            }
        } finally {
            if (taken) {
                helm.leave();
            }
        }
    }

    /** What one round found. */
    private record View(ConversationStatus status, long missedFrom, Optional<Outgoing> outgoing) {}

    /** Goes on until there is nothing to do; false if another thread goes on with what there is. */
    private boolean rounds(Bytes groupId, Helm helm, boolean readFirst, boolean wishes)
            throws DeliveryException, IOException {
        boolean read = readFirst;
        int rejoins = 0;
        long lookedFor = -1;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Optional<View> found = view(groupId);
            if (found.isEmpty() || found.get().status() == ConversationStatus.REMOVED) {
                return true;
            }
            View view = found.get();
            if (view.status() == ConversationStatus.CREATING || view.status() == ConversationStatus.REJOINING) {
                if (view.outgoing().isPresent()) {
                    read = deliver(groupId, view.outgoing().get());
                } else if (rejoins++ < MAX_REJOINS) {
                    make(groupId);
                } else {
                    // The service's GroupInfo does not fit its log now: later it may.
                    return true;
                }
            } else if (view.status() == ConversationStatus.STUCK) {
                if (lookedFor != view.missedFrom()) {
                    // Whether the service has taken back what cannot be followed, now that it knows.
                    lookedFor = view.missedFrom();
                    recovery.report(groupId);
                    catchUp(groupId);
                } else if (!heal(groupId)) {
                    return true;
                }
            } else if (read) {
                catchUp(groupId);
                read = false;
            } else if (view.outgoing().isPresent()) {
                read = deliver(groupId, view.outgoing().get());
            } else if (helm.isSomebodyResting()) {
                if (!wishes) {
                    return false;
                }
                helm.awaitRested();
            } else if (letOthersFirst(groupId)) {
                read = true;
            } else {
                Maker.Next next = next(groupId);
                if (next == Maker.Next.NOTHING) {
                    return true;
                }
                if (next == Maker.Next.CLAIM) {
                    claim(groupId);
                }
            }
        }
        return true;
    }

    private Optional<View> view(Bytes groupId) {
        try (Unit unit = account.begin()) {
            return ConversationState.find(unit, groupId)
                    .map(state -> new View(state.status, state.missedFrom, Outgoing.find(unit, groupId)));
        }
    }

    /** Waits, if it is the turn of others to commit; whether it did. */
    private boolean letOthersFirst(Bytes groupId) throws IOException {
        long pause;
        try (Unit unit = account.begin()) {
            pause = maker.isFreshCommit(unit, groupId)
                    ? turns.courtesy(groupId, account.identities().present().client())
                    : 0;
        }
        if (pause == 0) {
            return false;
        }
        rest(groupId, pause / 2, pause);
        return true;
    }

    private void rest(Bytes groupId, long atLeast, long atMost) throws InterruptedIOException {
        helm(groupId).rest(() -> turns.pause(atLeast, atMost));
    }

    private Maker.Next next(Bytes groupId) throws IOException {
        try (Unit unit = account.begin()) {
            Optional<ConversationState> state = ConversationState.find(unit, groupId);
            if (state.isEmpty() || state.get().status != ConversationStatus.ACTIVE) {
                return Maker.Next.CHANGED;
            }
            Maker.Next next = maker.next(unit, state.get());
            if (next == Maker.Next.LEAVE) {
                departure.leave(unit, state.get(), "left as the last member");
                state.get().save(unit);
            }
            unit.commit();
            return next;
        }
    }

    private boolean heal(Bytes groupId) {
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            Optional<Outgoing> outgoing = Outgoing.find(unit, groupId);
            recovery.heal(unit, state);
            if (state.status == ConversationStatus.REJOINING
                    && outgoing.isPresent()
                    && outgoing.get().body() instanceof Outgoing.OwnCommit) {
                // Made in a state that is given up.
                Outgoing.drop(unit, groupId);
            }
            state.save(unit);
            unit.commit();
            return state.status != ConversationStatus.STUCK;
        }
    }

    private void make(Bytes groupId) throws DeliveryException, IOException {
        try {
            recovery.make(groupId);
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            if (e.kind() == ProblemKind.NOT_ALLOWED || e.kind() == ProblemKind.UNKNOWN_GROUP) {
                recovery.removedMeanwhile(groupId);
            } else {
                recovery.stayStuck(groupId, "cannot come back: " + e.getMessage());
            }
        }
    }

    /** Begins to take this client's place in a group again. */
    void rejoin(Bytes groupId) {
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId)
                    .orElseGet(() -> new ConversationState(groupId, ConversationStatus.STUCK, HandshakePolicy.PUBLIC));
            if (state.status != ConversationStatus.CREATING) {
                recovery.begin(unit, state);
                state.save(unit);
                unit.commit();
            }
        }
    }

    // ---- reading

    private void catchUp(Bytes groupId) throws DeliveryException, IOException {
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

    // ---- sending

    /** Sends what is on its way and takes the answer; true if the log has to be read then. */
    private boolean deliver(Bytes groupId, Outgoing outgoing) throws DeliveryException, IOException {
        Appended appended;
        try {
            appended = send(outgoing);
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            refused(groupId, outgoing, e);
            return true;
        }
        return accepted(groupId, outgoing, appended);
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

    private boolean accepted(Bytes groupId, Outgoing outgoing, Appended appended)
            throws DeliveryException, IOException {
        if (outgoing.body() instanceof Outgoing.Rejoin) {
            recovery.enter(groupId, outgoing, appended.seq());
            return true;
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
                return true;
            }
            state.save(unit);
            unit.commit();
            return true;
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

    private void refused(Bytes groupId, Outgoing outgoing, DeliveryException e) throws IOException {
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
        }
        if (pause > 0) {
            rest(groupId, 0, pause);
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
        Wishes.refuse(unit, state.groupId, queued.get(), e.getMessage());
        return 0;
    }

    // ---- claiming

    private void claim(Bytes groupId) throws DeliveryException, IOException {
        Wishes.Queued queued;
        Group group;
        ClaimRequest request;
        Wish.Invitation open;
        try (Unit unit = account.begin()) {
            Optional<Wishes.Queued> first = Wishes.first(unit, groupId);
            if (first.isEmpty() || !(first.get().wish() instanceof Wish.Invite invite)) {
                return;
            }
            queued = first.get();
            open = invite.invitations().stream()
                    .filter(invitation -> invitation.claimed().isEmpty())
                    .findFirst()
                    .orElseThrow();
            group = account.groups().get(unit, groupId);
            request = request(open, group);
        }
        ClaimResult result;
        try {
            result = connection.ask(session -> session.claimKeyPackages(open.claim(), request));
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            try (Unit unit = account.begin()) {
                Wishes.find(unit, groupId, queued.number())
                        .ifPresent(wish -> Wishes.refuse(unit, groupId, wish, e.getMessage()));
                unit.commit();
            }
            return;
        }
        try (Unit unit = account.begin()) {
            Wish.Invite invite = (Wish.Invite) queued.wish();
            Wish answered = new Wish.Invite(invite.invitations().stream()
                    .map(invitation -> invitation.equals(open) ? invitation.with(result) : invitation)
                    .toList());
            Wishes.put(unit, groupId, new Wishes.Queued(queued.number(), queued.losses(), answered));
            unit.commit();
        }
    }

    private static ClaimRequest request(Wish.Invitation invitation, Group group) {
        RequiredCapabilities required = new RequiredCapabilities(
                group.state().context().extensions().types().stream()
                        .filter(type -> !type.isDefault())
                        .toList(),
                java.util.List.of(),
                java.util.List.of());
        return new ClaimRequest(invitation.target(), group.cipherSuite(), required, java.util.List.of());
    }
}
