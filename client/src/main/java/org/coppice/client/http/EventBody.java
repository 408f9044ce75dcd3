package org.coppice.client.http;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.function.LongConsumer;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * The body of a stream of events, made safe for the reader of OkHttp (5.3), which turns in a circle for ever at a stream that ends with a
 * carriage return, and keeps whatever comes until an event is whole.
 */
final class EventBody extends ResponseBody {
    /** No event of the contract, with the heartbeats before it, has nearly as many bytes. */
    private static final long MAX_EVENT = 1 << 20;

    private final ResponseBody body;
    private final BufferedSource source;

    private EventBody(ResponseBody body, LongConsumer retry) {
        this.body = body;
        this.source = Okio.buffer(new Lines(body.source(), retry));
    }

    /**
     * Gives a response such a body.
     *
     * @param retry told each pause in milliseconds that the stream wants before the next one, which OkHttp's reader keeps to itself
     */
    static Response guard(Interceptor.Chain chain, LongConsumer retry) throws IOException {
        Response response = chain.proceed(chain.request());
        return response.newBuilder().body(new EventBody(response.body(), retry)).build();
    }

    @Override
    public MediaType contentType() {
        return body.contentType();
    }

    /** Not known: a line may be completed. */
    @Override
    public long contentLength() {
        return -1;
    }

    @Override
    public BufferedSource source() {
        return source;
    }

    /** Completes a line end at the end of the stream, which does not change what it means, bounds events, and looks for pauses. */
    private static final class Lines extends ForwardingSource {
        private static final String RETRY = "retry:";
        private static final int LONGEST_RETRY = RETRY.length() + 12;

        private final LongConsumer retry;
        private final StringBuilder line = new StringBuilder();
        private byte last;
        private long sinceEvent;

        Lines(Source source, LongConsumer retry) {
            super(source);
            this.retry = retry;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long count = super.read(sink, byteCount);
            if (count < 0 && last == '\r') {
                last = '\n';
                sink.writeByte('\n');
                return 1;
            }
            for (long i = sink.size() - Math.max(0, count); i < sink.size(); i++) {
                follow(sink.getByte(i));
            }
            if (sinceEvent > MAX_EVENT) {
                throw new ProtocolException("an event of the service does not end");
            }
            return count;
        }

        /** An empty line ends an event; of "\r\n" the second byte makes none. */
        private void follow(byte next) {
            boolean ends = next == '\n' && last == '\n' || next == '\r' && (last == '\r' || last == '\n');
            sinceEvent = ends ? 0 : sinceEvent + 1;
            last = next;
            if (next == '\n' || next == '\r') {
                endLine();
            } else if (line.length() <= LONGEST_RETRY) {
                line.append((char) (next & 0xff));
            }
        }

        private void endLine() {
            if (line.length() <= LONGEST_RETRY && line.toString().matches(RETRY + " ?[0-9]+")) {
                retry.accept(Long.parseLong(line.substring(RETRY.length()).strip()));
            }
            line.setLength(0);
        }
    }
}
