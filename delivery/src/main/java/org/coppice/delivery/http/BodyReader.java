package org.coppice.delivery.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
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
 */
final class BodyReader implements Runnable {
    /** What becomes of a body: called once, on a thread that may block. */
    interface Sink {
        void whole(byte[] body);

        void failed(Reply reply);
    }

    private static final int FIRST_BYTES = 8 * 1024;

    private final Request request;
    private final int max;
    private final Limits limits;
    private final Budget budget;
    private final Sink sink;
    private final long begun = NanoTime.now();
    private final AtomicBoolean done = new AtomicBoolean();
    private byte[] buffer = new byte[0];
    private volatile int size;
    private boolean watched;

    BodyReader(Request request, int max, Limits limits, Budget budget, Sink sink) {
        this.request = request;
        this.max = max;
        this.limits = limits;
        this.budget = budget;
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
            Reply refusal = take(chunk.getByteBuffer());
            chunk.release();
            if (refusal != null) {
                finish(target -> target.failed(refusal));
                return;
            }
            if (last) {
                byte[] body = size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
                finish(target -> target.whole(body));
                return;
            }
        }
    }

    /** Gives the memory back; after the body has been used. */
    synchronized void release() {
        budget.release(buffer.length);
        buffer = new byte[0];
    }

    static Problem tooLarge(int max) {
        return Problem.of(ProblemKind.TOO_LARGE, "a body here has at most " + max + " bytes");
    }

    /** Appends; returns the refusal if that cannot be. */
    private synchronized Reply take(ByteBuffer part) {
        if (done.get()) {
            return null; // given up meanwhile for its slowness: what was released is not to grow again
        }
        int count = part.remaining();
        if (count > max - size) {
            return Problems.reply(tooLarge(max));
        }
        if (count > buffer.length - size) {
            // Doubling, so that who announces much and sends little does not get much.
            long all = request.getLength() >= 0 ? request.getLength() : max;
            long room = Math.min(all, Math.max(FIRST_BYTES, 2L * buffer.length));
            int wanted = (int) Math.max(size + count, room);
            if (!budget.acquire(wanted - buffer.length)) {
                return Problems.reply(Problem.later(
                        ProblemKind.UNAVAILABLE, Duration.ofSeconds(1), "too many bodies are on their way at once"));
            }
            buffer = Arrays.copyOf(buffer, wanted);
        }
        part.get(buffer, size, count);
        size += count;
        return null;
    }

    private void finish(Consumer<Sink> outcome) {
        if (done.compareAndSet(false, true)) {
            outcome.accept(sink);
        }
    }

    private void watch() {
        if (!watched) {
            watched = true;
            schedule(limits.transferNanos(size));
        }
    }

    private void schedule(long nanos) {
        request.getComponents().getScheduler().schedule(this::checkRate, nanos, TimeUnit.NANOSECONDS);
    }

    private void checkRate() {
        if (done.get()) {
            return;
        }
        long left = limits.transferNanos(size) - NanoTime.since(begun);
        if (left > 0) {
            schedule(left);
            return;
        }
        finish(target -> target.failed(Problems.tooSlow()));
    }
}
