package org.coppice.client.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.Response;

/** The calls of a session that wait for something to happen, which end with the session. Thread safe. */
final class Waits implements AutoCloseable {
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    boolean isClosed() {
        return closed;
    }

    /** Executes a call, unless and until this is closed. */
    Response execute(Call call) throws IOException {
        calls.add(call);
        try {
            if (closed) { // whoever closed it may have come too early to see the call
                throw new IOException("the session is closed");
            }
            return call.execute();
        } finally {
            calls.remove(call);
        }
    }

    @Override
    public void close() {
        closed = true;
        calls.forEach(Call::cancel);
    }
}
