package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One read that waits. It subscribes first and reads again for each hint that may concern it, so nothing that is appended between its
 * first read and its subscription is missed: a subscription begins with how far everything has come.
 */
final class LongPoll implements HintListener {
    private final Exchange exchange;
    private final LongPolls.Read read;
    private final LongPolls.Interest interest;
    private final Consumer<LongPoll> whenDone;
    private final AtomicInteger wakes = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean last;
    private volatile Optional<DeliveryException> refused = Optional.empty();
    private volatile Subscription subscription = () -> {};
    private volatile Scheduler.Task timer = () -> false;

    LongPoll(Exchange exchange, LongPolls.Read read, LongPolls.Interest interest, Consumer<LongPoll> whenDone) {
        this.exchange = exchange;
        this.read = read;
        this.interest = interest;
        this.whenDone = whenDone;
    }

    void begin(DeliverySession session, Duration wait) throws DeliveryException, IOException {
        try {
            exchange.request().addIdleTimeoutListener(timeout -> false); // waiting is the point
            subscription = session.subscribe(this, Optional.empty());
            timer = exchange.request()
                    .getComponents()
                    .getScheduler()
                    .schedule(this::finish, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (DeliveryException | IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
        if (over.get()) {
            close(); // a hint was faster than the subscription's return
        }
    }

    /** Answers with what there is, even if that is nothing. */
    void finish() {
        last = true;
        wake();
    }

    @Override
    public void onHint(Hint hint, String eventId) {
        if (interest.in(hint)) {
            wake();
        }
    }

    @Override
    public void onInterrupted(IOException cause) {
        if (cause.getCause() instanceof DeliveryException refusal) {
            refused = Optional.of(refusal); // who may not read any more is not read to
        }
        finish();
    }

    /** Reads on a thread of the server, since a read may block; once more if it is woken meanwhile. */
    private void wake() {
        if (wakes.getAndIncrement() == 0) {
            exchange.request().getComponents().getExecutor().execute(this::attempt);
        }
    }

    private void attempt() {
        int seen;
        do {
            seen = wakes.get();
            if (over.get()) {
                return;
            }
            Optional<Reply> reply;
            try {
                reply = refused.isPresent() ? Optional.of(Problems.of(refused.get())) : read.read(last);
            } catch (DeliveryException | IOException | RuntimeException | Error e) {
                reply = Optional.of(Problems.of(e));
            }
            if (reply.isPresent() && over.compareAndSet(false, true)) {
                close();
                exchange.send(reply.get());
                return;
            }
        } while (!wakes.compareAndSet(seen, 0));
    }

    private void close() {
        over.set(true);
        timer.cancel();
        subscription.close();
        whenDone.accept(this);
    }
}
