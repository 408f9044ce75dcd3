package org.coppice.delivery.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;

/**
 * Reads a body into memory: never more than its cap, never more than all bodies together may have, never slower than the least rate. No
 * thread waits for the sender.
 *
 * <p>What there is no memory for is read all the same, up to the cap, and thrown away: a connection that is closed on who still sends may
 * lose the answer.
 */
final class BodyReader implements Runnable {
    /** What becomes of a body: one of them is called, once, on a thread that may block. */
    interface Sink {
        void whole(byte[] body);

        void failed(Reply reply);
    }

    /**
     * Where a body's memory comes from.
     *
     * @param budget what there is for all bodies of its kind
     * @param owner who sends it
     */
    record Allowance(Budget budget, Object owner) {
        private boolean acquire(long bytes) {
            return budget.acquire(owner, bytes);
        }

        private void release(long bytes) {
            budget.release(owner, bytes);
        }
    }

    private static final int FIRST_BYTES = 8 * 1024;

    private final Request request;
    private final int max;
    private final Limits limits;
    private final Allowance allowance;
    private final Sink sink;
    private final long begun = NanoTime.now();
    private final AtomicBoolean done = new AtomicBoolean();
    private byte[] buffer = new byte[0];
    private Optional<Reply> refusal = Optional.empty();
    private volatile int size;
    private int sizeAtLook;
    private boolean watched;

    BodyReader(Request request, int max, Limits limits, Allowance allowance, Sink sink) {
        this.request = request;
        this.max = max;
        this.limits = limits;
        this.allowance = allowance;
        this.sink = sink;
    }

    /** Reads what is there, and asks to be run again when there is more. */
    @Override
    public void run() {
        while (!done.get()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                watch();
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                finish(target -> target.failed(Problems.reply(
                        Problems.malformed("BODY", "the body ends before its end, or its chunks are broken"))));
                return;
            }
            boolean last = chunk.isLast();
            boolean fits = take(chunk.getByteBuffer());
            chunk.release();
            if (last || !fits) {
                finish(this::deliver);
                return;
            }
        }
    }

    /** Gives the memory back; after the body has been used. */
    synchronized void release() {
        if (buffer.length > 0) {
            allowance.release(buffer.length);
        }
        buffer = new byte[0];
    }

    static Problem tooLarge(int max) {
        return Problem.of(ProblemKind.TOO_LARGE, "a body here has at most " + max + " bytes");
    }

    /** Appends, or throws away what is refused; false if it is more than the cap. */
    private synchronized boolean take(ByteBuffer part) {
        if (done.get()) {
            return true; // given up meanwhile for its slowness: what was released is not to grow again
        }
        int count = part.remaining();
        if (count > max - size) {
            refusal = refusal.or(() -> Optional.of(Problems.reply(tooLarge(max))));
            return false;
        }
        if (refusal.isEmpty() && !makeRoom(count)) {
            refusal = Optional.of(Problems.reply(Problem.later(
                    ProblemKind.UNAVAILABLE, Duration.ofSeconds(1), "too many bodies are on their way at once")));
            release();
        }
        if (refusal.isEmpty()) {
            part.get(buffer, size, count);
        }
        size += count;
        return true;
    }

    private boolean makeRoom(int count) {
        if (count <= buffer.length - size) {
            return true;
        }
        // Doubling, so that who announces much and sends little does not get much.
        long all = request.getLength() >= 0 ? request.getLength() : max;
        long room = Math.min(all, Math.max(FIRST_BYTES, 2L * buffer.length));
        int wanted = (int) Math.max(size + count, room);
        if (!allowance.acquire(wanted - buffer.length)) {
            return false;
        }
        int more = wanted - buffer.length;
        boolean grown = false;
        try {
            buffer = Arrays.copyOf(buffer, wanted);
            grown = true;
        } finally {
            if (!grown) {
                allowance.release(more); // there was no memory, and what was set apart is not in use
            }
        }
        return true;
    }

    private void deliver(Sink target) {
        if (refusal.isPresent()) {
            target.failed(refusal.get());
        } else {
            target.whole(size == buffer.length ? buffer : Arrays.copyOf(buffer, size));
        }
    }

    private void finish(Consumer<Sink> outcome) {
        if (done.compareAndSet(false, true)) {
            outcome.accept(sink);
        }
    }

    private void watch() {
        if (!watched) {
            watched = true;
            schedule();
        }
    }

    private void schedule() {
        long left = limits.maxTransfer().toNanos() - NanoTime.since(begun);
        request.getComponents()
                .getScheduler()
                .schedule(
                        this::checkRate,
                        Math.max(0, Math.min(left, limits.transferGrace().toNanos())),
                        TimeUnit.NANOSECONDS);
    }

    /** Looks at each span by itself: what came fast before gives nobody the right to be slow now. */
    private void checkRate() {
        if (done.get()) {
            return;
        }
        int now = size;
        boolean late = NanoTime.since(begun) >= limits.maxTransfer().toNanos();
        if (late || now - sizeAtLook < limits.bytesPerGrace()) {
            finish(target -> target.failed(Problems.tooSlow()));
            return;
        }
        sizeAtLook = now;
        schedule();
    }
}
