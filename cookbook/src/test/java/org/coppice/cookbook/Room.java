package org.coppice.cookbook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;

/** A group at the {@link MemoryDelivery}, which holds the lock: its log, and who may read what of it. */
final class Room {
    GroupSettings settings;
    private final PublicGroup observer;
    private final List<LogEntry> log = new ArrayList<>();
    private final Map<Long, Bytes> trees = new HashMap<>();
    private final Map<ClientId, Stay> stays = new TreeMap<>();
    private Optional<MlsMessage> groupInfo;

    /** The entries that a client may read: from the Commit that added it to the one that removed it. */
    record Stay(long from, long until) {
        boolean isPresent() {
            return until == Long.MAX_VALUE;
        }
    }

    Room(PublicGroup observer, MlsMessage groupInfo, GroupSettings settings) {
        this.observer = observer;
        this.settings = settings;
        enter(Optional.of(groupInfo));
    }

    /** Notes what is different in a new epoch. */
    private void enter(Optional<MlsMessage> newGroupInfo) {
        groupInfo = newGroupInfo;
        trees.put(epoch(), observer.ratchetTree());
        Set<ClientId> now = members();
        stays.replaceAll(
                (client, stay) -> stay.isPresent() && !now.contains(client) ? new Stay(stay.from(), head()) : stay);
        now.forEach(client ->
                stays.merge(client, new Stay(head(), Long.MAX_VALUE), (old, come) -> old.isPresent() ? old : come));
    }

    Set<ClientId> members() {
        return observer.state().roster().stream().map(Room::client).collect(Collectors.toSet());
    }

    private static ClientId client(Member member) {
        return ClientId.ofIdentity(((Credential.Basic) member.credential()).identity())
                .orElseThrow();
    }

    long epoch() {
        return observer.state().epoch();
    }

    long head() {
        return log.size();
    }

    Optional<Stay> stay(ClientId client) {
        return Optional.ofNullable(stays.get(client));
    }

    /** What a client may read after an entry. */
    List<LogEntry> read(ClientId reader, long after, int limit) throws DeliveryException {
        Stay stay = stay(reader).orElseThrow(() -> MemoryDelivery.problem(ProblemKind.UNKNOWN_GROUP));
        return log.stream()
                .filter(entry -> entry.seq() > after && entry.seq() >= stay.from() && entry.seq() <= stay.until())
                .limit(limit)
                .toList();
    }

    // begin commit
    /** Appends a Commit, if it is the next one and the members would take it. */
    void commit(ClientId client, CommitBundle bundle, long now) throws DeliveryException {
        FramedContent content = content(bundle.commit());
        if (content.epoch() != epoch()) {
            throw Problem.staleEpoch(epoch(), head()).asException(); // another was first
        }
        try {
            if (!(observer.stage(bundle.commit()) instanceof StagedPublicCommit staged)) {
                throw MemoryDelivery.problem(ProblemKind.MALFORMED);
            }
            if (content.sender() instanceof Sender.NewMemberCommit) {
                checkMayEnter(client);
            } else {
                checkSender(client, content.sender());
            }
            if (bundle.groupInfo().isPresent()) {
                observer.checkGroupInfo(bundle.groupInfo().get(), staged);
            }
            observer.merge(staged);
        } catch (MlsException e) {
            throw MemoryDelivery.refusal(e);
        }
        append(EntryKind.COMMIT, content.epoch(), bundle.commit(), now);
        enter(bundle.groupInfo());
    }
    // end commit

    private static FramedContent content(MlsMessage message) throws DeliveryException {
        if (message.body() instanceof PublicMessage body) {
            return body.authenticated().content();
        }
        throw Problem.refused("HANDSHAKES", "only public handshakes can be followed")
                .asException();
    }

    private void checkSender(ClientId client, Sender sender) throws DeliveryException {
        boolean own = sender instanceof Sender.Member member
                && observer.state().member(member.leafIndex()).map(Room::client).equals(Optional.of(client));
        if (!own) {
            throw MemoryDelivery.problem(ProblemKind.NOT_ALLOWED);
        }
    }

    /** Whether a client may read the GroupInfo and enter by itself: members may, to take their place again. */
    void checkMayEnter(ClientId client) throws DeliveryException {
        if (stay(client).filter(Stay::isPresent).isEmpty()
                && !(settings.externalJoins() instanceof ExternalJoinPolicy.Anyone)) {
            throw MemoryDelivery.problem(
                    stay(client).isPresent() ? ProblemKind.NOT_ALLOWED : ProblemKind.UNKNOWN_GROUP);
        }
    }

    /** Appends a proposal or an application message; the latter also of the epoch just past. */
    void send(ClientId client, MlsMessage message, long now) throws DeliveryException {
        if (stay(client).filter(Stay::isPresent).isEmpty()) {
            throw MemoryDelivery.problem(
                    stay(client).isPresent() ? ProblemKind.NOT_ALLOWED : ProblemKind.UNKNOWN_GROUP);
        }
        if (message.body() instanceof PrivateMessage body && body.contentType() == ContentType.APPLICATION) {
            if (body.epoch() != epoch() && body.epoch() != epoch() - 1) {
                throw Problem.staleEpoch(epoch(), head()).asException();
            }
            append(EntryKind.APPLICATION, body.epoch(), message, now);
            return;
        }
        FramedContent content = content(message);
        if (content.epoch() != epoch()) {
            throw Problem.staleEpoch(epoch(), head()).asException();
        }
        checkSender(client, content.sender());
        try {
            if (observer.stage(message) instanceof Observed.Staged staged && !(staged instanceof StagedPublicCommit)) {
                observer.merge(staged);
                append(EntryKind.PROPOSAL, content.epoch(), message, now);
            } else {
                throw MemoryDelivery.problem(ProblemKind.WRONG_TYPE);
            }
        } catch (MlsException e) {
            throw MemoryDelivery.refusal(e);
        }
    }

    private void append(EntryKind kind, long epoch, MlsMessage message, long now) {
        log.add(new LogEntry(head() + 1, kind, epoch, now, Bytes.wrap(message.encoded())));
    }

    MlsMessage groupInfo(ClientId client) throws DeliveryException {
        checkMayEnter(client);
        return groupInfo.orElseThrow(() -> MemoryDelivery.problem(ProblemKind.UNKNOWN));
    }

    Bytes tree(long epoch) throws DeliveryException {
        return Optional.ofNullable(trees.get(epoch)).orElseThrow(() -> MemoryDelivery.problem(ProblemKind.UNKNOWN));
    }
}
