package org.coppice.delivery.crash;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

    private static EmbeddedPostgres.Builder builder(Path directory) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100");
    }

    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    void killAndRestart() throws IOException {
        int port = server.getPort();
        long pid = Long.parseLong(
                Files.readAllLines(directory.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle main = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(main.descendants().toList());
        all.add(0, main);
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(30)).until(() -> all.stream().noneMatch(KillablePostgres::runs));
        // Finds nothing to stop, and lets go of the directory.
        server.close();
        server = builder(directory).setPort(port).start();
    }

    /** A process that has ended may still be listed until its parent looks at it. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
