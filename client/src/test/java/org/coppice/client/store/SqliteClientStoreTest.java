package org.coppice.client.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteClientStoreTest extends StoreTestBase {
    @TempDir
    Path directory;

    @Override
    ClientStore open() {
        return SqliteClientStore.open(file());
    }

    private Path file() {
        return directory.resolve("client.db");
    }

    private static void assertRefused(Path file, StoreException.Reason reason) {
        assertThatThrownBy(() -> SqliteClientStore.open(file))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void findsItsRecordsAgain() {
        put(NAMES, bytes("a"), "kept");
        store.close();
        store = open();
        assertThat(get(NAMES, bytes("a"))).isEqualTo("kept");
    }

    @Test
    void aSecondOpenerInTheSameProcessIsRefused() {
        put(NAMES, bytes("a"), "kept");
        assertRefused(file(), StoreException.Reason.IN_USE);
        put(NAMES, bytes("a"), "still works");
    }

    @Test
    void aSecondProcessIsRefusedUntilTheFirstCloses() throws Exception {
        assertThat(openInAnotherProcess()).isEqualTo("IN_USE");
        store.close();
        assertThat(openInAnotherProcess()).isEqualTo("opened");
    }

    private String openInAnotherProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenerProcess.class.getName(),
                        file().toString())
                .redirectErrorStream(true)
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        List<String> lines = new String(output, StandardCharsets.UTF_8).lines().toList();
        return lines.get(lines.size() - 1);
    }

    /** What the second process runs. */
    static final class OpenerProcess {
        public static void main(String[] args) {
            try {
                SqliteClientStore.open(Path.of(args[0])).close();
                System.out.println("opened");
            } catch (StoreException e) {
                System.out.println(e.reason());
            }
        }
    }

    @Test
    @Tag("A-8.3-07")
    void deletedAndReplacedContentLeavesTheFiles() throws IOException {
        put(NAMES, bytes("deleted"), "an early secret");
        put(NAMES, bytes("replaced"), "another secret");
        try (StoreTransaction transaction = store.begin()) {
            transaction.delete(NAMES, bytes("deleted"));
            transaction.put(NAMES, bytes("replaced"), array("harmless"));
            transaction.commit();
        }
        for (int i = 0; i < SqliteClientStore.CHECKPOINT_EVERY; i++) {
            put(NAMES, bytes("later"), "value " + i);
        }
        assertThat(allFiles()).doesNotContain("an early secret").doesNotContain("another secret");
    }

    @Test
    void sweepingAndClosingTakeDeletedContentFromTheLog() throws IOException {
        deleteAgain("the first secret");
        store.sweep();
        assertThat(allFiles()).doesNotContain("the first secret");
        deleteAgain("the last secret");
        store.close();
        assertThat(allFiles()).doesNotContain("the last secret");
        store.sweep();
    }

    private void deleteAgain(String content) throws IOException {
        put(NAMES, bytes("late"), content);
        try (StoreTransaction transaction = store.begin()) {
            transaction.delete(NAMES, bytes("late"));
            transaction.commit();
        }
        assertThat(allFiles()).as("what there is to sweep").contains(content);
    }

    @Test
    void aTransactionIsNotSwept() {
        try (StoreTransaction transaction = store.begin()) {
            assertThatThrownBy(store::sweep).isInstanceOf(IllegalStateException.class);
            transaction.put(NAMES, bytes("a"), array("kept"));
            transaction.commit();
        }
        assertThat(get(NAMES, bytes("a"))).isEqualTo("kept");
    }

    private String allFiles() throws IOException {
        StringBuilder out = new StringBuilder();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                out.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return out.toString();
    }

    @Test
    void aFileThatIsNoStoreIsRefusedAndLeftAlone() throws Exception {
        Path text = directory.resolve("text");
        Files.writeString(text, "not a database at all, but long enough to have a header of its own ".repeat(20));
        assertRefused(text, StoreException.Reason.DAMAGED);
        assertThat(Files.readString(text)).startsWith("not a database");
        assertRefused(foreign("CREATE TABLE t (x)"), StoreException.Reason.DAMAGED);
    }

    @Test
    void aStoreOfALaterReleaseIsRefused() throws Exception {
        assertRefused(
                foreign("PRAGMA application_id=1131376752", "PRAGMA user_version=2"),
                StoreException.Reason.UNKNOWN_VERSION);
    }

    /** Such a file had its maker's queries run whenever a record was read or written; one that does not end held the client for ever. */
    @Test
    void aFileWithQueriesOfItsOwnIsRefused() throws Exception {
        String[] marks = {"PRAGMA application_id=1131376752", "PRAGMA user_version=1"};
        String view = "CREATE VIEW record AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                + " SELECT x'00' AS space, x'00' AS key, x'00' AS value FROM n";
        assertRefused(foreign(marks[0], marks[1], view), StoreException.Reason.DAMAGED);
        put(NAMES, bytes("a"), "kept");
        store.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END");
        }
        assertRefused(file(), StoreException.Reason.DAMAGED);
    }

    private Path foreign(String... statements) throws SQLException {
        Path file = directory.resolve("foreign.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return file;
    }

    @Test
    void aPlaceThatCannotBeWrittenIsAFailure() {
        assertRefused(directory.resolve("absent").resolve("client.db"), StoreException.Reason.FAILED);
    }

    /**
     * SQLite has undone the transaction by itself then, and there is nothing for the store to undo, or to complain of beside the reason.
     */
    @Test
    void aDiskWithoutRoomIsOneFailureAndWhenThereIsRoomTheStoreWorks() throws Exception {
        put(NAMES, bytes("a"), "kept");
        pagesAtMost(1);
        assertThatThrownBy(() -> put(NAMES, bytes("b"), "x".repeat(100_000)))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.reason()).isEqualTo(StoreException.Reason.FAILED);
                    assertThat(e.getSuppressed()).isEmpty();
                });
        pagesAtMost(1_000_000);
        assertThat(get(NAMES, bytes("a"))).isEqualTo("kept");
        assertThat(get(NAMES, bytes("b"))).isNull();
        put(NAMES, bytes("b"), "x".repeat(100_000));
        assertThat(get(NAMES, bytes("b"))).hasSize(100_000);
    }

    /** How large the file may be, which SQLite takes for the room on the disk. */
    private void pagesAtMost(int pages) throws Exception {
        Field connection = SqliteClientStore.class.getDeclaredField("connection");
        connection.setAccessible(true);
        try (var statement = ((Connection) connection.get(store)).createStatement()) {
            statement.execute("PRAGMA max_page_count=" + pages);
        }
    }
}
