package org.coppice.delivery.engine;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;

/**
 * Works that change the same row have to wait for one another whatever the database does. Here they wait without a connection each, and
 * whoever's turn it is runs all that wait for the same row, which is one transaction for many. Nobody waits for company: a work that finds
 * its lane free begins at once. Thread safe.
 */
final class Lanes {
    /** PostgreSQL keeps so many savepoints of a transaction at hand; beyond them every reader has to look further. */
    private static final int MAX_BATCH = 64;

    private final Consumer<List<Job<?>>> runner;
    private final Map<Bytes, Queue<Turn>> lanes = new HashMap<>();

    /** A job that waits until it was run with others, or its caller is to run those that wait. */
    private static final class Turn {
        private final Job<?> job;
        private final CompletableFuture<Boolean> leads = new CompletableFuture<>();

        Turn(Job<?> job) {
            this.job = job;
        }
    }

    /** @param runner gives each of the jobs an answer */
    Lanes(Consumer<List<Job<?>>> runner) {
        this.runner = Objects.requireNonNull(runner, "runner");
    }

    /** Runs a job, perhaps together with others of its lane, in the order in which they came. */
    <T> T run(Bytes lane, Job<T> job) throws DeliveryException, IOException {
        Bytes key = lane.compact();
        Turn turn = new Turn(job);
        if (enter(key, turn) || turn.leads.join()) {
            lead(key, turn);
        }
        return job.await();
    }

    /** Whether the lane was free. */
    private synchronized boolean enter(Bytes lane, Turn turn) {
        Queue<Turn> waiting = lanes.get(lane);
        if (waiting == null) {
            lanes.put(lane, new ArrayDeque<>());
            return true;
        }
        waiting.add(turn);
        return false;
    }

    private void lead(Bytes lane, Turn first) {
        List<Turn> batch = batch(lane, first);
        try {
            runner.accept(batch.stream().<Job<?>>map(turn -> turn.job).toList());
        } catch (RuntimeException | Error e) {
            batch.forEach(turn -> turn.job.fail(e));
        } finally {
            batch.forEach(turn -> turn.leads.complete(false));
            handOn(lane);
        }
    }

    private synchronized List<Turn> batch(Bytes lane, Turn first) {
        Queue<Turn> waiting = lanes.get(lane);
        List<Turn> batch = new ArrayList<>();
        batch.add(first);
        while (batch.size() < MAX_BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    private synchronized void handOn(Bytes lane) {
        Turn next = lanes.get(lane).poll();
        if (next == null) {
            lanes.remove(lane);
        } else {
            next.leads.complete(true);
        }
    }

    /** How many wait in a lane, besides those whose works are running. */
    synchronized int waiting(Bytes lane) {
        Queue<Turn> waiting = lanes.get(lane);
        return waiting == null ? 0 : waiting.size();
    }
}
