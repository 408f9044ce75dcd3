package org.coppice.bench.client;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.coppice.client.model.Connector;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.SealedClientStore;
import org.coppice.client.store.SqliteClientStore;
import org.coppice.client.store.StoreKey;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;

/**
 * Measures what one client takes and writes, on one thread: time by the clock and on the processor, less what the service in the same
 * thread takes, and the sealed records as they go into its SQLite file.
 */
final class Metered {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long requests;
    private long serviceWall;
    private long serviceCpu;
    private long commits;
    private long records;
    private long deletes;
    private long bytes;

    /** What one measured call took. */
    record Sample(
            double wallMillis,
            double cpuMillis,
            double serviceMillis,
            long requests,
            long commits,
            long records,
            long deletes,
            long bytes) {
        /** A row of a table: medians of several. */
        static String row(String name, List<Sample> samples) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %d | %d | %d | %d | %,d |",
                    name,
                    median(samples.stream().map(Sample::wallMillis).toList()),
                    median(samples.stream().map(Sample::cpuMillis).toList()),
                    median(samples.stream().map(Sample::serviceMillis).toList()),
                    (long) median(
                            samples.stream().map(s -> (double) s.requests()).toList()),
                    (long) median(
                            samples.stream().map(s -> (double) s.commits()).toList()),
                    (long) median(
                            samples.stream().map(s -> (double) s.records()).toList()),
                    (long) median(
                            samples.stream().map(s -> (double) s.deletes()).toList()),
                    (long) median(samples.stream().map(s -> (double) s.bytes()).toList()));
        }

        static final String HEAD =
                "| operation | client ms | of that processor ms | service ms | requests | transactions |"
                        + " records written | deleted | bytes written |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

        private static double median(List<Double> values) {
            List<Double> sorted = new ArrayList<>(values);
            sorted.sort(null);
            return sorted.get(sorted.size() / 2);
        }
    }

    /** Something to measure. */
    @FunctionalInterface
    interface Call {
        void run() throws Exception;
    }

    Sample measure(Call call) throws Exception {
        requests = 0;
        serviceWall = 0;
        serviceCpu = 0;
        commits = 0;
        records = 0;
        deletes = 0;
        bytes = 0;
        long cpu = THREADS.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        call.run();
        wall = System.nanoTime() - wall - serviceWall;
        cpu = THREADS.getCurrentThreadCpuTime() - cpu - serviceCpu;
        return new Sample(wall / 1e6, cpu / 1e6, serviceWall / 1e6, requests, commits, records, deletes, bytes);
    }

    /** A sealed store in a file. */
    ClientStore store(Path file) {
        try (StoreKey key = StoreKey.of(Secret.wrap(new byte[StoreKey.LENGTH]))) {
            return SealedClientStore.open(counting(SqliteClientStore.open(file)), key, Randomness.system());
        }
    }

    private ClientStore counting(ClientStore store) {
        return new ClientStore() {
            @Override
            public StoreTransaction begin() {
                return proxy(StoreTransaction.class, store.begin());
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    private <T> T proxy(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                Metered.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    switch (method.getName()) {
                        case "put" -> {
                            records++;
                            bytes += ((byte[]) args[2]).length;
                        }
                        case "delete", "deleteAll" -> deletes++;
                        case "commit" -> commits++;
                        default -> {
                            // Reads are in the time.
                        }
                    }
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** Sessions whose time is not the client's. */
    Connector connector(Connector service) {
        return identity -> {
            DeliverySession session = service.connect(identity);
            return (DeliverySession) Proxy.newProxyInstance(
                    Metered.class.getClassLoader(), new Class<?>[] {DeliverySession.class}, (proxy, method, args) -> {
                        long cpu = THREADS.getCurrentThreadCpuTime();
                        long wall = System.nanoTime();
                        try {
                            return method.invoke(session, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        } finally {
                            requests++;
                            serviceWall += System.nanoTime() - wall;
                            serviceCpu += THREADS.getCurrentThreadCpuTime() - cpu;
                        }
                    });
        };
    }
}
