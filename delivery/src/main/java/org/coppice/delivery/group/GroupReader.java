package org.coppice.delivery.group;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.observer.PublicGroup;

/** Gives out what describes a group: GroupInfo, tree, settings. Thread safe. */
public final class GroupReader {
    private final Parts parts;

    /** @param parts what it works with */
    public GroupReader(Parts parts) {
        this.parts = parts;
    }

    /** The GroupInfo of the present epoch, for members and for those whom policy lets in. */
    public MlsMessage groupInfo(ClientId client, Bytes groupId) throws DeliveryException, IOException {
        Bytes stored = parts.engine().read(tx -> {
            GroupRow row = Access.of(tx, groupId, client).row();
            return tx.first(
                            "SELECT message FROM group_info WHERE group_id = ? AND epoch = ?",
                            found -> found.bytes(1),
                            groupId,
                            row.epoch())
                    .orElseThrow(() -> Problem.of(ProblemKind.UNKNOWN, "there is no GroupInfo of the present epoch")
                            .asException());
        });
        try {
            return MlsMessage.decode(stored, new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE));
        } catch (DecodeException e) {
            throw new IllegalStateException("a stored GroupInfo is damaged", e);
        }
    }

    private record Stored(Optional<Bytes> tree, Map<Bytes, byte[]> records) {}

    /**
     * The tree of an epoch that is kept, for members and for those whom policy lets in: their GroupInfo may be of an epoch that has just
     * passed, and then it is the Commit that tells them.
     */
    public Bytes ratchetTree(ClientId client, Bytes groupId, long epoch) throws DeliveryException, IOException {
        Stored stored = parts.engine().read(tx -> {
            GroupRow row = Access.of(tx, groupId, client).row();
            if (Long.compareUnsigned(epoch, row.epoch()) > 0) {
                throw Problem.of(ProblemKind.UNKNOWN, "the group is not in that epoch yet")
                        .asException();
            }
            if (epoch < row.treeFloor()) {
                throw gone();
            }
            if (row.isPublic()) {
                return new Stored(Optional.empty(), RecordTable.load(tx, groupId, epoch));
            }
            Optional<Bytes> tree = tx.first(
                    "SELECT tree FROM group_tree WHERE group_id = ? AND epoch = ?",
                    found -> found.bytes(1),
                    groupId,
                    epoch);
            return new Stored(tree, Map.of());
        });
        if (stored.tree().isPresent()) {
            return stored.tree().get();
        }
        if (stored.records().isEmpty()) {
            throw Problem.of(ProblemKind.UNKNOWN, "the committer handed in no tree")
                    .asException();
        }
        try {
            return PublicGroup.load(parts.environment(), stored.records()).ratchetTree();
        } catch (MlsException e) {
            throw new IllegalStateException("the stored state of a group is damaged", e);
        }
    }

    private static DeliveryException gone() {
        return Problem.of(ProblemKind.GONE, "the tree of that epoch is kept no longer")
                .asException();
    }

    /** How the service treats a group. */
    public GroupSettings settings(ClientId client, Bytes groupId) throws DeliveryException, IOException {
        return parts.engine().read(tx -> Access.of(tx, groupId, client).row().settings());
    }

    /** Changes how the service treats a group, for a member. */
    public void changeSettings(Requests.Key key, Bytes groupId, GroupSettings settings)
            throws DeliveryException, IOException {
        parts.requests()
                .once(
                        key,
                        () -> parts.engine().write(tx -> {
                            GroupRow row = Access.ofMember(tx, groupId, key.client());
                            if (row.settings().handshakes() != settings.handshakes()) {
                                throw ServiceRule.HANDSHAKE_POLICY_FIXED.refusal();
                            }
                            GroupTable.changeSettings(tx, groupId, settings);
                            parts.requests().record(tx, key, Outcome.DONE);
                            return Outcome.DONE;
                        }));
    }
}
