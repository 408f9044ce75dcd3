package org.coppice.client.engine;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.store.Space;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;

/**
 * Shares a conversation's epochs out among clients that commit at the same time. Whoever wins a race has a head start in the next one, as
 * it need not process somebody else's Commit: so it lets those go first who have committed in the same rush, but not since its own last
 * Commit. Each of them is given the time of one turn; who lets it pass wants none, and is waited for no more. Whoever loses a race waits,
 * too, but the shorter the more often it has lost.
 *
 * <p>In memory only: what is forgotten with the process costs somebody a race. {@link #pause} aside, guarded by the account's lock.
 */
final class Turns {
    /** Commits that follow each other within this time are one rush. */
    static final long LULL_MILLIS = 2_000;
    /** The longest that one wish is held back for others. */
    static final long LONGEST_COURTESY_MILLIS = 10_000;
    /** Bounds of what a rival is given to take its turn: to read a Commit, to make one and to have it accepted. */
    private static final long SHORTEST_TURN_MILLIS = 40;

    private static final long LONGEST_TURN_MILLIS = 250;
    /** The log is looked at so often at least. */
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private static final long FIRST_RETRY_MILLIS = 20;

    private final ClientEnvironment environment;
    private final Map<Bytes, Rush> rushes = new HashMap<>();

    Turns(ClientEnvironment environment) {
        this.environment = environment;
    }

    /** Commits of a conversation that follow each other closely. */
    private static final class Rush {
        final long began;
        long latest;
        int commits;
        /** Who committed, by their last Commits, the earliest first. */
        final Set<ClientId> order = new LinkedHashSet<>();
        /** When this client began to let others go first; 0 if it does not. */
        long courteousSince;
        /** When it last began to wait, and how many Commits there were then. */
        long pausedAt;

        int commitsAtPause;

        Rush(long now) {
            began = now;
        }

        /** How long a turn takes now. */
        long turn() {
            long average = (latest - began) / Math.max(1, commits - 1);
            return Math.min(LONGEST_TURN_MILLIS, Math.max(SHORTEST_TURN_MILLIS, average));
        }

        /** How many clients have committed, but not since {@code self} last did; 0 if it has not. */
        int before(ClientId self) {
            return Math.max(0, new ArrayList<>(order).indexOf(self));
        }

        /** Forgets some of those clients, who have let their turn pass: one at least. */
        void passOver(ClientId self, long turns) {
            int count = (int) Math.min(before(self), Math.max(1, turns));
            new ArrayList<>(order).subList(0, count).forEach(order::remove);
        }
    }

    /** Notes that the log shows a Commit. */
    void committed(Bytes groupId, ClientId who) {
        long now = now();
        Rush rush = rushes.get(groupId);
        if (rush == null || isOver(rush, now)) {
            rush = new Rush(now);
            rushes.put(groupId, rush);
        }
        rush.latest = now;
        rush.commits++;
        rush.order.remove(who);
        rush.order.add(who);
    }

    /**
     * For how many milliseconds {@code self} lets others go first, before it makes a Commit that has lost no race; 0 for not at all. The
     * log is to be read after the pause, and this to be asked again.
     */
    long courtesy(Bytes groupId, ClientId self) {
        Rush rush = rushes.get(groupId);
        if (rush == null || isOver(rush, now())) {
            rushes.remove(groupId);
            return 0;
        }
        long now = now();
        if (rush.courteousSince > 0 && rush.commits == rush.commitsAtPause) {
            rush.passOver(self, (now - rush.pausedAt) / rush.turn());
        }
        int first = rush.before(self);
        boolean enough = rush.courteousSince > 0 && now - rush.courteousSince >= LONGEST_COURTESY_MILLIS;
        if (first == 0 || enough) {
            rush.courteousSince = 0;
            return 0;
        }
        rush.courteousSince = rush.courteousSince == 0 ? now : rush.courteousSince;
        rush.pausedAt = now;
        rush.commitsAtPause = rush.commits;
        return Math.min(LONGEST_PAUSE_MILLIS, first * rush.turn());
    }

    /** For how many milliseconds at most a client waits that has lost a race {@code losses} times with one wish. */
    long retry(Bytes groupId, int losses) {
        Rush rush = rushes.get(groupId);
        int rivals = rush == null ? 1 : rush.order.size();
        long longest = environment.parameters().maxBackoff().toMillis();
        return Math.min(longest, Math.max(1, rivals) * FIRST_RETRY_MILLIS) / losses;
    }

    private static boolean isOver(Rush rush, long now) {
        return Math.abs(now - rush.latest) > LULL_MILLIS;
    }

    private long now() {
        return environment.clock().millis();
    }

    /** Waits for a random time between two bounds in milliseconds. */
    void pause(long atLeast, long atMost) throws InterruptedIOException {
        byte[] random = environment.randomness().bytes(4);
        long value = Space.number(Bytes.wrap(new byte[] {0, 0, 0, 0, random[0], random[1], random[2], random[3]}));
        try {
            environment.sleeper().sleep(Duration.ofMillis(atLeast + value % (atMost - atLeast + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while others had their turn");
        }
    }
}
