package org.coppice.delivery.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;

/**
 * Another engine whose check also asks whether writes are taken. A file system that has become read-only, a standby and a full disk go on
 * answering reads, and a node that only read would be sent requests that it can do nothing with.
 *
 * <p>It writes one row, at most once in {@link #PAUSE} however often it is asked. Where there is no room a row that is there may still
 * be changed; so the check also fails for {@link #NO_ROOM} after a write was refused for that. Thread safe.
 */
public final class ProbedEngine implements Engine {
    /** How long what was found counts. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    /** As long as those are told to wait who were refused for want of room. */
    static final Duration NO_ROOM = Failure.LATER;

    /** How long a check waits for the database to confirm: as when its synchronous standby is away. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Engine engine;
    private final LongSupplier nanos;
    private Optional<Probe> last = Optional.empty();
    private volatile long lastRefusal;
    private volatile boolean refused;

    /** One write. */
    private static final class Probe {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private volatile long ended;
    }

    /** @param engine which is closed with this one */
    public ProbedEngine(Engine engine) {
        this(engine, System::nanoTime);
    }

    /** @param nanos what time it is, as {@link System#nanoTime} tells it */
    ProbedEngine(Engine engine, LongSupplier nanos) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.nanos = Objects.requireNonNull(nanos, "nanos");
    }

    @Override
    public <T> T read(Work<T> work) throws DeliveryException, IOException {
        return engine.read(work);
    }

    @Override
    public <T> T write(Work<T> work) throws DeliveryException, IOException {
        try {
            return engine.write(work);
        } catch (DeliveryException e) {
            note(e);
            throw e;
        }
    }

    @Override
    public <T> T write(Bytes lane, Work<T> work) throws DeliveryException, IOException {
        try {
            return engine.write(lane, work);
        } catch (DeliveryException e) {
            note(e);
            throw e;
        }
    }

    private void note(DeliveryException e) {
        if (e.kind() == ProblemKind.OUT_OF_STORAGE) {
            lastRefusal = nanos.getAsLong();
            refused = true;
        }
    }

    @Override
    public void check() throws DeliveryException, IOException {
        engine.check();
        if (refused && nanos.getAsLong() - lastRefusal < NO_ROOM.toNanos()) {
            throw cannotWrite("the database has no room left");
        }
        try {
            probe().done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw cannotWrite("the database confirms no writes");
        } catch (ExecutionException e) {
            throw cannotWrite("the database takes no writes");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the database was asked", e);
        }
    }

    private static DeliveryException cannotWrite(String why) {
        return Problem.of(ProblemKind.UNAVAILABLE, why).asException();
    }

    /** The one that is under way, one that ended a moment ago, or a new one. */
    private synchronized Probe probe() {
        if (last.isPresent() && !isOld(last.get())) {
            return last.get();
        }
        Probe next = new Probe();
        // On a thread of its own, which may be held up for as long as the database says nothing.
        Thread thread = new Thread(() -> run(next), "coppice-probe");
        thread.setDaemon(true);
        thread.start();
        last = Optional.of(next);
        return next;
    }

    private boolean isOld(Probe probe) {
        return probe.done.isDone() && nanos.getAsLong() - probe.ended >= PAUSE.toNanos();
    }

    private void run(Probe probe) {
        try {
            long now = System.currentTimeMillis();
            engine.write(tx -> tx.update("UPDATE write_probe SET written = ? WHERE id = 1", now));
            end(probe);
            probe.done.complete(null);
        } catch (DeliveryException | IOException | RuntimeException | Error e) {
            end(probe);
            probe.done.completeExceptionally(e);
        }
    }

    private void end(Probe probe) {
        probe.ended = nanos.getAsLong();
    }

    @Override
    public Dialect dialect() {
        return engine.dialect();
    }

    @Override
    public SignalBus signals() {
        return engine.signals();
    }

    @Override
    public void close() {
        engine.close();
    }
}
