package org.coppice.delivery.http;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.coppice.delivery.server.ServerConfig;

/** Limits that a test can reach. */
final class TestLimits {
    private int maxJsonBytes = 4096;
    private int maxMessageBytes = 10_000;
    private long maxBodiesBytes = 1 << 20;
    private int maxStreams = 100;
    private int maxStreamsPerClient = 8;
    private int maxPolls = 100;
    private Duration headerTimeout = Duration.ofSeconds(10);
    private Duration idleTimeout = Duration.ofSeconds(30);
    private Duration transferGrace = Duration.ofSeconds(15);
    private Duration maxTransfer = Duration.ofSeconds(60);
    private Duration heartbeat = Duration.ofSeconds(20);

    TestLimits maxBodies(long bytes) {
        maxBodiesBytes = bytes;
        return this;
    }

    TestLimits maxMessage(int bytes) {
        maxMessageBytes = bytes;
        return this;
    }

    TestLimits streams(int streams) {
        maxStreams = streams;
        return this;
    }

    TestLimits streamsPerClient(int streams) {
        maxStreamsPerClient = streams;
        return this;
    }

    TestLimits polls(int polls) {
        maxPolls = polls;
        return this;
    }

    TestLimits header(Duration timeout) {
        headerTimeout = timeout;
        return this;
    }

    TestLimits idle(Duration timeout) {
        idleTimeout = timeout;
        return this;
    }

    TestLimits grace(Duration grace) {
        transferGrace = grace;
        return this;
    }

    TestLimits transfer(Duration longest) {
        maxTransfer = longest;
        return this;
    }

    TestLimits heartbeat(Duration interval) {
        heartbeat = interval;
        return this;
    }

    UnaryOperator<ServerConfig> config() {
        Limits limits = new Limits(
                8192,
                2048,
                maxJsonBytes,
                maxMessageBytes,
                100_000,
                100_000,
                maxBodiesBytes,
                1000,
                maxStreams,
                maxStreamsPerClient,
                maxPolls,
                headerTimeout,
                idleTimeout,
                transferGrace,
                1024,
                maxTransfer,
                Duration.ofSeconds(60),
                heartbeat);
        return config -> config.withLimits(limits);
    }
}
