package org.coppice.delivery.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NOTIFY and LISTEN on connections of their own. A NOTIFY inside the transaction that it tells of would make all such transactions wait
 * for one another as they commit; sent afterwards and many at once, it costs them nothing.
 */
final class PostgresSignals implements SignalBus, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSignals.class);
    private static final String CHANNEL = "coppice_delivery";
    /** PostgreSQL takes less than 8000 bytes. */
    private static final int MAX_PAYLOAD = 7900;
    /** More than this is not worth keeping: the others look by themselves now and then. */
    private static final int MAX_WAITING = 50_000;

    private static final int LISTEN_MILLIS = 500;
    /** After so many rounds of silence it asks whether anybody is there: who only listens does not notice that a peer has vanished. */
    private static final int QUIET_ROUNDS = 20;

    private static final int RETRY_MILLIS = 500;

    private final PGSimpleDataSource source;
    private final String self = UUID.randomUUID().toString();
    private final Set<String> waiting = new LinkedHashSet<>();
    private final Thread sender = new Thread(this::send, "coppice-notify");
    private final Thread receiver = new Thread(this::receive, "coppice-listen");
    private volatile Consumer<String> listener = signal -> {};
    private volatile Runnable gap = () -> {};
    private volatile boolean closed;

    private PostgresSignals(PGSimpleDataSource source) {
        this.source = Objects.requireNonNull(source, "source");
        sender.setDaemon(true);
        receiver.setDaemon(true);
    }

    static PostgresSignals start(PGSimpleDataSource source) {
        PostgresSignals signals = new PostgresSignals(source);
        signals.sender.start();
        signals.receiver.start();
        return signals;
    }

    @Override
    public void listen(Consumer<String> to, Runnable onGap) {
        listener = to;
        gap = onGap;
    }

    @Override
    public void send(String signal) {
        synchronized (waiting) {
            if (waiting.size() < MAX_WAITING) {
                waiting.add(signal);
                waiting.notifyAll();
            }
        }
    }

    private void send() {
        while (!closed) {
            try (Connection connection = source.getConnection();
                    PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
                while (!closed) {
                    sendAll(notify, takeAll());
                }
            } catch (SQLException e) {
                LOG.warn("hints to other nodes are interrupted ({})", e.getSQLState());
                pause();
            } catch (RuntimeException | Error e) {
                // This thread is the only one that tells the other nodes anything.
                LOG.error("hints to other nodes are interrupted", e);
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void sendAll(PreparedStatement notify, List<String> signals) throws SQLException {
        boolean sent = false;
        try {
            for (String payload : payloads(signals)) {
                notify.setString(1, CHANNEL);
                notify.setString(2, payload);
                notify.executeQuery().close();
            }
            sent = true;
        } finally {
            if (!sent) {
                // Perhaps twice for some: the others would not learn by themselves that they missed any.
                signals.forEach(this::send);
            }
        }
    }

    private List<String> takeAll() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            List<String> out = new ArrayList<>(waiting);
            waiting.clear();
            return out;
        }
    }

    private List<String> payloads(List<String> signals) {
        List<String> out = new ArrayList<>();
        Iterator<String> next = signals.iterator();
        StringBuilder payload = new StringBuilder(self);
        while (next.hasNext()) {
            String signal = next.next();
            if (payload.length() + 1 + signal.length() > MAX_PAYLOAD) {
                out.add(payload.toString());
                payload = new StringBuilder(self);
            }
            payload.append('\n').append(signal);
        }
        out.add(payload.toString());
        return out;
    }

    private void receive() {
        while (!closed) {
            try (Connection connection = source.getConnection()) {
                SqliteEngine.execute(connection, "LISTEN " + CHANNEL);
                // Whatever came while nobody listened is lost.
                gap.run();
                listenOn(connection);
            } catch (SQLException e) {
                if (!closed) {
                    LOG.warn("hints from other nodes are interrupted ({})", e.getSQLState());
                    pause();
                }
            } catch (RuntimeException | Error e) {
                // This thread is the only one that hears of the other nodes; it looks at everything when it is back.
                LOG.error("hints from other nodes are interrupted", e);
                pause();
            }
        }
    }

    private void listenOn(Connection connection) throws SQLException {
        PGConnection notified = connection.unwrap(PGConnection.class);
        int quiet = 0;
        while (!closed) {
            PGNotification[] got = notified.getNotifications(LISTEN_MILLIS);
            if (got != null && got.length > 0) {
                quiet = 0;
                for (PGNotification one : got) {
                    deliver(one.getParameter());
                }
            } else if (++quiet == QUIET_ROUNDS) {
                quiet = 0;
                SqliteEngine.execute(connection, "SELECT 1");
            }
        }
    }

    private void deliver(String payload) {
        String[] lines = payload.split("\n", -1);
        if (!lines[0].equals(self)) {
            for (int i = 1; i < lines.length; i++) {
                listener.accept(lines[i]);
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        sender.interrupt();
        receiver.interrupt();
    }
}
