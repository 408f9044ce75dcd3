package org.coppice.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;

/** Hints as server-sent events. Only an event with an id may be resumed from; the service puts it on the last of those it has. */
final class StreamedHints extends EventSourceListener implements Subscription {
    /** The service sends heartbeats more often than that. */
    private static final long SILENCE_SECONDS = 120;

    private static final long OPENING_SECONDS = 30;

    private static final int MAX_ID = 256;

    private final HintListener listener;
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile EventSource source;
    private volatile boolean open;
    private volatile boolean closed;
    private volatile int refusal;
    private volatile IOException failure;
    private String usedToken = "";
    private volatile String lastId = "";

    private StreamedHints(HintListener listener) {
        this.listener = listener;
    }

    static Subscription open(HttpSession session, HintListener listener, Optional<String> lastEventId)
            throws DeliveryException, IOException {
        StreamedHints out = attempt(session, listener, lastEventId, Optional.empty());
        if (!out.open && out.refusal == 401) {
            out = attempt(session, listener, lastEventId, Optional.of(out.usedToken));
        }
        if (out.open) {
            return out;
        }
        if (session.fallsBack() && out.refusal != 0 && out.refusal != 401 && out.refusal < 500) {
            // A service that answers nothing at all is not one that only its streams are kept back of.
            session.groups();
            return PollingHints.begin(session, listener);
        }
        Optional<UntrustedServiceException> untrusted =
                Optional.ofNullable(out.failure).flatMap(session.transport()::untrusted);
        if (untrusted.isPresent()) {
            throw untrusted.get();
        }
        throw new IOException("the stream of hints did not open", out.failure);
    }

    private static StreamedHints attempt(
            HttpSession session, HintListener listener, Optional<String> lastEventId, Optional<String> refusedToken)
            throws DeliveryException, IOException {
        StreamedHints out = new StreamedHints(listener);
        OkHttpClient client = session.transport()
                .client()
                .newBuilder()
                .readTimeout(SILENCE_SECONDS, TimeUnit.SECONDS)
                .callTimeout(0, TimeUnit.SECONDS)
                .addInterceptor(chain -> EventBody.guard(chain, millis -> listener.onPause(Duration.ofMillis(millis))))
                .build();
        out.lastId = lastEventId.orElse("");
        okhttp3.Request request = session.events(lastEventId, refusedToken);
        out.usedToken = request.header("Authorization").substring("Bearer ".length());
        out.source = EventSources.createFactory(client).newEventSource(request, out);
        long patience = Math.min(
                TimeUnit.SECONDS.toMillis(OPENING_SECONDS),
                session.transport().client().readTimeoutMillis());
        return session.waits().<StreamedHints, IOException>run(out::close, () -> out.awaitOpened(patience));
    }

    private StreamedHints awaitOpened(long patience) throws IOException {
        try {
            if (!opened.await(patience, TimeUnit.MILLISECONDS)) {
                close();
                // Something on the way keeps streams back.
                refusal = 408;
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the stream of hints opened");
        }
        return this;
    }

    @Override
    public void onOpen(EventSource eventSource, Response response) {
        open = true;
        opened.countDown();
    }

    @Override
    public void onEvent(EventSource eventSource, String id, String type, String data) {
        if (id != null && isResumable(id)) {
            lastId = id;
        }
        try {
            JsonNode json = Answer.JSON.readTree(data);
            long head = Json.number(json, "head");
            if ("group".equals(type)) {
                listener.onHint(new Hint.OfGroup(Json.eventGroup(json), head), lastId);
            } else if ("inbox".equals(type)) {
                listener.onHint(new Hint.OfInbox(head), lastId);
            }
        } catch (IOException e) {
            end(e);
            eventSource.cancel();
        }
    }

    /** The next request has it in a header, which takes no other characters, nor any number of them. */
    private static boolean isResumable(String id) {
        return id.length() <= MAX_ID && id.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    @Override
    public void onClosed(EventSource eventSource) {
        end(new IOException("the service ended the stream of hints"));
    }

    @Override
    public void onFailure(EventSource eventSource, Throwable cause, Response response) {
        if (!closed) {
            refusal = response == null ? 0 : response.code();
        }
        failure = cause instanceof IOException io ? io : new IOException("the connection to the service broke", cause);
        boolean was = open;
        opened.countDown();
        if (was) {
            end(failure);
        }
    }

    private void end(IOException cause) {
        if (!closed) {
            closed = true;
            listener.onInterrupted(cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        EventSource present = source;
        if (present != null) {
            present.cancel();
        }
        opened.countDown();
    }
}
