package org.coppice.delivery.http;

import java.time.Duration;

/**
 * What the front takes, and how long it has patience.
 *
 * @param maxHeaderBytes the request line and header of a request
 * @param maxOpenBytes a body of a request that needs no token
 * @param maxJsonBytes a JSON body, but that of a new group
 * @param maxMessageBytes a proposal or an application message
 * @param maxCommitBytes a commit bundle with its Welcome
 * @param maxGroupBytes the JSON of a new group, with its tree
 * @param maxBodiesBytes all bodies of clients that are being read or worked on at once; beyond it, requests are put off. A client has
 *     at most half of what the others leave. An eighth comes on top for requests without a token, shared among origins likewise
 * @param maxConnections open connections; beyond it, none is accepted until one closes
 * @param maxStreams open event streams
 * @param maxStreamsPerClient open event streams of one client; one more ends the oldest
 * @param maxPolls waiting reads; a client has at most half of what the others leave
 * @param headerTimeout from the first byte of a request to the end of its header
 * @param idleTimeout how long nothing may move on a connection
 * @param transferGrace how long a transfer may take whatever its size
 * @param minBytesPerSecond how fast it has to be beyond that; a body in each part of it that is as long as the grace
 * @param maxTransfer how long a body may take, however fast it is
 * @param maxWait how long a read may wait
 * @param heartbeat how often an idle event stream gets a comment, so that what is between does not close it
 */
public record Limits(
        int maxHeaderBytes,
        int maxOpenBytes,
        int maxJsonBytes,
        int maxMessageBytes,
        int maxCommitBytes,
        int maxGroupBytes,
        long maxBodiesBytes,
        int maxConnections,
        int maxStreams,
        int maxStreamsPerClient,
        int maxPolls,
        Duration headerTimeout,
        Duration idleTimeout,
        Duration transferGrace,
        long minBytesPerSecond,
        Duration maxTransfer,
        Duration maxWait,
        Duration heartbeat) {
    /** For a server with a gigabyte of heap. A node that shall create many groups of 100,000 members needs more of both. */
    public static final Limits DEFAULT = new Limits(
            16 << 10,
            32 << 10,
            1 << 20,
            1 << 20,
            32 << 20,
            64 << 20,
            128 << 20,
            20_000,
            15_000,
            8,
            5_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(15),
            8 << 10,
            Duration.ofMinutes(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20));

    /** Checks the ranges: everything is positive. */
    public Limits {
        if (maxHeaderBytes < 1024
                || maxOpenBytes < 1024
                || maxJsonBytes < 1024
                || maxMessageBytes < 1
                || maxCommitBytes < 1
                || maxGroupBytes < 1
                || maxBodiesBytes < 1
                || maxConnections < 1
                || maxStreams < 1
                || maxStreamsPerClient < 1
                || maxPolls < 1
                || minBytesPerSecond < 1) {
            throw new IllegalArgumentException("a limit is below 1, or one of 1024 bytes");
        }
        for (Duration duration :
                new Duration[] {headerTimeout, idleTimeout, transferGrace, maxTransfer, maxWait, heartbeat}) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("a time limit is not positive");
            }
        }
    }

    /** The least that has to come of a body while the grace passes. */
    long bytesPerGrace() {
        return minBytesPerSecond * transferGrace.toMillis() / 1000;
    }

    /** How long an answer of {@code bytes} may take. */
    long transferNanos(long bytes) {
        return transferGrace.plusMillis(bytes * 1000 / minBytesPerSecond).toNanos();
    }
}
