package org.coppice.fuzz.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/** A server that answers every request with what it was told to; only a login it answers as a client needs it. */
final class HostileServer implements AutoCloseable {
    private static final byte[] CHALLENGE =
            ok("{\"challenge\":\"AAECAwQFBgcICQoLDA0ODw==\",\"expires\":9999999999999}");
    private static final byte[] TOKEN = ok("{\"token\":\"t\",\"expires\":9999999999999}");

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private volatile byte[] answer = new byte[0];
    private volatile boolean hostileLogin;

    HostileServer() throws IOException {
        Thread thread = new Thread(this::accept, "hostile server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** What comes next, from the status line on. */
    void answer(byte[] bytes, boolean atLogin) {
        answer = bytes;
        hostileLogin = atLogin;
    }

    private static byte[] ok(String body) {
        return response(200, "application/json", body.getBytes(ISO_8859_1));
    }

    /** An answer whose frame is right. */
    static byte[] response(int status, String type, byte[] body) {
        byte[] head = ("HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(ISO_8859_1);
        byte[] out = new byte[head.length + body.length];
        System.arraycopy(head, 0, out, 0, head.length);
        System.arraycopy(body, 0, out, head.length, body.length);
        return out;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                Thread thread = new Thread(() -> serve(connection), "hostile connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                int length = 0;
                for (String field = line(in); !field.isEmpty(); field = line(in)) {
                    if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(field.substring(15).trim());
                    }
                }
                in.skipNBytes(length);
                if (request.startsWith("POST /v1/auth/") && !hostileLogin) {
                    out.write(request.startsWith("POST /v1/auth/challenge") ? CHALLENGE : TOKEN);
                } else {
                    out.write(answer);
                    if (request.startsWith("GET /v1/events")) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            return; // the client went away
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder out = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                out.append((char) next);
            }
        }
        return out.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
