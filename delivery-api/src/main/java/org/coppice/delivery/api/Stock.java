package org.coppice.delivery.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;

/**
 * What a client has left to be claimed: when to publish more, and when to replace the last resort (RFC 9750 §5.1).
 *
 * @param suites one for each suite that it has key packages for, in the order of their numbers
 */
public record Stock(List<OfSuite> suites) implements Encodable {
    /** Copies the list. */
    public Stock {
        suites = List.copyOf(suites);
    }

    /**
     * The stock for one suite.
     *
     * @param cipherSuite the suite
     * @param ordinary how many key packages for one use are left that have not expired
     * @param lastResort the key package that is given when there are none, if there is one
     */
    public record OfSuite(CipherSuite cipherSuite, int ordinary, Optional<LastResort> lastResort) implements Encodable {
        /** Checks that nothing is missing or negative. */
        public OfSuite {
            Objects.requireNonNull(cipherSuite, "cipherSuite");
            Nested.checkNotNegative(ordinary, "ordinary");
            Objects.requireNonNull(lastResort, "lastResort");
        }

        /** Reads what {@link #encodeTo} wrote. */
        public static OfSuite decode(TlsReader in) throws DecodeException {
            CipherSuite suite = CipherSuite.decode(in);
            int offset = in.offset();
            long ordinary = in.uint32();
            if (ordinary > Integer.MAX_VALUE) {
                throw Nested.tooMany(Integer.MAX_VALUE, offset, "key packages");
            }
            return new OfSuite(suite, (int) ordinary, in.optional(LastResort::decode));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(cipherSuite).uint32(ordinary).optional(lastResort);
        }
    }

    /**
     * A last-resort key package.
     *
     * @param publishedMillis when it was published, in milliseconds since 1970-01-01T00:00:00Z
     * @param uses how many times it was given out
     */
    public record LastResort(long publishedMillis, long uses) implements Encodable {
        /** Checks that nothing is negative. */
        public LastResort {
            Nested.checkNotNegative(publishedMillis, "publishedMillis");
            Nested.checkNotNegative(uses, "uses");
        }

        /** Reads what {@link #encodeTo} wrote. */
        public static LastResort decode(TlsReader in) throws DecodeException {
            return new LastResort(Nested.positive(in, "a time"), Nested.positive(in, "a count"));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint64(publishedMillis).uint64(uses);
        }
    }

    /** The stock for {@code cipherSuite}; nothing if there is none. */
    public OfSuite of(CipherSuite cipherSuite) {
        return suites.stream()
                .filter(suite -> suite.cipherSuite().equals(cipherSuite))
                .findFirst()
                .orElseGet(() -> new OfSuite(cipherSuite, 0, Optional.empty()));
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static Stock decode(TlsReader in) throws DecodeException {
        return new Stock(in.list(OfSuite::decode));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.list(suites);
    }
}
