package org.coppice.mls.epoch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;

/**
 * All that is public about one epoch of a group. An immutable value: keep it, share it, compare it freely. Two members agree on
 * the epoch if and only if their contexts and epoch authenticators are equal.
 */
public final class GroupState {
    private final GroupContext context;
    private final Bytes encodedContext;
    private final RatchetTree tree;
    private final Bytes interimTranscriptHash;
    private final Bytes confirmationTag;
    /** Null until somebody asks. */
    private volatile List<ExternalSender> externalSenders;

    /**
     * A state from its parts, which are not checked to belong together: who has one has it from a group or from a check.
     *
     * @param interimTranscriptHash RFC 9420 §8.2
     * @param confirmationTag of the Commit that began the epoch
     */
    public GroupState(GroupContext context, RatchetTree tree, Bytes interimTranscriptHash, Bytes confirmationTag) {
        this.context = Objects.requireNonNull(context, "context");
        this.encodedContext = SuiteCrypto.encode(context);
        this.tree = Objects.requireNonNull(tree, "tree");
        this.interimTranscriptHash = Objects.requireNonNull(interimTranscriptHash, "interimTranscriptHash");
        this.confirmationTag = Objects.requireNonNull(confirmationTag, "confirmationTag");
    }

    /** What all members agree on (RFC 9420 §8.1). */
    public GroupContext context() {
        return context;
    }

    /** The encoding of {@link #context()}. */
    public Bytes encodedContext() {
        return encodedContext;
    }

    /** The ratchet tree. */
    public RatchetTree tree() {
        return tree;
    }

    /** The interim transcript hash (RFC 9420 §8.2). */
    public Bytes interimTranscriptHash() {
        return interimTranscriptHash;
    }

    /** The confirmation tag of the Commit that began the epoch. */
    public Bytes confirmationTag() {
        return confirmationTag;
    }

    /**
     * The external senders of the group, by their sender indices (RFC 9420 §12.1.8.1). They are decoded once: who is none of them
     * could have that done for each message, before its signature is looked at.
     *
     * @param limits apply where they are decoded
     * @throws DecodeException if the extension's data are malformed or exceed {@code limits}
     */
    public List<ExternalSender> externalSenders(DecodeLimits limits) throws DecodeException {
        List<ExternalSender> present = externalSenders;
        if (present == null) {
            // Whoever comes first, or several: they find the same.
            present = ExternalSender.in(context.extensions(), limits);
            externalSenders = present;
        }
        return present;
    }

    /** The group. */
    public Bytes groupId() {
        return context.groupId();
    }

    /** The number of the epoch, an unsigned 64-bit number. */
    public long epoch() {
        return context.epoch();
    }

    /** The member at a leaf, if it is occupied. */
    public Optional<Member> member(LeafIndex leafIndex) {
        return tree.leaf(leafIndex).map(leaf -> new Member(leafIndex, leaf));
    }

    /** All members, by their leaves from left to right. */
    public List<Member> roster() {
        List<Member> out = new ArrayList<>(tree.memberCount());
        tree.forEachLeaf((LeafIndex index, LeafNode leaf) -> out.add(new Member(index, leaf)));
        return List.copyOf(out);
    }

    /** Equal context and confirmation tag, which bind the tree and the transcript. */
    @Override
    public boolean equals(Object o) {
        return o instanceof GroupState other && encodedContext.equals(other.encodedContext) && isConfirmedLike(other);
    }

    private boolean isConfirmedLike(GroupState other) {
        return SuiteCrypto.constantTimeEquals(confirmationTag, other.confirmationTag);
    }

    @Override
    public int hashCode() {
        return encodedContext.hashCode();
    }

    @Override
    public String toString() {
        return "GroupState[" + context.cipherSuite() + ", epoch " + Long.toUnsignedString(epoch()) + ", "
                + tree.memberCount() + " members]";
    }
}
