package org.coppice.delivery.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;

/** Writes what it is told to a socket, whether that is HTTP or not, and reads one answer. */
final class RawClient implements AutoCloseable {
    private final Socket socket;

    RawClient(TestServer server) throws IOException {
        this(server.connect());
    }

    RawClient(Socket socket) {
        this.socket = socket;
    }

    static String head(String method, String path, String... headers) {
        StringBuilder out = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        out.append("Authorization: Bearer ").append(TestServer.ALICE).append("\r\n");
        out.append("Request-Id: 01020304-0506-0708-090a-0b0c0d0e0f10\r\n");
        for (String header : headers) {
            out.append(header).append("\r\n");
        }
        return out.append("\r\n").toString();
    }

    RawClient write(String text) throws IOException {
        return write(text.getBytes(ISO_8859_1));
    }

    /** Writes as much as the server takes. */
    RawClient write(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException e) {
            // The server has answered and closed; what it answered is read next.
        }
        return this;
    }

    /** Says that no more will come. */
    RawClient finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Everything that comes until the server closes, or until an answer with a length is whole. */
    String answer() throws IOException {
        StringBuilder out = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.append(new String(buffer, 0, count, ISO_8859_1));
                if (isWhole(out.toString())) {
                    break;
                }
            }
        } catch (SocketException e) {
            // Reset: what came before is the answer.
        }
        return out.toString();
    }

    private static boolean isWhole(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        for (String line : text.substring(0, end).split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return text.length()
                        >= end + 4 + Integer.parseInt(line.substring(15).trim());
            }
        }
        return text.startsWith("HTTP/1.1 204");
    }

    static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /** That an answer is this problem. */
    static void assertProblem(String answer, int status, String kind) {
        assertThat(status(answer)).as(answer).isEqualTo(status);
        assertThat(answer).contains("Content-Type: application/problem+json").contains("urn:coppice:problem:" + kind);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
