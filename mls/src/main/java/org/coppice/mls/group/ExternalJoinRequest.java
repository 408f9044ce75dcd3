package org.coppice.mls.group;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.tree.LeafIndex;

/** What a client needs to join by an external Commit (RFC 9420 §12.4.3.2). Immutable; the withers give changed copies. */
public final class ExternalJoinRequest {
    private final GroupInfo groupInfo;
    private final Optional<Bytes> ratchetTree;
    private final Optional<LeafIndex> oldLeaf;
    private final List<PreSharedKeyId> psks;
    private final Bytes authenticatedData;

    private ExternalJoinRequest(
            GroupInfo groupInfo,
            Optional<Bytes> ratchetTree,
            Optional<LeafIndex> oldLeaf,
            List<PreSharedKeyId> psks,
            Bytes authenticatedData) {
        this.groupInfo = groupInfo;
        this.ratchetTree = ratchetTree;
        this.oldLeaf = oldLeaf;
        this.psks = List.copyOf(psks);
        this.authenticatedData = Objects.requireNonNull(authenticatedData, "authenticatedData");
    }

    /**
     * A request for the group that a GroupInfo describes.
     *
     * @throws IllegalArgumentException if the message holds no GroupInfo
     */
    public static ExternalJoinRequest of(MlsMessage groupInfo) {
        if (groupInfo.body() instanceof MlsMessage.GroupInfo body) {
            return new ExternalJoinRequest(
                    body.groupInfo(), Optional.empty(), Optional.empty(), List.of(), Bytes.EMPTY);
        }
        throw new IllegalArgumentException("the message holds no GroupInfo but a " + groupInfo.wireFormat());
    }

    /** With the ratchet tree, encoded as in the ratchet_tree extension, for a GroupInfo that does not carry it. */
    public ExternalJoinRequest withRatchetTree(Bytes encoded) {
        return new ExternalJoinRequest(groupInfo, Optional.of(encoded), oldLeaf, psks, authenticatedData);
    }

    /**
     * Removes this client's old leaf in the same Commit: resynchronization of a client that lost its state. Joining fails with
     * {@link org.coppice.mls.error.Rule#EXTERNAL_COMMIT_REMOVE} if the leaf is another client's in the validator's judgement.
     */
    public ExternalJoinRequest replacing(LeafIndex leaf) {
        return new ExternalJoinRequest(groupInfo, ratchetTree, Optional.of(leaf), psks, authenticatedData);
    }

    /** Mixes in pre-shared keys, whose nonces must be fresh and as long as the suite's hash. */
    public ExternalJoinRequest withPsks(List<PreSharedKeyId> ids) {
        return new ExternalJoinRequest(groupInfo, ratchetTree, oldLeaf, ids, authenticatedData);
    }

    /** With data that are authenticated with the Commit. */
    public ExternalJoinRequest withAuthenticatedData(Bytes data) {
        return new ExternalJoinRequest(groupInfo, ratchetTree, oldLeaf, psks, data);
    }

    GroupInfo groupInfo() {
        return groupInfo;
    }

    Optional<Bytes> ratchetTree() {
        return ratchetTree;
    }

    Optional<LeafIndex> oldLeaf() {
        return oldLeaf;
    }

    List<PreSharedKeyId> psks() {
        return psks;
    }

    Bytes authenticatedData() {
        return authenticatedData;
    }
}
