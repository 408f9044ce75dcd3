package org.coppice.delivery.api;

import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/** What an entry of a group's log is, as far as the service can tell. */
public enum EntryKind implements Encodable {
    /** A Commit; the entry's epoch is the one that it ends. */
    COMMIT(1),
    /** A proposal, or in a PrivateMessage what says that it is one. */
    PROPOSAL(2),
    /** An application message. */
    APPLICATION(3),
    /**
     * The service took back the last Commit, because the members could not process it (RFC 9750 §5.3). The entry holds a
     * {@link VoidedCommit}; its epoch is the one that the group is in again. Who entered the epoch of that Commit rejoins.
     */
    VOID(4);

    private final int value;

    EntryKind(int value) {
        this.value = value;
    }

    /** The number on the wire. */
    public int value() {
        return value;
    }

    /** Reads the number. */
    public static EntryKind decode(TlsReader in) throws DecodeException {
        int offset = in.offset();
        int value = in.uint8();
        for (EntryKind kind : values()) {
            if (kind.value == value) {
                return kind;
            }
        }
        throw Nested.unknownTag(value, offset, "entry kind");
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint8(value);
    }
}
