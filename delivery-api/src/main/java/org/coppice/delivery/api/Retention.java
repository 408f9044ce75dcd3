package org.coppice.delivery.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * How long a group's log is kept. A group may ask for less than the service keeps anyway, not for more.
 *
 * @param maxAge how old an entry may get, from a second to 2^32 - 1 of them, in whole seconds; empty for the service's own limit
 * @param maxEntries how many entries are kept, from 1 to 2^32 - 1; empty for the service's own limit
 */
public record Retention(Optional<Duration> maxAge, Optional<Long> maxEntries) implements Encodable {
    /** As the service does it. */
    public static final Retention OF_SERVICE = new Retention(Optional.empty(), Optional.empty());

    private static final long MAX = 0xffff_ffffL;

    /** Checks the ranges. */
    public Retention {
        Objects.requireNonNull(maxAge, "maxAge");
        Objects.requireNonNull(maxEntries, "maxEntries");
        maxAge.ifPresent(age -> {
            if (age.getNano() != 0) {
                throw new IllegalArgumentException("an age is in whole seconds");
            }
            checkRange(age.getSeconds());
        });
        maxEntries.ifPresent(Retention::checkRange);
    }

    private static void checkRange(long value) {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException(value + " is outside 1 to 2^32 - 1");
        }
    }

    /** Reads {@code struct { uint32 max_age; uint32 max_entries; }}, where 0 stands for the service's own limit. */
    public static Retention decode(TlsReader in) throws DecodeException {
        long age = in.uint32();
        long entries = in.uint32();
        return new Retention(
                age == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(age)),
                entries == 0 ? Optional.empty() : Optional.of(entries));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint32(maxAge.map(Duration::getSeconds).orElse(0L)).uint32(maxEntries.orElse(0L));
    }
}
