package org.coppice.fuzz.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Optional;

/** A connection to a server of HTTP/1.1, over which anything can be written. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 600_000;
    /** What is left of a stream of events would not end. */
    private static final int LITTLE_PATIENCE_MILLIS = 200;

    private static final int END_OF_HEAD = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final Socket socket;
    private final InputStream in;

    /**
     * An answer.
     *
     * @param status its status
     * @param head its status line and header
     * @param body its body, if it has a length
     */
    record Answer(int status, String head, byte[] body) {
        /** The value of a header field; empty if there is none. */
        String field(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    return line.substring(name.length() + 1).trim();
                }
            }
            return "";
        }
    }

    Wire(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        // Closed without a trace, so that thousands of connections leave no ports behind.
        socket.setSoLinger(true, 0);
        in = socket.getInputStream();
    }

    void write(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // The server has answered and closed; what it answered is read next.
        }
    }

    void finish() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException e) {
            // Closed already.
        }
    }

    /** The next answer; empty if the server closed without one. Reads the body only if it has a length. */
    Optional<Answer> answer() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        try {
            for (int last = 0; last != END_OF_HEAD; ) {
                int next = in.read();
                if (next < 0) {
                    return Optional.empty();
                }
                head.write(next);
                last = last << 8 | next;
            }
            String text = head.toString(ISO_8859_1);
            Answer bare = new Answer(Integer.parseInt(text.substring(9, 12)), text, new byte[0]);
            String length = bare.field("Content-Length");
            return Optional.of(
                    length.isEmpty() ? bare : new Answer(bare.status(), text, in.readNBytes(Integer.parseInt(length))));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    /** Whether the server, which was told that nothing more comes, has answered everything and closed. */
    boolean ends() throws IOException {
        socket.setSoTimeout(LITTLE_PATIENCE_MILLIS);
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException | SocketException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
