package org.coppice.delivery.crash;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/** A PostgreSQL server and a standby of it, which takes its place when it is gone and gets a new standby. */
final class PostgresPair implements AutoCloseable {
    private final Path parent;
    private final int firstPort;
    private final int secondPort;
    private final Mode mode;
    private int servers;
    private KillablePostgres primary;
    private KillablePostgres standby;
    private KillablePostgres silent;

    /** Whether the primary confirms a transaction before its standby has it. */
    enum Mode {
        SYNCHRONOUS("*", "sync"),
        ASYNCHRONOUS("", "async");

        /** PostgreSQL's {@code synchronous_standby_names}. */
        private final String names;

        /** What {@code pg_stat_replication} calls it. */
        private final String state;

        Mode(String names, String state) {
            this.names = names;
            this.state = state;
        }
    }

    private PostgresPair(Mode mode, Path parent, int firstPort, int secondPort) {
        this.mode = mode;
        this.parent = parent;
        this.firstPort = firstPort;
        this.secondPort = secondPort;
    }

    static PostgresPair start(Mode mode, Path parent) throws Exception {
        PostgresPair pair = new PostgresPair(mode, parent, freePort(), freePort());
        try {
            pair.primary = KillablePostgres.start(pair.newDirectory(), pair.firstPort);
            pair.addStandby();
            return pair;
        } catch (Exception e) {
            pair.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Path newDirectory() {
        return parent.resolve("server-" + servers++);
    }

    /** Both servers: whoever connects gets to the one that is the primary. */
    String url() {
        return "jdbc:postgresql://localhost:" + firstPort + ",localhost:" + secondPort
                + "/postgres?user=postgres&socketTimeout=5";
    }

    /** The primary dies, and the standby takes its place. */
    void killPrimary() throws Exception {
        primary.kill();
        promote();
    }

    /** The primary stops to answer, and the standby takes its place. */
    void freezePrimary() throws Exception {
        primary.freeze();
        silent = primary;
        promote();
    }

    private void promote() throws SQLException {
        standby.execute("SELECT pg_promote(true, 60)");
        primary = standby;
        standby = null;
    }

    /** From now on the standby gets nothing. */
    void cutOffStandby() throws Exception {
        primary.freeze(primary.number("SELECT pid FROM pg_stat_replication"));
    }

    /** Makes a new standby in place of a primary that is gone; if it is synchronous, all that is confirmed after this is on both. */
    void addStandby() throws Exception {
        if (silent != null) {
            silent.kill();
            silent = null;
        }
        int port = primary.port() == firstPort ? secondPort : firstPort;
        Path directory = newDirectory();
        primary.copyTo(directory);
        Files.createFile(directory.resolve("standby.signal"));
        Files.writeString(directory.resolve("postgresql.auto.conf"), primary.primaryConninfo());
        standby = KillablePostgres.start(directory, port);
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = '" + mode.names + "'");
        primary.execute("SELECT pg_reload_conf()");
        await().atMost(Duration.ofMinutes(1)).until(this::isFollowed);
    }

    private boolean isFollowed() throws SQLException {
        return primary.number("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '"
                        + mode.state + "'")
                == 1;
    }

    @Override
    public void close() throws IOException {
        if (primary != null) {
            primary.close();
        }
        if (standby != null) {
            standby.close();
        }
        if (silent != null) {
            silent.kill();
        }
    }
}
