package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.tree.LeafIndex;

/** What a client needs to join by an external Commit (RFC 9420 §12.4.3.2). Immutable; the withers give changed copies. */
public final class ExternalJoinRequest {
    private static final OldLeaf NONE = (state, client) -> Optional.empty();

    private final GroupInfo groupInfo;
    private final Optional<Bytes> ratchetTree;
    private final OldLeaf oldLeaf;
    private final List<Function<Supplier<Bytes>, PreSharedKeyId>> psks;
    private final Bytes authenticatedData;

    /** Which leaf the Commit removes, in a group that was checked. */
    @FunctionalInterface
    interface OldLeaf {
        Optional<LeafIndex> in(GroupState state, MlsClient client) throws ValidationException;
    }

    private ExternalJoinRequest(
            GroupInfo groupInfo,
            Optional<Bytes> ratchetTree,
            OldLeaf oldLeaf,
            List<Function<Supplier<Bytes>, PreSharedKeyId>> psks,
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
            return new ExternalJoinRequest(body.groupInfo(), Optional.empty(), NONE, List.of(), Bytes.EMPTY);
        }
        throw new IllegalArgumentException("the message holds no GroupInfo but a " + groupInfo.wireFormat());
    }

    /** With the ratchet tree, encoded as in the ratchet_tree extension, for a GroupInfo that does not carry it. */
    public ExternalJoinRequest withRatchetTree(Bytes encoded) {
        return new ExternalJoinRequest(groupInfo, Optional.of(encoded), oldLeaf, psks, authenticatedData);
    }

    /**
     * Removes this client's old leaf in the same Commit: resynchronization of a client that lost its state. Joining fails with
     * {@link Rule#EXTERNAL_COMMIT_REMOVE} if the leaf is another client's in the validator's judgement.
     *
     * @param leaf where it is; {@link #replacingOwnLeaf} for who does not know
     */
    public ExternalJoinRequest replacing(LeafIndex leaf) {
        Objects.requireNonNull(leaf, "leaf");
        return new ExternalJoinRequest(
                groupInfo, ratchetTree, (state, client) -> Optional.of(leaf), psks, authenticatedData);
    }

    /**
     * Removes this client's old leaf in the same Commit, as {@link #replacing} does, and finds it: the leaf with this client's signature
     * key or, if no leaf has it, the only one that the client may replace in the validator's judgement ({@link
     * org.coppice.mls.credential.CredentialValidator#isSuccessor}). Joining fails with {@link Rule#EXTERNAL_COMMIT_REMOVE} if there is
     * none, because the client is no member any more, or more than one: then {@link #replacing} says which.
     */
    public ExternalJoinRequest replacingOwnLeaf() {
        OldLeaf own = (state, client) -> Optional.of(OwnLeaf.in(state, client));
        return new ExternalJoinRequest(groupInfo, ratchetTree, own, psks, authenticatedData);
    }

    /** Mixes in a pre-shared key of the application, with a fresh nonce (§12.1.4). */
    public ExternalJoinRequest externalPsk(Bytes pskId) {
        return with(nonce -> new PreSharedKeyId.External(pskId, nonce.get()));
    }

    /** Mixes in the resumption_psk of an epoch, of this group before the state was lost or of another, with a fresh nonce (§8.6). */
    public ExternalJoinRequest resumptionPsk(Bytes groupId, long epoch) {
        return with(
                nonce -> new PreSharedKeyId.Resumption(ResumptionPskUsage.APPLICATION, groupId, epoch, nonce.get()));
    }

    /** Mixes in only these pre-shared keys, with nonces of the caller's, which must be fresh and as long as the suite's hash. */
    public ExternalJoinRequest withPsks(List<PreSharedKeyId> ids) {
        List<Function<Supplier<Bytes>, PreSharedKeyId>> given = new ArrayList<>();
        ids.forEach(id -> given.add(nonce -> id));
        return new ExternalJoinRequest(groupInfo, ratchetTree, oldLeaf, given, authenticatedData);
    }

    private ExternalJoinRequest with(Function<Supplier<Bytes>, PreSharedKeyId> psk) {
        List<Function<Supplier<Bytes>, PreSharedKeyId>> more = new ArrayList<>(psks);
        more.add(psk);
        return new ExternalJoinRequest(groupInfo, ratchetTree, oldLeaf, more, authenticatedData);
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

    /** Whether the Commit removes a leaf. */
    boolean replaces() {
        return oldLeaf != NONE;
    }

    /**
     * The leaf that the Commit removes, if it removes one.
     *
     * @throws ValidationException if it cannot be found ({@link Rule#EXTERNAL_COMMIT_REMOVE})
     */
    Optional<LeafIndex> oldLeaf(GroupState state, MlsClient client) throws ValidationException {
        return oldLeaf.in(state, client);
    }

    /** @param nonces gives a new one for each key */
    List<PreSharedKeyId> psks(Supplier<Bytes> nonces) {
        return psks.stream().map(psk -> psk.apply(nonces)).toList();
    }

    Bytes authenticatedData() {
        return authenticatedData;
    }
}
