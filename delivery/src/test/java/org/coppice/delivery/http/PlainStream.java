package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;

/** A stream of hints over plain HTTP, on a thread of its own. */
final class PlainStream implements Subscription {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InputStream in;
    private volatile boolean closed;

    private PlainStream(InputStream in) {
        this.in = in;
    }

    static PlainStream open(PlainClient http, HintListener listener, Optional<String> last)
            throws DeliveryException, IOException {
        PlainStream out = new PlainStream(http.stream("/v1/events", last).body());
        Thread thread = new Thread(() -> out.run(listener, last.orElse("")), "events");
        thread.setDaemon(true);
        thread.start();
        return out;
    }

    private void run(HintListener listener, String resumed) {
        IOException cause = new IOException("the stream has ended");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String name = "";
            String id = resumed;
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !name.isEmpty()) {
                    listener.onHint(hint(name, JSON.readTree(data)), id);
                    name = "";
                }
            }
        } catch (IOException e) {
            cause = e;
        }
        if (!closed) {
            listener.onInterrupted(cause);
        }
    }

    private static Hint hint(String name, JsonNode data) {
        long head = data.get("head").asLong();
        return name.equals("inbox")
                ? new Hint.OfInbox(head)
                : new Hint.OfGroup(PlainValues.groupId(data.get("groupId").asText()), head);
    }

    @Override
    public void close() {
        closed = true;
        try {
            in.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }
}
