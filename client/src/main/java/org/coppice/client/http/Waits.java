package org.coppice.client.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.Response;

/** What is under way of a session, which ends with it. Thread safe. */
final class Waits implements AutoCloseable {
    private final Set<Runnable> ends = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    boolean isClosed() {
        return closed;
    }

    /** Something that takes its time. */
    @FunctionalInterface
    interface Wait<T, E extends Exception> {
        T run() throws IOException, E;
    }

    /** Reads an answer. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Response response) throws IOException;
    }

    /**
     * Runs something, unless and until this is closed.
     *
     * @param end has it end soon; called by another thread
     */
    <T, E extends Exception> T run(Runnable end, Wait<T, E> wait) throws IOException, E {
        ends.add(end);
        try {
            if (closed) { // whoever closed it may have come too early to see it
                end.run();
                throw new IOException("the session is closed");
            }
            return wait.run();
        } finally {
            ends.remove(end);
        }
    }

    /** Executes a call and has its answer read, unless and until this is closed. */
    <T> T execute(Call call, Reader<T> reader) throws IOException {
        return this.<T, IOException>run(call::cancel, () -> {
            try (Response response = call.execute()) {
                return reader.read(response);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        ends.forEach(Runnable::run);
    }
}
