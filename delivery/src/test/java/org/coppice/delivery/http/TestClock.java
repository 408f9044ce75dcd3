package org.coppice.delivery.http;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock that says what a test wants, in milliseconds since 1970-01-01T00:00:00Z. */
final class TestClock extends Clock {
    private final LongSupplier millis;

    TestClock(LongSupplier millis) {
        this.millis = millis;
    }

    @Override
    public long millis() {
        return millis.getAsLong();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a clock of a test has one zone");
    }
}
