package org.coppice.bench.delivery;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Clients that do nothing but hold a stream of hints open, all on one thread. */
final class Streams implements AutoCloseable {
    private static final int AT_ONCE = 100;

    private final Selector selector = Selector.open();
    private final List<Stream> streams = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

    /** What one stream has told, and when. */
    private static final class Stream {
        private final SocketChannel channel;
        private String tail = "";
        private long saidNanos;

        Stream(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private Streams() throws IOException {}

    /** Opens a stream for each token, and returns when all of them have been answered. */
    static Streams open(int port, List<String> tokens) throws IOException {
        Streams out = new Streams();
        for (int i = 0; i < tokens.size(); i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            String head =
                    "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + tokens.get(i) + "\r\n\r\n";
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            Stream stream = new Stream(channel);
            channel.register(out.selector, SelectionKey.OP_READ, stream);
            out.streams.add(stream);
            if (i % AT_ONCE == AT_ONCE - 1 || i == tokens.size() - 1) {
                out.await("retry: ", i + 1);
            }
        }
        return out;
    }

    int size() {
        return streams.size();
    }

    /** Reads for so long, whatever comes. */
    void idle(double seconds) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            select("\0");
        }
    }

    /** Forgets what was told so far. */
    void forget() {
        for (Stream stream : streams) {
            stream.saidNanos = 0;
            stream.tail = "";
        }
    }

    /**
     * Waits until {@code count} have said {@code text} since {@link #forget}; returns when each of them did, in nanoseconds of
     * {@link System#nanoTime}, the first one first.
     */
    long[] await(String text, int count) throws IOException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (true) {
            long[] said = streams.stream()
                    .mapToLong(stream -> stream.saidNanos)
                    .filter(nanos -> nanos != 0)
                    .toArray();
            if (said.length >= count) {
                Arrays.sort(said);
                return said;
            }
            if (System.nanoTime() > end) {
                throw new IOException("only " + said.length + " of " + count + " streams have said " + text);
            }
            select(text);
        }
    }

    private void select(String text) throws IOException {
        selector.select(20);
        for (SelectionKey key : selector.selectedKeys()) {
            Stream stream = (Stream) key.attachment();
            buffer.clear();
            if (stream.channel.read(buffer) < 0) {
                throw new IOException("a stream has ended");
            }
            String all = stream.tail + new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
            if (stream.saidNanos == 0 && all.contains(text)) {
                stream.saidNanos = System.nanoTime();
            }
            stream.tail = all.substring(Math.max(0, all.length() - text.length()));
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (Stream stream : streams) {
            stream.channel.close();
        }
        selector.close();
    }
}
