package org.coppice.delivery.group;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.coppice.delivery.account.DirectoryUnavailableException;
import org.coppice.delivery.account.Identities;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.limit.Refusals;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.delivery.limit.Sizes;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.registry.ExtensionType;

/** Takes new groups. Thread safe. */
public final class GroupCreator {
    /** Epochs are stored as signed numbers, and none is ever reached by counting. */
    private static final long MAX_EPOCH = 1L << 62;

    private final Parts parts;
    private final Mirrors mirrors;

    /** @param mirrors the groups that the service follows */
    public GroupCreator(Parts parts, Mirrors mirrors) {
        this.parts = parts;
        this.mirrors = mirrors;
    }

    /** Creates a group in the epoch of its GroupInfo. */
    public Appended create(Requests.Key key, MlsMessage groupInfo, Optional<Bytes> tree, GroupSettings settings)
            throws DeliveryException, IOException {
        Sizes.check(groupInfo.encoded().length, parts.sizes().tree(), "a GroupInfo");
        if (tree.isPresent()) {
            Sizes.check(tree.get().length(), parts.sizes().tree(), "a ratchet tree");
        }
        return Requests.appended(parts.requests().once(key, () -> {
            PublicGroup group = follow(groupInfo, tree);
            GroupState state = group.state();
            Sizes.check(state.groupId().length(), parts.sizes().groupId(), "a group id");
            requireJoinable(groupInfo, settings);
            if (state.epoch() < 0 || state.epoch() > MAX_EPOCH) {
                throw ServiceRule.EPOCH_RANGE.refusal();
            }
            TreeSet<ClientId> members = members(state);
            if (!members.contains(key.client())) {
                throw ServiceRule.CREATOR_NOT_A_MEMBER.refusal();
            }
            Outcome outcome = write(key, group, groupInfo, settings, members);
            if (settings.handshakes() == HandshakePolicy.PUBLIC) {
                begin(group);
            }
            members.forEach(parts.hub()::membershipMoved);
            return outcome;
        }));
    }

    private PublicGroup follow(MlsMessage groupInfo, Optional<Bytes> tree) throws DeliveryException, IOException {
        if (!(groupInfo.body() instanceof MlsMessage.GroupInfo)) {
            throw ServiceRule.WRONG_MESSAGE.refusal();
        }
        try {
            return PublicGroup.follow(parts.environment(), groupInfo, tree);
        } catch (MlsException e) {
            throw Refusals.of(e);
        } catch (DirectoryUnavailableException e) {
            throw e.rethrow();
        }
    }

    private static void requireJoinable(MlsMessage groupInfo, GroupSettings settings) throws DeliveryException {
        boolean joinable = !(settings.externalJoins() instanceof ExternalJoinPolicy.None);
        MlsMessage.GroupInfo body = (MlsMessage.GroupInfo) groupInfo.body();
        if (joinable && !body.groupInfo().extensions().contains(ExtensionType.EXTERNAL_PUB)) {
            throw ServiceRule.GROUP_INFO_WITHOUT_KEY.refusal();
        }
    }

    private static TreeSet<ClientId> members(GroupState state) throws DeliveryException {
        TreeSet<ClientId> out = new TreeSet<>();
        for (Member member : state.roster()) {
            Optional<ClientId> client = Identities.clientOf(member.credential());
            if (client.isPresent() && !out.add(client.get())) {
                throw ServiceRule.CLIENT_TWICE.refusal();
            }
        }
        return out;
    }

    private Outcome write(
            Requests.Key key,
            PublicGroup group,
            MlsMessage groupInfo,
            GroupSettings settings,
            TreeSet<ClientId> members)
            throws DeliveryException, IOException {
        GroupState state = group.state();
        Bytes groupId = state.groupId();
        return parts.engine().write(tx -> {
            if (!GroupTable.add(tx, groupId, state.epoch(), state.context().cipherSuite(), settings, parts.now())) {
                throw Problem.of(ProblemKind.DUPLICATE_GROUP, "there is a group of this id")
                        .asException();
            }
            tx.update(
                    "INSERT INTO group_info (group_id, epoch, message) VALUES (?, ?, ?)",
                    groupId,
                    state.epoch(),
                    Bytes.wrap(groupInfo.encoded()));
            if (settings.handshakes() == HandshakePolicy.PUBLIC) {
                RecordTable.write(tx, groupId, state.epoch(), group.initialChange());
            } else {
                tx.update(
                        "INSERT INTO group_tree (group_id, epoch, tree) VALUES (?, ?, ?)",
                        groupId,
                        state.epoch(),
                        group.ratchetTree());
            }
            // Before any entry, so that no Commit can be taken for the one that brought them.
            Admissions.open(tx, groupId, members, 0);
            Outcome outcome = new Outcome.OfAppend(new Appended(0, state.epoch(), List.of(), false));
            parts.requests().record(tx, key, outcome);
            return outcome;
        });
    }

    private void begin(PublicGroup group) {
        Mirror mirror = mirrors.take(group.state().groupId());
        try {
            // Another may have been quick and appended already: then that one has loaded the mirror.
            if (mirror.group() == null) {
                mirror.begin(group);
            }
        } finally {
            mirrors.release(mirror);
        }
    }
}
