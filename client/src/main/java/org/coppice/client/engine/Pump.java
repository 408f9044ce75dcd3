package org.coppice.client.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;

/**
 * Drives conversations: has their logs read, what is on its way sent, and what is wished made, until there is nothing to do or the service
 * does not answer. One thread at a time drives one conversation; the network is used outside of units of work.
 */
final class Pump {
    private static final int MAX_ROUNDS = 100_000;
    private static final int MAX_REJOINS = 32;
    private static final int MAX_REPEATS = 4;

    private final Account account;
    private final Maker maker;
    private final Follower follower;
    private final Courier courier;
    private final Claims claims;
    private final Recovery recovery;
    private final Departure departure;
    private final Turns turns;
    private final Damage damage;
    private final Map<Bytes, Helm> helms = new ConcurrentHashMap<>();
    /** Conversations whose log was read up to its end in this process, with nothing of unknown outcome since. */
    private final Set<Bytes> settled = ConcurrentHashMap.newKeySet();

    Pump(Account account, Connection connection, Damage damage) {
        this.account = account;
        this.damage = damage;
        this.turns = new Turns(account.environment());
        this.maker = new Maker(account);
        this.departure = new Departure(account);
        this.recovery = new Recovery(account, connection, departure);
        Forks forks = new Forks(account, connection, recovery);
        LogReader reader = new LogReader(account, maker, recovery, forks, departure, turns);
        this.follower = new Follower(account, connection, reader, recovery, forks, departure);
        this.courier = new Courier(account, connection, reader, recovery, departure, turns);
        this.claims = new Claims(account, connection);
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
        if (!isKnown(groupId)) {
            // A hint of the service is no reason to keep anything.
            return;
        }
        Helm helm = helm(groupId);
        if (!helm.take()) {
            // A listener that asks for more while it is told: the rounds that are under way will see to it.
            return;
        }
        try {
            boolean isSettled = settled.remove(groupId);
            damage.contain(groupId, () -> {
                if (rounds(groupId, helm, read || !isSettled, wishes)) {
                    settled.add(groupId);
                }
            });
        } finally {
            helm.leave();
        }
    }

    private boolean isKnown(Bytes groupId) {
        if (helms.containsKey(groupId)) {
            return true;
        }
        try (Unit unit = account.begin()) {
            return Damage.isThere(unit, Spaces.CONVERSATIONS, groupId);
        }
    }

    /** Of how many conversations something is kept in memory. */
    int size() {
        return Math.max(helms.size(), settled.size());
    }

    private Helm helm(Bytes groupId) {
        return helms.computeIfAbsent(groupId, id -> new Helm());
    }

    /** Reads what the log has, and does nothing else; for a conversation that is followed. */
    void read(Bytes groupId) throws DeliveryException, IOException {
        if (!isKnown(groupId)) {
            return;
        }
        Helm helm = helm(groupId);
        boolean taken = helm.take();
        try {
            damage.contain(groupId, () -> {
                if (view(groupId).map(View::status).equals(Optional.of(ConversationStatus.ACTIVE))) {
                    follower.catchUp(groupId);
                }
            });
        } finally {
            if (taken) {
                helm.leave();
            }
        }
    }

    /** What one round found. */
    private record View(ConversationStatus status, long missedFrom, long cursor, Optional<Outgoing> outgoing) {}

    /** What was sent, by the number of its wish, when the log was read up to an entry. */
    private record Sent(long wish, long cursor) {}

    /** Goes on until there is nothing to do; false if another thread goes on with what there is. */
    private boolean rounds(Bytes groupId, Helm helm, boolean readFirst, boolean wishes)
            throws DeliveryException, IOException {
        boolean read = readFirst;
        int rejoins = 0;
        long lookedFor = -1;
        Sent sent = null;
        int repeats = 0;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Optional<View> found = view(groupId);
            if (found.isEmpty() || isOver(found.get().status())) {
                return true;
            }
            View view = found.get();
            if (view.status() == ConversationStatus.CREATING && view.outgoing().isEmpty()) {
                throw new StoreException(StoreException.Reason.DAMAGED, "what the service is to create is missing");
            } else if (view.status() == ConversationStatus.CREATING || view.status() == ConversationStatus.REJOINING) {
                if (view.outgoing().isPresent()) {
                    deliver(groupId, view.outgoing().get());
                    read = true;
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
                    follower.catchUp(groupId);
                } else if (!heal(groupId)) {
                    return true;
                }
            } else if (read) {
                follower.catchUp(groupId);
                read = false;
            } else if (view.outgoing().isPresent()) {
                // What was taken is in the log by now, and so is what was first where something was not. But a message
                // that was on its way when its epoch ended is refused, and made anew, with nothing in between.
                Sent next = new Sent(view.outgoing().get().wish(), view.cursor());
                repeats = next.equals(sent) ? repeats + 1 : 0;
                if (repeats > MAX_REPEATS) {
                    throw Problems.noProgress("the log does not show what the service answered");
                }
                sent = next;
                deliver(groupId, view.outgoing().get());
                read = true;
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
                    claims.claim(groupId);
                }
            }
        }
        return true;
    }

    /** Whether there is nothing that the client could do by itself. */
    private static boolean isOver(ConversationStatus status) {
        return status == ConversationStatus.REMOVED || status == ConversationStatus.DAMAGED;
    }

    private Optional<View> view(Bytes groupId) {
        try (Unit unit = account.begin()) {
            return ConversationState.find(unit, groupId)
                    .map(state -> new View(state.status, state.missedFrom, state.cursor, Outgoing.find(unit, groupId)));
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

    private void deliver(Bytes groupId, Outgoing outgoing) throws DeliveryException, IOException {
        long pause = courier.deliver(groupId, outgoing);
        if (pause > 0) {
            rest(groupId, 0, pause);
        }
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
            recovery.heal(unit, state);
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

    /** Ends the membership here, whatever the others think. */
    void abandon(Bytes groupId) {
        Helm helm = helm(groupId);
        boolean taken = helm.take();
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId)
                    .orElseThrow(() -> new IllegalArgumentException("there is no such conversation"));
            if (state.status != ConversationStatus.REMOVED) {
                departure.leave(unit, state, "abandoned");
                state.save(unit);
                unit.commit();
            }
        } finally {
            if (taken) {
                helm.leave();
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
}
