package org.coppice.client.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.RatchetTree;

/**
 * Takes this client's place in a group again by an external Commit: after the state was lost, after an entry that cannot be processed,
 * after a fork.
 *
 * <p>The state that the Commit leads to is stored beside the present one in the transaction that makes the Commit, and takes its place
 * once the log shows the Commit: so a crash in between costs nothing.
 */
final class Recovery {
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final String REMOVED_MEANWHILE = "removed while it could not follow";

    private final Account account;
    private final Connection connection;
    private final Departure departure;
    private final Epochs epochs;
    private final Verification verification;

    Recovery(Account account, Connection connection, Departure departure) {
        this.account = account;
        this.connection = connection;
        this.departure = departure;
        this.verification = new Verification(account);
        this.epochs = new Epochs(account.environment().parameters().pastEpochs());
    }

    /** Notes that the conversation cannot be followed from {@code seq} on. */
    void stuck(Unit unit, ConversationState state, long seq, String reason) {
        if (state.status == ConversationStatus.ACTIVE) {
            state.missedFrom = seq;
            unit.records()
                    .put(
                            Spaces.REPORTS,
                            state.groupId,
                            new TlsWriter()
                                    .struct(RequestId.random(
                                            account.environment().randomness()))
                                    .uint64(seq)
                                    .vector(ruleName(reason).getBytes(StandardCharsets.US_ASCII))
                                    .finish());
            state.rejoinAt = account.now() + pause();
            state.become(unit, ConversationStatus.STUCK, reason);
        }
    }

    /** At random, so that of many who cannot follow not all come back at once, and those who come first see what the service decides. */
    private long pause() {
        long shortest = account.environment().parameters().rejoinAfter().toMillis();
        byte[] random = account.environment().randomness().bytes(2);
        int part = (random[0] & 0xff) << 8 | random[1] & 0xff;
        return shortest + shortest * part / 0x10000;
    }

    /** Goes on as if the entry had not been that could not be followed, as the service has taken it back; the caller saves the state. */
    void undone(Unit unit, ConversationState state) {
        unit.records().delete(Spaces.REPORTS, state.groupId);
        unit.records().deleteAll(Spaces.early(state.groupId));
        state.missedFrom = 0;
        state.become(unit, ConversationStatus.ACTIVE, "");
    }

    private static String ruleName(String reason) {
        return CannotProcess.isRuleName(reason) ? reason : "FORK";
    }

    /** Begins to rejoin if it is time, and the client may do so by itself; the caller saves the state. */
    void heal(Unit unit, ConversationState state) {
        if (state.status != ConversationStatus.STUCK || account.now() < state.rejoinAt) {
            return;
        }
        long today = account.now() / DAY_MILLIS;
        if (state.rejoinDay != today) {
            state.rejoinDay = today;
            state.rejoins = 0;
        }
        if (state.rejoins < account.environment().parameters().rejoinsPerDay()) {
            state.rejoins++;
            begin(unit, state);
        }
    }

    /** Begins to rejoin; the caller saves the state. */
    void begin(Unit unit, ConversationState state) {
        if (Outgoing.find(unit, state.groupId)
                .filter(outgoing -> outgoing.body() instanceof Outgoing.OwnCommit)
                .isPresent()) {
            // Made in a state that is given up.
            Outgoing.drop(unit, state.groupId);
        }
        state.become(unit, ConversationStatus.REJOINING, state.reason);
    }

    /** Sends the report of an entry that could not be processed, if there is one. */
    void report(Bytes groupId) throws DeliveryException, IOException {
        Optional<Report> report;
        try (Unit unit = account.begin()) {
            report = unit.records().get(Spaces.REPORTS, groupId).map(Report::decode);
        }
        if (report.isEmpty()) {
            return;
        }
        try {
            Report present = report.get();
            connection.ask(session -> {
                session.report(present.request(), new CannotProcess(groupId, present.seq(), present.rule()));
                return null;
            });
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            // The service does not want it: there is no use in asking again.
        }
        try (Unit unit = account.begin()) {
            unit.records().delete(Spaces.REPORTS, groupId);
            unit.commit();
        }
    }

    /** A report that waits to be sent. */
    private record Report(RequestId request, long seq, String rule) {
        static Report decode(byte[] stored) {
            Decoder<Report> decoder = in -> new Report(
                    RequestId.decode(in),
                    in.uint64(),
                    new String(in.vector().toByteArray(), StandardCharsets.US_ASCII));
            try {
                return decoder.decodeAll(Bytes.wrap(stored), DecodeLimits.DEFAULT);
            } catch (DecodeException e) {
                throw new StoreException(StoreException.Reason.DAMAGED, "a report cannot be read", e);
            }
        }
    }

    /** Makes the external Commit. */
    void make(Bytes groupId) throws DeliveryException, IOException {
        MlsMessage message = connection.ask(session -> session.groupInfo(groupId));
        if (!(message.body() instanceof MlsMessage.GroupInfo body)) {
            stayStuck(groupId, "the service has no GroupInfo");
            return;
        }
        GroupInfo info = body.groupInfo();
        if (!info.groupContext().groupId().equals(groupId)) {
            stayStuck(groupId, "the service gave the GroupInfo of another group");
            return;
        }
        Bytes tree = connection.ask(
                session -> session.ratchetTree(groupId, info.groupContext().epoch()));
        try (Unit unit = account.begin()) {
            Optional<ConversationState> state = ConversationState.find(unit, groupId);
            if (state.isEmpty() || state.get().status != ConversationStatus.REJOINING) {
                return;
            }
            account.groups().candidates().drop(groupId);
            make(unit, state.get(), message, info, tree);
            unit.commit();
        } catch (MlsException e) {
            Problems.orSignerIsAway(e);
            stayStuck(groupId, Maker.rule(e) + ": " + e.getMessage());
        }
    }

    private void make(Unit unit, ConversationState state, MlsMessage message, GroupInfo info, Bytes encodedTree)
            throws MlsException {
        Decoder<RatchetTree> decoder =
                in -> RatchetTree.decode(in, account.identities().present().crypto());
        RatchetTree tree = decoder.decodeAll(encodedTree, MediaTypes.LIMITS);
        ExternalJoinRequest request = ExternalJoinRequest.of(message).withRatchetTree(encodedTree);
        ClientId self = account.identities().present().client();
        Optional<LeafIndex> old = account.groups().names().leafOf(self, tree);
        if (old.isPresent()) {
            request = request.replacing(old.get());
        } else if (!isOpen(info)) {
            departure.leave(unit, state, REMOVED_MEANWHILE);
            state.save(unit);
            return;
        }
        state.handshakes = ConversationInfo.find(info.groupContext().extensions())
                .map(ConversationInfo::handshakes)
                .orElse(HandshakePolicy.PUBLIC);
        try (ExternalJoin join = account.groups().candidateClient().joinExternally(request)) {
            Optional<MlsMessage> groupInfo = Optional.of(join.groupInfo(false));
            CommitBundle bundle = state.handshakes == HandshakePolicy.PUBLIC
                    ? CommitBundle.of(join.commit(), Optional.empty(), groupInfo)
                    : new CommitBundle(
                            join.commit(),
                            Optional.empty(),
                            groupInfo,
                            Optional.of(Bytes.wrap(join.state().tree().encoded())),
                            List.of(self),
                            old.isPresent() ? List.of(self) : List.of());
            // Stores the state that the Commit leads to, as the candidate.
            join.group().close();
            new Outgoing(
                            RequestId.random(account.environment().randomness()),
                            0,
                            info.groupContext().epoch(),
                            new Outgoing.Rejoin(bundle))
                    .save(unit, state.groupId);
            state.save(unit);
        }
    }

    private static boolean isOpen(GroupInfo info) {
        return ConversationInfo.find(info.groupContext().extensions())
                .filter(conversation -> conversation.externalJoins() == ConversationInfo.ExternalJoins.OPEN)
                .isPresent();
    }

    /** Drops a Commit that lost the race or was refused. */
    void drop(Unit unit, ConversationState state) {
        Outgoing.drop(unit, state.groupId);
        account.groups().candidates().drop(state.groupId);
    }

    /** Ends the attempt, as the service has this client for a member no more. */
    void removedMeanwhile(Bytes groupId) {
        try (Unit unit = account.begin()) {
            Optional<ConversationState> state = ConversationState.find(unit, groupId);
            if (state.isPresent() && state.get().status == ConversationStatus.REJOINING) {
                departure.leave(unit, state.get(), REMOVED_MEANWHILE);
                state.get().save(unit);
                unit.commit();
            }
        }
    }

    /** Ends the attempt: the conversation stays stuck, until the user wants to try again. */
    void stayStuck(Bytes groupId, String reason) {
        try (Unit unit = account.begin()) {
            Optional<ConversationState> state = ConversationState.find(unit, groupId);
            if (state.isPresent() && state.get().status == ConversationStatus.REJOINING) {
                drop(unit, state.get());
                state.get().become(unit, ConversationStatus.STUCK, reason);
                state.get().rejoins = Integer.MAX_VALUE;
                state.get().save(unit);
                unit.commit();
            }
        }
    }

    /** By which keys the members are known in the state that is given up; none if there is none that can be read. */
    private Map<ClientId, SignaturePublicKey> keysBefore(Unit unit, Bytes groupId) {
        try {
            return account.groups().find(unit, groupId).map(verification::keys).orElse(Map.of());
        } catch (StoreException e) {
            Damage.require(e);
            return Map.of();
        }
    }

    /**
     * Enters the group, now that the service says that the Commit is in the log, if the log says so, too.
     *
     * @param seq where it is
     */
    void enter(Bytes groupId, Outgoing outgoing, long seq) throws DeliveryException, IOException {
        Optional<LogEntry> entry =
                connection.ask(session -> session.read(groupId, seq - 1, 1, Duration.ZERO)).entries().stream()
                        .findFirst();
        try (Unit unit = account.begin()) {
            ConversationState state =
                    ConversationState.find(unit, groupId).orElseThrow(() -> new AssertionError("deleted while used"));
            boolean shown = entry.isPresent()
                    && entry.get().seq() == seq
                    && outgoing.body().inLog().equals(Optional.of(entry.get().message()));
            if (!shown) {
                throw Problems.noProgress("the log does not show the commit that was acknowledged");
            }
            Outgoing.drop(unit, groupId);
            Map<ClientId, SignaturePublicKey> before = keysBefore(unit, groupId);
            account.groups().forget(groupId);
            account.groups().store().take(groupId, account.groups().candidates());
            unit.records().deleteAll(Spaces.early(groupId));
            Group group = account.groups().get(unit, groupId);
            epochs.enter(unit, groupId, group.epoch());
            Verification.NewKeys newKeys = verification.since(unit, before, group);
            History.add(
                    unit,
                    groupId,
                    new HistoryEntry.Joined(
                            new HistoryEntry.Place(seq, entry.get().timeMillis(), group.epoch()),
                            HistoryEntry.Joined.Way.REJOINED,
                            state.missedFrom,
                            newKeys.clients(),
                            newKeys.compared()));
            state.lastName = Groups.nameOf(group);
            state.cursor = seq;
            state.missedFrom = 0;
            state.commitAt = 0;
            state.epochsSinceRefresh = 0;
            state.messagesSinceRefresh = 0;
            state.refreshAt = Upkeep.nextRefresh(account.environment());
            state.become(unit, ConversationStatus.ACTIVE, "");
            state.save(unit);
            unit.commit();
        }
    }
}
