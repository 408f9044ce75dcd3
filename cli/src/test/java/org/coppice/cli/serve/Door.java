package org.coppice.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A load balancer of bytes: connects whoever comes with the first of several ports of this machine that answers. */
final class Door implements AutoCloseable {
    private final ServerSocket socket;
    private final AtomicInteger[] used;
    private volatile List<Integer> ports = List.of();

    /** @param size how many ports it will lead to */
    Door(int size) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        used = new AtomicInteger[size];
        for (int i = 0; i < size; i++) {
            used[i] = new AtomicInteger();
        }
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Lets people in from now on; those who came before have waited. */
    void leadTo(Integer... nodes) {
        ports = List.of(nodes);
        start(() -> {
            while (!socket.isClosed()) {
                try {
                    open(socket.accept());
                } catch (IOException e) {
                    // Closed, or the guest has gone.
                }
            }
        });
    }

    /** How many connections went to the port of a place. */
    int used(int place) {
        return used[place].get();
    }

    private void open(Socket guest) throws IOException {
        for (int place = 0; place < ports.size(); place++) {
            try {
                Socket node = new Socket(InetAddress.getByName("127.0.0.1"), ports.get(place));
                used[place].incrementAndGet();
                start(() -> copy(guest, node));
                start(() -> copy(node, guest));
                return;
            } catch (IOException e) {
                // The next one.
            }
        }
        guest.close();
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // One side is gone: both are closed.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "door");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
