package org.coppice.delivery.api;

import java.util.List;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * The answer to an append: it is in the log, for good.
 *
 * @param seq its place in the log; 0 for the creation of a group
 * @param epoch the group's epoch afterwards, an unsigned 64-bit number
 * @param unroutedWelcomes new members whose key packages the service does not know: the committer hands them the Welcome
 * @param repeated whether this is the answer to an earlier request with the same id
 */
public record Appended(long seq, long epoch, List<KeyPackageRef> unroutedWelcomes, boolean repeated)
        implements Encodable {
    /** Copies the list. */
    public Appended {
        Nested.checkNotNegative(seq, "seq");
        unroutedWelcomes = List.copyOf(unroutedWelcomes);
    }

    /** The same answer, given again. */
    public Appended asRepeated() {
        return new Appended(seq, epoch, unroutedWelcomes, true);
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static Appended decode(TlsReader in) throws DecodeException {
        return new Appended(
                Nested.positive(in, "a sequence number"), in.uint64(), in.list(KeyPackageRef::decode), in.present());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint64(seq).uint64(epoch).list(unroutedWelcomes).uint8(repeated ? 1 : 0);
    }
}
