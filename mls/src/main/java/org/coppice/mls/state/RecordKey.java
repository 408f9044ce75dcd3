package org.coppice.mls.state;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/**
 * The key of one record of a group, one arm for each kind. See the package for the format.
 *
 * <p>Epochs and node indices are unsigned 64-bit numbers, leaf indices and generations uint32. Immutable.
 */
public sealed interface RecordKey {
    /** The version of all keys and values, which begins the values of {@link Group} and {@link Observer}. */
    int FORMAT_VERSION = 1;

    /** The kind. */
    RecordKind kind();

    /** Appends what follows the kind. */
    void encodeFields(TlsWriter out);

    /** The key as the store sees it. */
    default Bytes toBytes() {
        TlsWriter out = new TlsWriter(32);
        out.uint8(kind().code());
        encodeFields(out);
        return out.finishBytes();
    }

    /**
     * Reads a key.
     *
     * @throws DecodeException if it is none of this version
     */
    static RecordKey parse(Bytes key) throws DecodeException {
        TlsReader in = new TlsReader(key, DecodeLimits.DEFAULT);
        int code = in.uint8();
        RecordKind kind =
                RecordKind.of(code).orElseThrow(() -> in.error(Rule.STORED_STATE, "a record of unknown kind " + code));
        RecordKey out = switch (kind) {
            case GROUP -> new Group();
            case EPOCH -> new Epoch(in.uint64());
            case TREE_NODE -> new TreeNode(in.uint64());
            case TREE_KEY -> new TreeKey(in.uint64());
            case SECRET_NODE -> new SecretNode(in.uint64(), in.uint64());
            case RATCHET -> new Ratchet(in.uint64(), in.uint32(), in.uint8());
            case MESSAGE_KEY -> new MessageKey(in.uint64(), in.uint32(), in.uint8(), in.uint32());
            case PROPOSAL -> new Proposal(in.uint64(), in.raw(in.remaining()));
            case PENDING_COMMIT -> new PendingCommit(in.raw(in.remaining()));
            case UNDO -> new Undo(in.uint64());
            case RESUMPTION_PSK -> new ResumptionPsk(in.uint64());
            case UPDATE_KEY -> new UpdateKey(in.raw(in.remaining()));
            case OBSERVER -> new Observer();
        };
        in.expectEnd();
        return out;
    }

    /** The header of the group. */
    record Group() implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.GROUP;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            // There is one.
        }
    }

    /**
     * Context and secrets of an epoch.
     *
     * @param epoch its number
     */
    record Epoch(long epoch) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.EPOCH;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(epoch);
        }
    }

    /**
     * A node of the ratchet tree that is not blank.
     *
     * @param node its index among all nodes
     */
    record TreeNode(long node) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.TREE_NODE;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(node);
        }
    }

    /**
     * The private key of a node of the ratchet tree.
     *
     * @param node its index among all nodes
     */
    record TreeKey(long node) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.TREE_KEY;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(node);
        }
    }

    /**
     * The secret of a node of the secret tree.
     *
     * @param epoch the epoch
     * @param node its index among all nodes
     */
    record SecretNode(long epoch, long node) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.SECRET_NODE;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(epoch).uint64(node);
        }
    }

    /**
     * The position of a sender's ratchet.
     *
     * @param epoch the epoch
     * @param leaf the sender
     * @param type 0 for handshake, 1 for application messages
     */
    record Ratchet(long epoch, long leaf, int type) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.RATCHET;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(epoch).uint32(leaf).uint8(type);
        }
    }

    /**
     * The key and nonce of a generation that was skipped.
     *
     * @param epoch the epoch
     * @param leaf the sender
     * @param type 0 for handshake, 1 for application messages
     * @param generation the generation
     */
    record MessageKey(long epoch, long leaf, int type, long generation) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.MESSAGE_KEY;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(epoch).uint32(leaf).uint8(type).uint32(generation);
        }
    }

    /**
     * A proposal that waits for a Commit.
     *
     * @param epoch the epoch it was sent in
     * @param reference its ProposalRef (RFC 9420 §5.2)
     */
    record Proposal(long epoch, Bytes reference) implements RecordKey {
        /** Checks that nothing is missing. */
        public Proposal {
            Objects.requireNonNull(reference, "reference");
        }

        @Override
        public RecordKind kind() {
            return RecordKind.PROPOSAL;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(epoch).raw(reference);
        }
    }

    /**
     * An own Commit that waits for the server's order.
     *
     * @param id tells it from others
     */
    record PendingCommit(Bytes id) implements RecordKey {
        /** Checks that nothing is missing. */
        public PendingCommit {
            Objects.requireNonNull(id, "id");
        }

        @Override
        public RecordKind kind() {
            return RecordKind.PENDING_COMMIT;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.raw(id);
        }
    }

    /**
     * How the ratchet tree of a past epoch differs from that of the next.
     *
     * @param epoch the past epoch
     */
    record Undo(long epoch) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.UNDO;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(epoch);
        }
    }

    /**
     * The resumption_psk of a past epoch (RFC 9420 §8.6).
     *
     * @param epoch the epoch
     */
    record ResumptionPsk(long epoch) implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.RESUMPTION_PSK;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.uint64(epoch);
        }
    }

    /**
     * The private key of an own Update that waits for a Commit.
     *
     * @param id tells it from others, such as the public key
     */
    record UpdateKey(Bytes id) implements RecordKey {
        /** Checks that nothing is missing. */
        public UpdateKey {
            Objects.requireNonNull(id, "id");
        }

        @Override
        public RecordKind kind() {
            return RecordKind.UPDATE_KEY;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            out.raw(id);
        }
    }

    /** The header and the epoch of a group that is observed: an observer has it where a member has {@link Group}. */
    record Observer() implements RecordKey {
        @Override
        public RecordKind kind() {
            return RecordKind.OBSERVER;
        }

        @Override
        public void encodeFields(TlsWriter out) {
            // There is one.
        }
    }
}
