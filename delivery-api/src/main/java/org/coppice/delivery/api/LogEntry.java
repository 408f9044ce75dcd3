package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * One entry of a group's log.
 *
 * @param seq its place: 1 for the first entry, and no number is left out
 * @param kind what it is
 * @param epoch the epoch that the message is of, an unsigned 64-bit number
 * @param timeMillis when the service took it, in milliseconds since 1970-01-01T00:00:00Z
 * @param message the encoded MLSMessage; for {@link EntryKind#VOID} a {@link VoidedCommit}
 */
public record LogEntry(long seq, EntryKind kind, long epoch, long timeMillis, Bytes message) implements Encodable {
    /** Checks that nothing is missing or negative. */
    public LogEntry {
        Nested.checkNotNegative(seq, "seq");
        Objects.requireNonNull(kind, "kind");
        Nested.checkNotNegative(timeMillis, "timeMillis");
        Objects.requireNonNull(message, "message");
    }

    /** Reads {@code struct { uint64 seq; uint8 kind; uint64 epoch; uint64 time; opaque message<V>; }}. */
    public static LogEntry decode(TlsReader in) throws DecodeException {
        return new LogEntry(
                Nested.positive(in, "a sequence number"),
                EntryKind.decode(in),
                in.uint64(),
                Nested.positive(in, "a time"),
                in.vector());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint64(seq).struct(kind).uint64(epoch).uint64(timeMillis).vector(message);
    }
}
