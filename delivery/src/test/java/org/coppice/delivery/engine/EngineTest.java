package org.coppice.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What both engines promise, and what each does in its own way. */
@ParameterizedClass
@EnumSource(Dialect.class)
class EngineTest {
    private static final Bytes NOBODY = Bytes.wrap(new byte[32]);

    @Parameter
    Dialect dialect;

    @TempDir
    Path directory;

    private Engine engine;
    private final ExecutorService threads = Executors.newFixedThreadPool(16);

    @BeforeEach
    void open() throws Exception {
        engine = dialect == Dialect.SQLITE
                ? SqliteEngine.open(directory)
                : PostgresEngine.open(TestPostgres.database(8));
        engine.write(tx -> insert(tx, "counter", "0"));
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        engine.close();
    }

    private static int insert(Transaction tx, String user, String number) throws SQLException {
        return tx.update("INSERT INTO client (client, user_name, inbox_head, since) VALUES (?, ?, 0, 0)", user, number);
    }

    private long counter() throws Exception {
        return engine.read(tx -> tx.first("SELECT inbox_head FROM client WHERE client = 'counter'", row -> row.int64(1))
                .orElseThrow());
    }

    private static long increment(Transaction tx) throws SQLException {
        return tx.first(
                        "UPDATE client SET inbox_head = inbox_head + 1 WHERE client = 'counter' RETURNING inbox_head",
                        row -> row.int64(1))
                .orElseThrow();
    }

    @Test
    void keepsWhatItConfirmedAndUndoesWhatWasRefused() throws Exception {
        Problem refusal = Problem.of(ProblemKind.NOT_ALLOWED, "no");
        assertThatThrownBy(() -> engine.write(tx -> {
                    increment(tx);
                    throw refusal.asException();
                }))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(refusal));
        assertThatThrownBy(() -> engine.write(tx -> {
                    increment(tx);
                    throw new IllegalStateException("a fault");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(counter()).isZero();
        assertThat(engine.<Long>write(EngineTest::increment)).isEqualTo(1);
        assertThat(counter()).isEqualTo(1);
    }

    @Test
    void keepsItsFilesFromOtherUsersOfTheMachine() throws Exception {
        assumeTrue(dialect == Dialect.SQLITE);
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> database = files.filter(
                            file -> file.getFileName().toString().contains("sqlite"))
                    .toList();
            assertThat(database).isNotEmpty();
            for (Path file : database) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.getFileName().toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void losesNoUpdateWhenManyChangeOneRowAndSomeAreRefused() throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            tasks.add(() -> {
                int done = 0;
                for (int j = 0; j < 20; j++) {
                    boolean refuse = j % 4 == 3;
                    try {
                        engine.write(tx -> {
                            increment(tx);
                            if (refuse) {
                                throw Problem.of(ProblemKind.NOT_ALLOWED, "no").asException();
                            }
                            return null;
                        });
                        done++;
                    } catch (DeliveryException e) {
                        assertThat(refuse).isTrue();
                    }
                }
                return done;
            });
        }
        int done = 0;
        for (Future<Integer> future : threads.invokeAll(tasks)) {
            done += future.get();
        }
        assertThat(done).isEqualTo(16 * 15);
        assertThat(counter()).isEqualTo(done);
    }

    /** Has all works wait in one lane at once. */
    private <T> List<Future<T>> together(List<Work<T>> works) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Future<?> holder = threads.submit(() -> engine.write(NOBODY, tx -> {
            held.countDown();
            await(release);
            return null;
        }));
        held.await();
        List<Thread> waiting = new ArrayList<>();
        List<Future<T>> out = new ArrayList<>();
        for (Work<T> work : works) {
            FutureTask<T> task = new FutureTask<>(() -> engine.write(NOBODY, work));
            Thread thread = new Thread(task);
            thread.start();
            waiting.add(thread);
            out.add(task);
        }
        Awaitility.await().until(() -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        release.countDown();
        holder.get();
        return out;
    }

    @Test
    void worksOfOneLaneThatWaitShareATransaction() throws Exception {
        assumeTrue(dialect == Dialect.POSTGRESQL);
        Work<Long> transaction = tx -> {
            increment(tx);
            return tx.first("SELECT txid_current()", row -> row.int64(1)).orElseThrow();
        };
        Set<Long> transactions = new HashSet<>();
        for (Future<Long> done : together(Collections.nCopies(20, transaction))) {
            transactions.add(done.get());
        }
        assertThat(transactions).hasSize(1);
        assertThat(counter()).isEqualTo(20);
    }

    @Test
    void aRefusalInALaneUndoesNobodyElsesWork() throws Exception {
        List<Work<Long>> works = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            boolean refuse = i % 4 == 3;
            works.add(tx -> {
                long count = increment(tx);
                if (refuse) {
                    throw Problem.of(ProblemKind.NOT_ALLOWED, "no").asException();
                }
                return count;
            });
        }
        List<Long> counts = new ArrayList<>();
        int refused = 0;
        for (Future<Long> done : together(works)) {
            try {
                counts.add(done.get());
            } catch (ExecutionException e) {
                assertThat(e)
                        .cause()
                        .isInstanceOfSatisfying(
                                DeliveryException.class,
                                refusal -> assertThat(refusal.kind()).isEqualTo(ProblemKind.NOT_ALLOWED));
                refused++;
            }
        }
        assertThat(refused).isEqualTo(5);
        assertThat(counts).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L);
        assertThat(counter()).isEqualTo(15);
    }

    @Test
    void anErrorInALaneHarmsNoOtherWork() throws Exception {
        List<Work<Long>> works = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean broken = i == 3;
            works.add(tx -> broken ? (long) tx.update("INSERT INTO nothing VALUES (1)") : increment(tx));
        }
        int failed = 0;
        for (Future<Long> done : together(works)) {
            try {
                done.get();
            } catch (ExecutionException e) {
                failed++;
            }
        }
        assertThat(failed).isEqualTo(1);
        assertThat(counter()).isEqualTo(7);
    }

    @Test
    void showsReadersOneStateThroughout() throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        Future<List<Long>> reader = threads.submit(() -> engine.read(tx -> {
            List<Long> out = new ArrayList<>();
            out.add(count(tx));
            looked.countDown();
            await(changed);
            out.add(count(tx));
            return out;
        }));
        looked.await();
        engine.write(tx -> insert(tx, "another", "1"));
        changed.countDown();
        assertThat(reader.get()).containsExactly(1L, 1L);
    }

    private static long count(Transaction tx) throws SQLException {
        return tx.first("SELECT COUNT(*) FROM client", row -> row.int64(1)).orElseThrow();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesWritesOfReaders() {
        assertThatThrownBy(() -> engine.read(EngineTest::increment)).isInstanceOf(DeliveryException.class);
    }

    @Test
    void anErrorOfOneWorkHarmsNoOther() throws Exception {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            boolean broken = i % 8 == 0;
            String name = "user" + i;
            tasks.add(() -> {
                try {
                    engine.write(tx -> {
                        insert(tx, name, "x");
                        return broken ? tx.update("INSERT INTO nothing VALUES (1)") : 0;
                    });
                    return true;
                } catch (DeliveryException e) {
                    assertThat(e.kind()).isEqualTo(ProblemKind.UNAVAILABLE);
                    return false;
                }
            });
        }
        int done = 0;
        for (Future<Boolean> future : threads.invokeAll(tasks)) {
            done += future.get() ? 1 : 0;
        }
        assertThat(done).isEqualTo(28);
        assertThat(engine.<Long>read(EngineTest::count)).isEqualTo(29);
    }

    /**
     * Such as a stack that overflows in a work, or no memory left for one. It ended the thread that writes: the caller and all whose works
     * waited beside it got no answer, and no write was taken any more.
     */
    @Test
    @Timeout(60)
    void goesOnAfterAWorkThatEndsWithAnError() throws Exception {
        assertThatThrownBy(() -> engine.write(tx -> {
                    increment(tx);
                    throw new StackOverflowError("of a work");
                }))
                .isInstanceOf(Error.class)
                .hasStackTraceContaining("of a work");
        assertThat(engine.<Long>write(EngineTest::increment)).isEqualTo(1);
        engine.check();
    }

    @Test
    void failsItsCheckOnceItCannotWriteAnyMore() throws Exception {
        if (!(engine instanceof SqliteEngine sqlite)) {
            return;
        }
        AtomicReference<Connection> connection = new AtomicReference<>();
        sqlite.onWriter(connection::set);
        engine.check();
        assertThatThrownBy(() -> engine.write(tx -> {
                    connection.get().close();
                    return increment(tx);
                }))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(counter()).as("what can still be read").isZero();
        assertThatThrownBy(engine::check)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(ProblemKind.UNAVAILABLE));
    }

    /** The pool lets go of a connection that breaks, and who asked it afterwards what the connection was for heard of no writing. */
    @Test
    void doesNotSayThatNothingWasDoneIfTheDatabaseGoesAwayWhileItConfirms() throws Exception {
        if (dialect != Dialect.POSTGRESQL) {
            return;
        }
        assertThatThrownBy(() -> engine.write(tx -> {
                    int backend = tx.first("SELECT pg_backend_pid()", row -> row.int32(1))
                            .orElseThrow();
                    increment(tx);
                    return terminate(backend);
                }))
                .isInstanceOf(OutcomeUnknownException.class);
        engine.write(EngineTest::increment);
        assertThat(counter()).isEqualTo(1);
    }

    /** Ends a connection from another one, and waits for it. */
    private boolean terminate(int backend) throws DeliveryException {
        try {
            return engine.read(tx -> tx.exists("SELECT 1 WHERE pg_terminate_backend(?, 60000)", backend));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void findsEverythingAgainWhenItIsOpenedAnew() throws Exception {
        if (dialect != Dialect.SQLITE) {
            return;
        }
        engine.write(EngineTest::increment);
        assertThatThrownBy(() -> SqliteEngine.open(directory))
                .isInstanceOf(EngineStartException.class)
                .hasMessageContaining("another service");
        engine.close();
        assertThatThrownBy(() -> engine.write(EngineTest::increment)).isInstanceOf(DeliveryException.class);
        engine = SqliteEngine.open(directory);
        assertThat(counter()).isEqualTo(1);
    }

    @Test
    void saysThatTheDiskIsFullLosesNothingAndGoesOnWhenThereIsRoom() throws Exception {
        if (!(engine instanceof SqliteEngine sqlite)) {
            return;
        }
        engine.write(EngineTest::increment);
        long[] pages = new long[1];
        sqlite.onWriter(connection -> {
            try (var statement = connection.createStatement();
                    var result = statement.executeQuery("PRAGMA page_count")) {
                pages[0] = result.getLong(1);
            }
        });
        limit(sqlite, pages[0] + 2);
        Bytes large = Bytes.wrap(new byte[100_000]);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            boolean tooMuch = i % 2 == 0;
            byte id = (byte) i;
            tasks.add(() -> {
                try {
                    engine.write(tx -> tooMuch
                            ? tx.update("INSERT INTO node_secret (name, value) VALUES (?, ?)", "n" + id, large)
                            : (int) increment(tx));
                    return true;
                } catch (DeliveryException e) {
                    assertThat(e.kind()).isEqualTo(ProblemKind.OUT_OF_STORAGE);
                    return false;
                }
            });
        }
        List<Boolean> done = new ArrayList<>();
        for (Future<Boolean> future : threads.invokeAll(tasks)) {
            done.add(future.get());
        }
        for (int i = 0; i < 16; i++) {
            assertThat(done.get(i)).isEqualTo(i % 2 == 1);
        }
        assertThat(counter()).isEqualTo(9);
        limit(sqlite, 1L << 30);
        engine.write(tx -> tx.update("INSERT INTO node_secret (name, value) VALUES ('later', ?)", large));
    }

    private static void limit(SqliteEngine engine, long pages) throws Exception {
        engine.onWriter(connection -> SqliteEngine.execute(connection, "PRAGMA max_page_count = " + pages));
    }

    @Test
    void syncsEachConfirmation() throws Exception {
        if (!(engine instanceof SqliteEngine sqlite)) {
            return;
        }
        sqlite.onWriter(connection -> {
            try (var statement = connection.createStatement()) {
                try (var result = statement.executeQuery("PRAGMA synchronous")) {
                    assertThat(result.getInt(1)).as("FULL").isEqualTo(2);
                }
                try (var result = statement.executeQuery("PRAGMA journal_mode")) {
                    assertThat(result.getString(1)).isEqualTo("wal");
                }
            }
        });
    }

    @Test
    void carriesSignalsToOtherNodesAndNotBack() throws Exception {
        if (dialect != Dialect.POSTGRESQL) {
            return;
        }
        PostgresEngine.Address address = TestPostgres.database(2);
        try (Engine first = PostgresEngine.open(address);
                Engine second = PostgresEngine.open(address)) {
            BlockingQueue<String> atFirst = new LinkedBlockingQueue<>();
            BlockingQueue<String> atSecond = new LinkedBlockingQueue<>();
            first.signals().listen(atFirst::add, () -> {});
            second.signals().listen(atSecond::add, () -> {});
            // The second may not be listening yet: what was sent before is lost, as it may be.
            String got;
            do {
                first.signals().send("g " + NOBODY.toHex() + " 1");
                got = atSecond.poll(100, TimeUnit.MILLISECONDS);
            } while (got == null);
            assertThat(got).isEqualTo("g " + NOBODY.toHex() + " 1");
            assertThat(atFirst).isEmpty();
        }
    }

    /** Each direction has one thread, which ended for good when what it called threw: the node heard of no other, or none of it. */
    @Test
    @Timeout(60)
    void hearsOfOtherNodesAgainAfterAListenerFailed() throws Exception {
        if (dialect != Dialect.POSTGRESQL) {
            return;
        }
        PostgresEngine.Address address = TestPostgres.database(2);
        try (Engine first = PostgresEngine.open(address);
                Engine second = PostgresEngine.open(address)) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            AtomicInteger failures = new AtomicInteger();
            AtomicInteger looks = new AtomicInteger();
            second.signals()
                    .listen(
                            signal -> {
                                if (failures.getAndIncrement() == 0) {
                                    throw new StackOverflowError("of a listener");
                                }
                                heard.add(signal);
                            },
                            looks::incrementAndGet);
            String got;
            do {
                first.signals().send("i somebody 1");
                got = heard.poll(100, TimeUnit.MILLISECONDS);
            } while (got == null);
            assertThat(looks).as("it looks at what it may have missed").hasPositiveValue();
        }
    }

    /** What was on its way when the connection broke, as an idle one does behind a firewall, never reached the other nodes. */
    @Test
    @Timeout(60)
    void aSignalOutlivesTheConnectionThatWasToCarryIt() throws Exception {
        if (dialect != Dialect.POSTGRESQL) {
            return;
        }
        PostgresEngine.Address address = TestPostgres.database(2);
        try (Engine first = PostgresEngine.open(address);
                Engine second = PostgresEngine.open(address)) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            second.signals().listen(heard::add, () -> {});
            do {
                first.signals().send("m before");
            } while (heard.poll(100, TimeUnit.MILLISECONDS) == null);
            String notifying = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND query LIKE '%pg_notify(%' AND pid <> pg_backend_pid()";
            assertThat(second.<List<Boolean>>write(tx -> tx.list(notifying, row -> true)))
                    .hasSize(1);
            first.signals().send("m after");
            String got;
            do {
                got = heard.poll(30, TimeUnit.SECONDS);
            } while ("m before".equals(got));
            assertThat(got).isEqualTo("m after");
        }
    }
}
