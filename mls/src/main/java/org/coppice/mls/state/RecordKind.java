package org.coppice.mls.state;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/** The kinds of records of a group; their order is that of the keys. */
public enum RecordKind {
    /** Header of the group. */
    GROUP,
    /** Context and secrets of an epoch. */
    EPOCH,
    /** A node of the ratchet tree. */
    TREE_NODE,
    /** Private key of a node of the ratchet tree. */
    TREE_KEY,
    /** Secret of a node of the secret tree. */
    SECRET_NODE,
    /** Position of a sender's ratchet. */
    RATCHET,
    /** Key and nonce of a skipped generation. */
    MESSAGE_KEY,
    /** A proposal that waits for a Commit. */
    PROPOSAL,
    /** An own Commit that waits for the server's order. */
    PENDING_COMMIT,
    /** How the ratchet tree of a past epoch differs from the next. */
    UNDO,
    /** resumption_psk of a past epoch. */
    RESUMPTION_PSK,
    /** Private key of an own Update that waits for a Commit. */
    UPDATE_KEY,
    /** Header and epoch of a group that is observed, without secrets. */
    OBSERVER;

    private static final RecordKind[] ALL = values();

    /** The byte that begins each key of the kind. */
    public int code() {
        return ordinal() + 1;
    }

    /** What all keys of the kind begin with. */
    public Bytes prefix() {
        return Bytes.wrap(new byte[] {(byte) code()});
    }

    /** What all keys of the kind and of one epoch begin with, for kinds whose first field is an epoch. */
    public Bytes prefix(long epoch) {
        return new TlsWriter(16).uint8(code()).uint64(epoch).toBytes();
    }

    /** Whether {@code key} is of this kind. */
    public boolean matches(Bytes key) {
        return !key.isEmpty() && key.at(0) == code();
    }

    /** The kind of this byte, if there is one. */
    public static Optional<RecordKind> of(int code) {
        return code < 1 || code > ALL.length ? Optional.empty() : Optional.of(ALL[code - 1]);
    }
}
