package org.coppice.delivery.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.coppice.delivery.api.DeliveryException;

/** A work that runs together with others, with the answer that its caller gets once it is decided. */
class Job<T> {
    private final Work<T> work;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private T result;
    private DeliveryException refusal;
    private Throwable fault;

    Job(Work<T> work) {
        this.work = Objects.requireNonNull(work, "work");
    }

    Work<T> work() {
        return work;
    }

    /** Does the work and keeps what came of it; returns whether what it did counts. */
    boolean run(Transaction tx) throws SQLException {
        result = null;
        refusal = null;
        fault = null;
        try {
            result = work.run(tx);
            return true;
        } catch (DeliveryException e) {
            refusal = e;
            return false;
        } catch (RuntimeException | Error e) {
            // An Error too is the fault of this work: whose thread runs it does so for others.
            fault = e;
            return false;
        }
    }

    /** Answers with what came of the last run. */
    void tell() {
        if (refusal != null) {
            answer.completeExceptionally(refusal);
        } else if (fault != null) {
            answer.completeExceptionally(fault);
        } else {
            answer.complete(result);
        }
    }

    /** Answers with a result of the work that {@link #run} did not keep. */
    void succeed(T value) {
        answer.complete(value);
    }

    /** Answers that it failed, if it has no answer yet. */
    void fail(Throwable why) {
        answer.completeExceptionally(why);
    }

    /** Waits for the answer. */
    T await() throws DeliveryException, IOException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while a write was under way");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        }
    }

    private static IOException rethrow(Throwable cause) throws DeliveryException, IOException {
        if (cause instanceof DeliveryException refusal) {
            // A new one, so that the trace shows the caller; the one of the thread that ran the work is its cause.
            throw new DeliveryException(refusal.problem(), refusal);
        }
        if (cause instanceof IOException unknown) {
            throw unknown;
        }
        if (cause instanceof RuntimeException fault) {
            throw fault;
        }
        throw new AssertionError("the work could not be run", cause);
    }
}
