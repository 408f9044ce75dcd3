package org.coppice.delivery.crash;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A PostgreSQL server of one test's own, synced as in production, all of whose processes can be killed at once. */
final class KillablePostgres implements AutoCloseable {
    private final Path directory;
    private EmbeddedPostgres server;

    private KillablePostgres(Path directory, EmbeddedPostgres server) {
        this.directory = directory;
        this.server = server;
    }

    static KillablePostgres start(Path directory) throws IOException {
        return new KillablePostgres(directory, builder(directory).start());
    }

    /** @param port where it is reached, also after it was started again */
    static KillablePostgres start(Path directory, int port) throws IOException {
        return new KillablePostgres(directory, builder(directory).setPort(port).start());
    }

    private static EmbeddedPostgres.Builder builder(Path directory) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                // What a standby that is being made has to catch up with.
                .setServerConfig("wal_keep_size", "512MB");
    }

    Path directory() {
        return directory;
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The number that a query gives. */
    long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    void killAndRestart() throws IOException {
        int port = server.getPort();
        kill();
        server = builder(directory).setPort(port).start();
    }

    /** SIGKILL to all its processes. */
    void kill() throws IOException {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(30)).until(() -> all.stream().noneMatch(KillablePostgres::runs));
        // Finds nothing to stop, and lets go of the directory.
        server.close();
    }

    /** SIGSTOP to all its processes: connections stay open, and nobody answers. */
    void freeze() throws IOException, InterruptedException {
        for (ProcessHandle process : processes()) {
            freeze(process.pid());
        }
    }

    /** SIGSTOP to one of its processes. */
    void freeze(long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
    }

    private List<ProcessHandle> processes() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(directory.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle main = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(main.descendants().toList());
        all.add(0, main);
        return all;
    }

    /** A process that has ended may still be listed until its parent looks at it. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** Copies the running server's files so that another can begin with them and follow it from now on. */
    void copyTo(Path target) throws IOException, SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_start_backup('standby', true, false)");
            Files.walkFileTree(directory, new Copying(directory, target));
            try (var label = statement.executeQuery("SELECT labelfile FROM pg_stop_backup(false, false)")) {
                label.next();
                Files.writeString(target.resolve("backup_label"), label.getString(1));
            }
        }
    }

    /** What belongs to the running server alone is left out, as the manual of PostgreSQL says. */
    private static final class Copying extends SimpleFileVisitor<Path> {
        private static final Pattern LEFT_OUT = Pattern.compile(
                "(pg_wal|pg_replslot|pg_stat_tmp|pg_subtrans|pg_notify|pg_dynshmem|pg_serial|pg_snapshots)/.+"
                        + "|postmaster\\.(pid|opts)|epg-lock|postgresql\\.auto\\.conf|standby\\.signal");

        private final Path from;
        private final Path to;

        Copying(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        private boolean isLeftOut(Path path) {
            return LEFT_OUT.matcher(from.relativize(path).toString()).matches();
        }

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
            if (isLeftOut(path)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Path made = Files.createDirectories(to.resolve(from.relativize(path)));
            // A server does not start in a directory that others may read.
            Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(path));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
            if (!isLeftOut(path)) {
                try {
                    Files.copy(path, to.resolve(from.relativize(path)));
                } catch (NoSuchFileException e) {
                    return visitFileFailed(path, e);
                }
            }
            return FileVisitResult.CONTINUE;
        }

        /** Gone meanwhile: the log will tell, and does not need it. */
        @Override
        public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (!(e instanceof NoSuchFileException)) {
                throw e;
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /** What a server that is to follow this one has in its configuration. */
    String primaryConninfo() {
        return String.format(
                Locale.ROOT,
                "primary_conninfo = 'host=localhost port=%d user=postgres application_name=standby'%n",
                port());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
