package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;

/**
 * A Welcome for one client.
 *
 * @param seq its place in the client's inbox, growing; numbers may be left out
 * @param groupId the group
 * @param logSeq the entry of the Commit in the group's log; the new member reads from there on
 * @param epoch the epoch that the Commit began, an unsigned 64-bit number, for {@link DeliverySession#ratchetTree}
 * @param timeMillis when the service took it, in milliseconds since 1970-01-01T00:00:00Z
 * @param welcome the Welcome
 */
public record InboxEntry(long seq, Bytes groupId, long logSeq, long epoch, long timeMillis, MlsMessage welcome)
        implements Encodable {
    /** Checks that nothing is missing or negative. */
    public InboxEntry {
        Nested.checkNotNegative(seq, "seq");
        Objects.requireNonNull(groupId, "groupId");
        Nested.checkNotNegative(logSeq, "logSeq");
        Nested.checkNotNegative(timeMillis, "timeMillis");
        Objects.requireNonNull(welcome, "welcome");
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static InboxEntry decode(TlsReader in) throws DecodeException {
        return new InboxEntry(
                Nested.positive(in, "a sequence number"),
                in.vector(),
                Nested.positive(in, "a sequence number"),
                in.uint64(),
                Nested.positive(in, "a time"),
                Nested.message(in));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint64(seq).vector(groupId).uint64(logSeq).uint64(epoch).uint64(timeMillis);
        Nested.write(out, welcome);
    }
}
