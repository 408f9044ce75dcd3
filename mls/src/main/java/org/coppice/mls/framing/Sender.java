package org.coppice.mls.framing;

import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.tree.LeafIndex;

/** Who sent a message (RFC 9420 §6). */
public sealed interface Sender extends Encodable {
    /** Reads {@code Sender}. */
    static Sender decode(TlsReader in) throws DecodeException {
        int start = in.offset();
        int type = in.uint8();
        return switch (type) {
            case 1 -> new Member(LeafIndex.decode(in));
            case 2 -> new External(in.uint32());
            case 3 -> new NewMemberProposal();
            case 4 -> new NewMemberCommit();
            default -> throw new DecodeException(Rule.UNKNOWN_DISCRIMINATOR, start, "SenderType " + type);
        };
    }

    /** Whether the signature covers the GroupContext of the epoch (RFC 9420 §6.1). */
    default boolean signsGroupContext() {
        return this instanceof Member || this instanceof NewMemberCommit;
    }

    /**
     * A member of the group.
     *
     * @param leafIndex its leaf
     */
    record Member(LeafIndex leafIndex) implements Sender {
        /** Checks that nothing is missing. */
        public Member {
            Objects.requireNonNull(leafIndex, "leafIndex");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).struct(leafIndex);
        }
    }

    /**
     * Someone outside that the group's external_senders extension names.
     *
     * @param senderIndex the position in that list, uint32
     */
    record External(long senderIndex) implements Sender {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).uint32(senderIndex);
        }
    }

    /** A client that proposes to be added. */
    record NewMemberProposal() implements Sender {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(3);
        }
    }

    /** A client that joins by an external Commit. */
    record NewMemberCommit() implements Sender {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(4);
        }
    }
}
