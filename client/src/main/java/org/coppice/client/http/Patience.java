package org.coppice.client.http;

import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.RequestBody;
import okio.AsyncTimeout;

/**
 * Ends a call that does not get on. The timeouts of OkHttp bound the silence between two bytes; a service that sends one now and then would
 * hold the call for ever. A slow connection may take as long as it needs: each kilobyte buys time for the next.
 */
final class Patience extends AsyncTimeout implements AutoCloseable {
    /** What the slowest connection carries in a second that a client is of use on. */
    private static final long BYTES_PER_SECOND = 4096;

    private final Call call;
    private final long graceMillis;
    private long begun = System.nanoTime();

    /**
     * Begins to watch a call.
     *
     * @param graceMillis how long the service may take beside the time for what is carried
     * @param toBegin how long it may take, beside that, until it begins to answer: to connect, and what it may be silent on purpose
     */
    Patience(Call call, long graceMillis, long toBegin, RequestBody sent) {
        this.call = call;
        this.graceMillis = graceMillis;
        arm(graceMillis + toBegin + carrying(length(sent)));
    }

    private static long length(RequestBody sent) {
        try {
            return sent == null ? 0 : Math.max(0, sent.contentLength());
        } catch (java.io.IOException e) {
            throw new AssertionError("its bytes are in memory", e);
        }
    }

    private static long carrying(long bytes) {
        return TimeUnit.SECONDS.toMillis(1) * bytes / BYTES_PER_SECOND;
    }

    private void arm(long millis) {
        timeout(Math.max(1, millis), TimeUnit.MILLISECONDS);
        enter();
    }

    /** The answer begins. */
    void answered() throws SocketTimeoutException {
        begun = System.nanoTime();
        carried(0);
    }

    /** So many bytes of the answer have come. */
    void carried(long bytes) throws SocketTimeoutException {
        long left = graceMillis + carrying(bytes) - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        if (exit() || left <= 0) {
            call.cancel();
            throw tooSlow();
        }
        arm(left);
    }

    /** Whether it has ended the call. */
    boolean isOver() {
        return exit();
    }

    static SocketTimeoutException tooSlow() {
        return new SocketTimeoutException("the service answers too slowly");
    }

    @Override
    protected void timedOut() {
        call.cancel();
    }

    @Override
    public void close() {
        exit();
    }
}
