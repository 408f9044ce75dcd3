package org.coppice.delivery.api;

import java.util.List;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * A run of a group's log, and where the group stands. Media type {@link MediaTypes#LOG}.
 *
 * @param head the last entry that the reader may see, as of the same moment; 0 if there is none
 * @param epoch the group's epoch, an unsigned 64-bit number; for one who left, the epoch it left in
 * @param entries the entries after the cursor in order, without a gap; empty if there is none or no more room
 */
public record LogPage(long head, long epoch, List<LogEntry> entries) implements Encodable {
    /** Copies the list. */
    public LogPage {
        Nested.checkNotNegative(head, "head");
        entries = List.copyOf(entries);
    }

    /** Reads {@code struct { uint64 head; uint64 epoch; LogEntry entries<V>; }}. */
    public static LogPage decode(TlsReader in) throws DecodeException {
        return new LogPage(Nested.positive(in, "a sequence number"), in.uint64(), in.list(LogEntry::decode));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint64(head).uint64(epoch).list(entries);
    }
}
