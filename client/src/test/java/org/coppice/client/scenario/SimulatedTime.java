package org.coppice.client.scenario;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.coppice.client.model.ClientEnvironment;

/** A clock that stands still, but for sleepers and {@link #pass}, and that knows how long they slept. Thread safe. */
public final class SimulatedTime extends Clock implements ClientEnvironment.Sleeper {
    private final AtomicLong millis =
            new AtomicLong(Instant.parse("2026-06-01T12:00:00Z").toEpochMilli());

    private final AtomicLong slept = new AtomicLong();
    private volatile Runnable meanwhile = () -> {};

    @Override
    public void sleep(Duration duration) {
        slept.addAndGet(duration.toMillis());
        Runnable once = meanwhile;
        meanwhile = () -> {};
        once.run();
        pass(duration);
    }

    /** How long sleepers have slept. */
    public Duration slept() {
        return Duration.ofMillis(slept.get());
    }

    /** Something that happens while the next sleeper sleeps. */
    public void meanwhile(Runnable action) {
        meanwhile = action;
    }

    /** Lets time pass. */
    public void pass(Duration duration) {
        millis.addAndGet(duration.toMillis());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
