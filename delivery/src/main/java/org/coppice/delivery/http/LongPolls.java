package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;

/**
 * The reads that wait. A hint wakes them; no thread waits. Thread safe.
 *
 * <p>A client may have half of those that the others leave, as with other things that are shared ({@link Budget}). A client needs one for
 * each of its groups and one for its inbox, far less than that: of 5,000 places it has 2,500 alone, and still 20 while the others hold
 * 4,960. A fixed share for each would be too little for a client in many groups, or too much to hold a hundred greedy ones off. What
 * it does not help against is many accounts that take all that they get; who is put off by them comes back in five seconds, or listens to
 * the stream of hints, which is one place for all groups.
 */
final class LongPolls {
    private final Budget budget;
    private final Clock clock;
    private final Set<LongPoll> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /** @param clock by which tokens end */
    LongPolls(int max, Clock clock) {
        this.budget = new Budget(max);
        this.clock = clock;
    }

    /** Reads without waiting. */
    @FunctionalInterface
    interface Read {
        /**
         * What there is, or empty if there is nothing.
         *
         * @param last whether nothing is an answer too
         */
        Optional<Reply> read(boolean last) throws DeliveryException, IOException;
    }

    /** Tells which hints may mean that there is something. */
    @FunctionalInterface
    interface Interest {
        boolean in(Hint hint);
    }

    /** Answers at once if there is something or nobody waits, later otherwise, but not after the token has ended. */
    void answer(Call call, Exchange exchange, Duration asked, Read read, Interest interest)
            throws DeliveryException, IOException {
        DeliverySession session = call.session();
        Duration left = Duration.ofMillis(Math.max(0, call.expiresMillis() - clock.millis()));
        Duration wait = asked.compareTo(left) < 0 ? asked : left;
        boolean waits = !wait.isZero() && !draining;
        Optional<Reply> now = read.read(!waits);
        if (now.isPresent()) {
            exchange.send(now.get());
            return;
        }
        if (!budget.acquire(session.self(), 1)) {
            throw Problem.later(ProblemKind.UNAVAILABLE, Duration.ofSeconds(5), "too many reads are waiting")
                    .asException();
        }
        LongPoll poll = new LongPoll(exchange, read, interest, done -> {
            if (waiting.remove(done)) {
                budget.release(session.self(), 1);
            }
        });
        waiting.add(poll);
        poll.begin(session, wait);
        if (draining) {
            poll.finish();
        }
    }

    int waiting() {
        return waiting.size();
    }

    /** Answers all that wait, and from now on at once. */
    void drain() {
        draining = true;
        waiting.forEach(LongPoll::finish);
    }
}
