package org.coppice.delivery.http;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.coppice.delivery.ops.Metrics;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** A request and the one answer that it gets. Thread safe: whoever answers first does, the others do nothing. */
final class Exchange {
    /** What fits into a socket's buffers costs nothing but those, however slowly it is read. */
    private static final int WATCHED_BYTES = 64 * 1024;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Limits limits;
    private final Metrics metrics;
    private final Metrics.Sample sample;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile String route = "none";
    private volatile Runnable whenEnded = () -> {};

    Exchange(Request request, Response response, Callback callback, Limits limits, Metrics metrics) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.limits = limits;
        this.metrics = metrics;
        this.sample = metrics.begin();
    }

    Request request() {
        return request;
    }

    /** Names the route, for the metrics. */
    void routed(String name) {
        route = name;
    }

    /** Runs {@code action} once the exchange has ended, however it did. Only one; set before the answer. */
    void whenEnded(Runnable action) {
        whenEnded = action;
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** Answers, and ends the exchange. */
    void send(Reply reply) {
        if (!begin(reply)) {
            return;
        }
        if (reply.body().length == 0) {
            response.write(true, null, Callback.from(this::succeed, this::fail));
            return;
        }
        HttpFields.Mutable fields = response.getHeaders();
        fields.put(HttpHeader.CONTENT_TYPE, reply.type());
        fields.put(HttpHeader.CONTENT_LENGTH, reply.body().length);
        ByteBuffer body = ByteBuffer.wrap(reply.body());
        if (reply.body().length <= WATCHED_BYTES) {
            response.write(true, body, Callback.from(this::succeed, this::fail));
            return;
        }
        Scheduler.Task deadline = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> fail(new TimeoutException("the answer is read too slowly")),
                        limits.transferNanos(reply.body().length),
                        TimeUnit.NANOSECONDS);
        response.write(
                true,
                body,
                Callback.from(
                        () -> {
                            deadline.cancel();
                            succeed();
                        },
                        failure -> {
                            deadline.cancel();
                            fail(failure);
                        }));
    }

    /** Begins an answer that goes on until {@link #end}; false if there was an answer already. */
    boolean stream(Reply head, ByteBuffer first, Callback written) {
        if (!begin(head)) {
            return false;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, head.type());
        response.write(false, first, written);
        return true;
    }

    /** Writes the next part of a stream; not while another is being written. */
    void write(ByteBuffer part, Callback written) {
        response.write(false, part, written);
    }

    /** Ends a stream with a last part, which may be empty; not while another is being written. */
    void end(ByteBuffer last) {
        response.write(true, last, Callback.from(this::succeed, this::fail));
    }

    /** Gives the exchange up: what was not written is never written. */
    void fail(Throwable failure) {
        answered.set(true);
        if (ended.compareAndSet(false, true)) {
            finish();
            callback.failed(failure);
        }
    }

    private boolean begin(Reply reply) {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        response.setStatus(reply.status());
        HttpFields.Mutable fields = response.getHeaders();
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        reply.headers().forEach(fields::put);
        metrics.answered(sample, route, request.getMethod(), reply.status(), reply.tag());
        return true;
    }

    private void succeed() {
        if (ended.compareAndSet(false, true)) {
            finish();
            callback.succeeded();
        }
    }

    private void finish() {
        metrics.ended(sample);
        whenEnded.run();
    }
}
