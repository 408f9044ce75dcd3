package org.coppice.delivery.group;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.account.Identities;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.limit.Refusals;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.delivery.limit.Sizes;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.observer.StagedPublicProposal;

/** Takes proposals and application messages. Thread safe. */
public final class MessageAppender {
    private final Parts parts;
    private final Mirrors mirrors;

    /** @param mirrors the groups that the service follows */
    public MessageAppender(Parts parts, Mirrors mirrors) {
        this.parts = parts;
        this.mirrors = mirrors;
    }

    /** Appends a proposal of the present epoch, or an application message of it or one just past. */
    public Appended send(Requests.Key key, MlsMessage message) throws DeliveryException, IOException {
        GroupMessage framed = GroupMessage.of(message);
        Sizes.check(framed.encoded().length(), parts.sizes().message(), "a message");
        if (framed.kind() == EntryKind.COMMIT) {
            throw ServiceRule.WRONG_MESSAGE.refusal();
        }
        return Requests.appended(parts.requests().once(key, () -> {
            Appended appended = framed.isEncrypted() ? appendEncrypted(key, framed) : appendProposal(key, framed);
            parts.hub().groupMoved(framed.groupId(), appended.seq());
            return new Outcome.OfAppend(appended);
        }));
    }

    /** Nothing but the header can be seen: one statement checks and moves. */
    private Appended appendEncrypted(Requests.Key key, GroupMessage message) throws DeliveryException, IOException {
        boolean proposal = message.kind() == EntryKind.PROPOSAL;
        return parts.engine().write(message.groupId(), tx -> {
            Access.requireMember(tx, message.groupId(), key.client());
            if (proposal
                    && GroupTable.find(tx, message.groupId())
                            .orElseThrow(Access::unknownGroup)
                            .isPublic()) {
                throw ServiceRule.HANDSHAKE_NOT_PUBLIC.refusal();
            }
            // A proposal of a past epoch is of no use to anybody; a message of one can still be read.
            long late = proposal ? 0 : parts.lateEpochs();
            return append(tx, key, message, late);
        });
    }

    private Appended append(Transaction tx, Requests.Key key, GroupMessage message, long late)
            throws SQLException, DeliveryException {
        long now = parts.now();
        boolean handshake = message.kind() == EntryKind.PROPOSAL;
        // Whose header is encrypted has been found to be a member.
        boolean byMember = message.sender().map(Sender.Member.class::isInstance).orElse(true);
        Optional<ClientId> member = byMember ? Optional.of(key.client()) : Optional.empty();
        // An epoch beyond what a column can hold is one that the group is not in.
        Optional<GroupTable.Place> moved = message.epoch() < 0 || message.epoch() > Long.MAX_VALUE - late
                ? Optional.empty()
                : GroupTable.moveHead(tx, message.groupId(), message.epoch(), late, member, handshake, now);
        if (moved.isEmpty()) {
            GroupRow row = GroupTable.find(tx, message.groupId()).orElseThrow(Access::unknownGroup);
            throw row.ended() ? ended() : row.staleEpoch();
        }
        if (message.sender().filter(Sender.NewMemberProposal.class::isInstance).isPresent()) {
            // The settings may have been changed since this was asked first. Now that the head has moved they stay.
            Access.requireMayJoin(tx, message.groupId(), key.client());
        }
        GroupTable.Place place = moved.get();
        LogTable.add(
                tx,
                message.groupId(),
                new LogEntry(place.seq(), message.kind(), message.epoch(), now, message.encoded()));
        Appended appended = new Appended(place.seq(), place.epoch(), List.of(), false);
        parts.requests().record(tx, key, new Outcome.OfAppend(appended));
        return appended;
    }

    private static DeliveryException ended() {
        return Problem.refused(Rule.GROUP_ENDED.name(), Rule.GROUP_ENDED.description())
                .asException();
    }

    private Appended appendProposal(Requests.Key key, GroupMessage message) throws DeliveryException, IOException {
        Sender sender = message.sender().orElseThrow();
        GroupRow seen = parts.engine().read(tx -> {
            if (sender instanceof Sender.Member) {
                return Access.ofMember(tx, message.groupId(), key.client());
            }
            if (sender instanceof Sender.NewMemberProposal) {
                return Access.requireMayJoin(tx, message.groupId(), key.client())
                        .row();
            }
            return GroupTable.find(tx, message.groupId()).orElseThrow(Access::unknownGroup);
        });
        if (!seen.isPublic()) {
            return appendUnseen(key, message, sender);
        }
        Mirror mirror = mirrors.take(message.groupId());
        try {
            GroupRow row = mirror.catchUp();
            if (message.epoch() != row.epoch()) {
                throw row.staleEpoch();
            }
            requireOwn(key.client(), message, mirror.group().state());
            StagedPublicProposal staged = (StagedPublicProposal) mirror.stage(message.message(), row);
            Appended appended = parts.engine().write(tx -> {
                Appended out = append(tx, key, message, 0);
                RecordTable.write(
                        tx, message.groupId(), row.epoch(), mirror.group().change(staged));
                return out;
            });
            mirror.merge(staged, appended.seq());
            return appended;
        } finally {
            mirrors.release(mirror);
        }
    }

    /** A proposal from outside to a group whose members encrypt theirs: it is for them to check. */
    private Appended appendUnseen(Requests.Key key, GroupMessage message, Sender sender)
            throws DeliveryException, IOException {
        if (!(sender instanceof Sender.NewMemberProposal)) {
            // Who the external senders are, the service cannot see.
            throw ServiceRule.HANDSHAKE_NOT_PRIVATE.refusal();
        }
        requireOwnKeyPackage(key.client(), message);
        return parts.engine().write(tx -> append(tx, key, message, 0));
    }

    private static void requireOwn(ClientId self, GroupMessage message, GroupState state) throws DeliveryException {
        Sender sender = message.sender().orElseThrow();
        if (sender instanceof Sender.NewMemberProposal) {
            requireOwnKeyPackage(self, message);
        } else if (sender instanceof Sender.Member member) {
            boolean own = state.member(member.leafIndex())
                    .flatMap(leaf -> Identities.clientOf(leaf.credential()))
                    .filter(self::equals)
                    .isPresent();
            if (!own) {
                throw Access.notAllowed("the proposal is another client's");
            }
        } else if (sender instanceof Sender.External external) {
            requireOwnExternal(self, external, state);
        }
    }

    private static void requireOwnKeyPackage(ClientId self, GroupMessage message) throws DeliveryException {
        boolean own = message.content().orElseThrow() instanceof Content.Proposal content
                && content.proposal() instanceof Proposal.Add add
                && Identities.clientOf(add.keyPackage().leafNode().credential())
                        .filter(self::equals)
                        .isPresent();
        if (!own) {
            throw Access.notAllowed("the proposal does not add the client that sends it");
        }
    }

    /** A stranger to the group learns no more than that it is none of its senders. */
    private static void requireOwnExternal(ClientId self, Sender.External external, GroupState state)
            throws DeliveryException {
        try {
            List<ExternalSender> senders = ExternalSender.in(state.context().extensions());
            boolean own = external.senderIndex() < senders.size()
                    && Identities.clientOf(
                                    senders.get((int) external.senderIndex()).credential())
                            .filter(self::equals)
                            .isPresent();
            if (!own) {
                throw Access.unknownGroup();
            }
        } catch (DecodeException e) {
            throw Refusals.of(e);
        }
    }
}
