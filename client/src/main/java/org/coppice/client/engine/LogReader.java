package org.coppice.client.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.HistoryEntry.Place;
import org.coppice.client.model.Payload;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.VoidedCommit;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;

/** Takes entries of a conversation's log in, one after the other: the only place where groups enter epochs and wishes end. */
final class LogReader {
    private static final String FUTURE_EPOCH = Rule.FUTURE_EPOCH.name();

    private final Account account;
    private final Maker maker;
    private final Recovery recovery;
    private final Forks forks;
    private final Departure departure;
    private final Turns turns;
    private final Changes changes;
    private final Replays replays;
    private final Epochs epochs;

    LogReader(Account account, Maker maker, Recovery recovery, Forks forks, Departure departure, Turns turns) {
        this.account = account;
        this.maker = maker;
        this.recovery = recovery;
        this.forks = forks;
        this.departure = departure;
        this.turns = turns;
        this.changes = new Changes(account);
        this.replays = new Replays(account.environment().parameters().pastEpochs());
        this.epochs = new Epochs(account.environment().parameters().pastEpochs());
    }

    /** Takes an entry in; the caller saves the state. Entries that were taken in before are passed over. */
    void read(Unit unit, ConversationState state, LogEntry entry) {
        if (entry.seq() <= state.cursor) {
            return;
        }
        if (entry.seq() > state.cursor + 1) {
            // No number is ever left out, but for one who was removed and is let in again.
            recovery.stuck(unit, state, state.cursor + 1, "entries are missing");
            return;
        }
        process(unit, state, entry);
        state.cursor = entry.seq();
    }

    /** Looks whether an entry takes back what the client cannot follow, and if so goes on after it; the caller saves the state. */
    void readStuck(Unit unit, ConversationState state, LogEntry entry) {
        boolean ofHere = entry.kind() == EntryKind.VOID
                && account.groups().store().has(state.groupId)
                && account.groups().get(unit, state.groupId).epoch() == entry.epoch();
        try {
            if (ofHere && voided(entry) == state.missedFrom) {
                History.add(unit, state.groupId, new HistoryEntry.TakenBack(place(entry), state.missedFrom));
                recovery.undone(unit, state);
                state.cursor = entry.seq();
            }
        } catch (DecodeException e) {
            // It takes nothing back, as far as anybody can tell.
        }
    }

    /** The entry that one of kind VOID takes back. */
    private static long voided(LogEntry entry) throws DecodeException {
        Decoder<VoidedCommit> decoder = VoidedCommit::decode;
        return decoder.decodeAll(entry.message(), MediaTypes.LIMITS).seq();
    }

    private void process(Unit unit, ConversationState state, LogEntry entry) {
        Group group = account.groups().get(unit, state.groupId);
        if (entry.kind() == EntryKind.VOID) {
            voided(unit, state, group, entry);
            return;
        }
        Optional<Outgoing> outgoing = Outgoing.find(unit, state.groupId);
        boolean own = outgoing.flatMap(o -> o.body().inLog()).equals(Optional.of(entry.message()));
        if (own && outgoing.get().body() instanceof Outgoing.Single) {
            ownSingle(unit, state, group, outgoing.get(), entry);
            return;
        }
        MlsMessage message;
        try {
            message = MlsMessage.decode(entry.message(), MediaTypes.LIMITS);
        } catch (DecodeException e) {
            unusable(unit, state, entry, Maker.rule(e));
            return;
        }
        try {
            received(unit, state, group, entry, group.receive(message));
        } catch (FutureEpochException e) {
            keep(unit, state, entry, e.messageEpoch());
        } catch (DuplicateMessageException e) {
            // A copy of what was read before.
            return;
        } catch (StaleEpochException e) {
            if (entry.kind() == EntryKind.APPLICATION) {
                unreadable(unit, state, entry, e);
            }
        } catch (MlsException e) {
            if (entry.kind() == EntryKind.COMMIT && entry.epoch() == group.epoch()) {
                recovery.stuck(unit, state, entry.seq(), Maker.rule(e));
            } else if (EpochMark.differs(message, group)) {
                forks.suspect(state.groupId, entry.seq());
            }
            unreadable(unit, state, entry, e);
        }
    }

    private static Place place(LogEntry entry) {
        return new Place(entry.seq(), entry.timeMillis(), entry.epoch());
    }

    private void unreadable(Unit unit, ConversationState state, LogEntry entry, MlsException e) {
        History.add(unit, state.groupId, new HistoryEntry.Unreadable(place(entry), Maker.rule(e)));
    }

    private void unusable(Unit unit, ConversationState state, LogEntry entry, String rule) {
        History.add(unit, state.groupId, new HistoryEntry.Unreadable(place(entry), rule));
        if (entry.kind() == EntryKind.COMMIT) {
            recovery.stuck(unit, state, entry.seq(), rule);
        }
    }

    /** The service took a Commit back, because members could not process it: whoever is in its epoch has to leave that. */
    private void voided(Unit unit, ConversationState state, Group group, LogEntry entry) {
        long commit;
        try {
            commit = voided(entry);
        } catch (DecodeException e) {
            unusable(unit, state, entry, Maker.rule(e));
            return;
        }
        History.add(unit, state.groupId, new HistoryEntry.TakenBack(place(entry), commit));
        if (Long.compareUnsigned(group.epoch(), entry.epoch()) > 0) {
            recovery.stuck(unit, state, entry.seq(), "the last commit was taken back");
        }
    }

    // ---- own messages

    private void ownSingle(Unit unit, ConversationState state, Group group, Outgoing outgoing, LogEntry entry) {
        Outgoing.drop(unit, state.groupId);
        if (entry.kind() == EntryKind.APPLICATION) {
            finishMessage(unit, state, outgoing, place(entry));
        } else {
            // A proposal to leave is fulfilled when it is committed: by another, unless all want to leave.
            state.commitAt = maker.commitAt(group);
        }
    }

    /** Ends the wish of a message that is in the log. */
    void finishMessage(Unit unit, ConversationState state, Outgoing outgoing, Place place) {
        Outgoing.drop(unit, state.groupId);
        Optional<Wishes.Queued> queued = Wishes.find(unit, state.groupId, outgoing.wish());
        if (queued.isPresent() && queued.get().wish() instanceof Wish.Send send) {
            ClientId self = account.identities().present().client();
            History.add(unit, state.groupId, new HistoryEntry.Message(place, self, send.payload()));
            Wishes.done(unit, state.groupId, queued.get(), List.of());
            state.messagesSinceRefresh++;
        }
    }

    // ---- what was received

    private void received(Unit unit, ConversationState state, Group group, LogEntry entry, Received received) {
        if (received instanceof Received.Application message) {
            application(unit, state, entry, message);
        } else if (received instanceof Received.ProposalCached) {
            if (state.commitAt == 0 || state.commitAt == Long.MAX_VALUE) {
                state.commitAt = maker.commitAt(group);
            }
        } else if (received instanceof Received.CommitStaged staged) {
            merge(unit, state, group, entry, staged.commit());
        } else if (received instanceof Received.Own own && own.commit().isPresent()) {
            merge(unit, state, group, entry, own.commit().get());
        } else if (received instanceof Received.Own own
                && (own.fromElsewhere() || own.type() == ContentType.COMMIT && own.epoch() == group.epoch())) {
            // Ours, but never made here: another process has our keys, or the store is an old copy. To go on would use
            // keys twice; who rejoins has new ones.
            recovery.stuck(unit, state, entry.seq(), "a message of this client that it did not send");
        }
    }

    private void application(Unit unit, ConversationState state, LogEntry entry, Received.Application message) {
        ClientId sender = account.groups().names().of(message.sender().leafNode());
        long missing = Generations.missingBefore(
                unit, state.groupId, message.epoch(), message.sender().leafIndex(), message.generation());
        if (missing > 0) {
            unit.tell(new ClientEvent.MessagesMissing(state.groupId, sender, missing));
        }
        Payload payload;
        try {
            payload = Payload.decode(message.data());
        } catch (DecodeException e) {
            unreadable(unit, state, entry, e);
            return;
        }
        if (replays.isFirst(unit, state.groupId, message.epoch(), sender, payload.id())) {
            History.add(unit, state.groupId, new HistoryEntry.Message(place(entry), sender, payload));
        }
    }

    private void merge(Unit unit, ConversationState state, Group group, LogEntry entry, StagedCommit commit) {
        boolean own = commit.isOwn();
        HistoryEntry.Change change = changes.of(commit, place(entry));
        Optional<Outgoing> outgoing = Outgoing.find(unit, state.groupId);
        group.merge(commit);
        turns.committed(state.groupId, change.actor());
        // A Commit or proposal of the epoch that is over has lost the race; a message may have arrived and is asked for
        // again.
        if (outgoing.isPresent() && (own || !isMessage(unit, state, outgoing.get()))) {
            Outgoing.drop(unit, state.groupId);
        }
        History.add(unit, state.groupId, change);
        state.commitAt = 0;
        if (group.status() == GroupStatus.REMOVED) {
            ClientId self = account.identities().present().client();
            if (change.rejoined().contains(self)) {
                recovery.stuck(unit, state, entry.seq(), "this client has rejoined without knowing of it");
            } else {
                boolean left = change.left().contains(self);
                departure.leave(
                        unit,
                        state,
                        left
                                ? "you left"
                                : "you were removed by " + change.actor().user());
            }
            return;
        }
        if (own) {
            state.epochsSinceRefresh = 0;
            state.messagesSinceRefresh = 0;
            state.refreshAt = Upkeep.nextRefresh(account.environment());
            outgoing.ifPresent(sent -> Wishes.find(unit, state.groupId, sent.wish())
                    .ifPresent(queued ->
                            Wishes.done(unit, state.groupId, queued, without(queued, group, sent.unrouted()))));
        } else {
            state.epochsSinceRefresh++;
        }
        state.lastName = Groups.nameOf(group);
        epochs.enter(unit, state.groupId, group.epoch());
        if (group.status() == GroupStatus.REINITIALIZED) {
            departure.leave(unit, state, "the group was reinitialized");
        }
    }

    private static boolean isMessage(Unit unit, ConversationState state, Outgoing outgoing) {
        return Wishes.find(unit, state.groupId, outgoing.wish())
                .filter(queued -> queued.wish() instanceof Wish.Send)
                .isPresent();
    }

    /** Who was invited, and is no member now or has no Welcome. */
    private List<ClientId> without(Wishes.Queued queued, Group group, List<KeyPackageRef> unrouted) {
        Set<ClientId> out = new LinkedHashSet<>();
        if (queued.wish() instanceof Wish.Invite invite) {
            invite.invitations().forEach(invitation -> out.addAll(invitation.clients()));
            group.state()
                    .tree()
                    .forEachLeaf(
                            (leaf, node) -> out.remove(account.groups().names().of(node)));
            invite.invitations().forEach(invitation -> out.addAll(invitation.clientsOf(unrouted, group.crypto())));
        }
        return List.copyOf(out);
    }

    // ---- early messages

    /**
     * Notes where an entry is whose epoch has not begun. It is in the service's log, and read there again: of an entry of many megabytes
     * nothing but its place is kept.
     */
    private void keep(Unit unit, ConversationState state, LogEntry entry, long epoch) {
        Space early = Spaces.early(state.groupId);
        if (unit.records().all(early).size()
                < account.environment().parameters().earlyMessages()) {
            unit.records().put(early, Space.key(entry.seq()), Space.key(epoch).toByteArray());
        } else {
            History.add(unit, state.groupId, new HistoryEntry.Unreadable(place(entry), FUTURE_EPOCH));
        }
    }

    /**
     * An entry that came too early.
     *
     * @param seq its place in the log
     * @param epoch the epoch that its message is of, an unsigned 64-bit number
     * @param entry itself, as former releases kept it
     */
    record Early(long seq, long epoch, Optional<LogEntry> entry) {
        private static Early decode(StoreTransaction.Stored stored) {
            if (stored.value().length == Long.BYTES) {
                return new Early(stored.number(), Spaces.number(stored.value()), Optional.empty());
            }
            try {
                Decoder<LogEntry> decoder = LogEntry::decode;
                LogEntry entry = decoder.decodeAll(Bytes.wrap(stored.value()), MediaTypes.LIMITS);
                return new Early(stored.number(), entry.epoch(), Optional.of(entry));
            } catch (DecodeException e) {
                throw new StoreException(StoreException.Reason.DAMAGED, "an early message cannot be read", e);
            }
        }
    }

    /** The first entry that came too early and whose epoch has begun now; nothing after it is to be read before it. */
    Optional<Early> due(Unit unit, ConversationState state) {
        if (state.status != ConversationStatus.ACTIVE) {
            return Optional.empty();
        }
        List<StoreTransaction.Stored> kept = unit.records().all(Spaces.early(state.groupId));
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        long present = account.groups().get(unit, state.groupId).epoch();
        return kept.stream()
                .map(Early::decode)
                .filter(early -> Long.compareUnsigned(early.epoch(), present) <= 0)
                .findFirst();
    }

    /**
     * Takes in an entry whose epoch has begun; the caller saves the state. Whatever the log shows in its place now, the entry is due no
     * more: it is one of an epoch that has begun, or waits for one that has not.
     *
     * @param shown what the log shows in its place; empty if it is not there any more
     */
    void recall(Unit unit, ConversationState state, Early early, Optional<LogEntry> shown) {
        unit.records().delete(Spaces.early(state.groupId), Space.key(early.seq()));
        if (shown.isPresent()) {
            process(unit, state, shown.get());
        } else {
            Place place = new Place(early.seq(), account.now(), early.epoch());
            History.add(unit, state.groupId, new HistoryEntry.Unreadable(place, FUTURE_EPOCH));
        }
    }
}
