package org.coppice.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands at noon of a day in June 2026 (UTC) until it is moved. Thread safe. */
public final class SetClock extends Clock {
    private volatile Instant now = Instant.parse("2026-06-01T12:00:00Z");

    /** Moves it on. */
    public synchronized void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        InstantSource source = this::instant;
        return source.withZone(zone);
    }
}
