package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/** What a write that took effect had for an answer. A refused write took no effect and left no outcome. */
public sealed interface Outcome extends Encodable {
    /** A write whose answer says no more than that it was done. */
    Outcome DONE = new Done();

    /**
     * An append to a log, or the creation of a group.
     *
     * @param appended the answer
     */
    record OfAppend(Appended appended) implements Outcome {
        /** Checks that it is there. */
        public OfAppend {
            Objects.requireNonNull(appended, "appended");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).struct(appended);
        }
    }

    /**
     * A claim of key packages.
     *
     * @param result the answer
     */
    record OfClaim(ClaimResult result) implements Outcome {
        /** Checks that it is there. */
        public OfClaim {
            Objects.requireNonNull(result, "result");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).struct(result);
        }
    }

    /**
     * A publication of key packages.
     *
     * @param stock the answer
     */
    record OfPublication(Stock stock) implements Outcome {
        /** Checks that it is there. */
        public OfPublication {
            Objects.requireNonNull(stock, "stock");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(3).struct(stock);
        }
    }

    /** {@link Outcome#DONE}. */
    record Done() implements Outcome {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(4);
        }
    }

    /** Reads the tag and what follows from it. */
    static Outcome decode(TlsReader in) throws DecodeException {
        int offset = in.offset();
        int tag = in.uint8();
        return switch (tag) {
            case 1 -> new OfAppend(Appended.decode(in));
            case 2 -> new OfClaim(ClaimResult.decode(in));
            case 3 -> new OfPublication(Stock.decode(in));
            case 4 -> DONE;
            default -> throw Nested.unknownTag(tag, offset, "outcome");
        };
    }
}
