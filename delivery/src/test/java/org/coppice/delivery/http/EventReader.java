package org.coppice.delivery.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads a stream of events as the HTML standard has it, as far as a test needs. */
final class EventReader implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final BufferedReader in;
    private int comments;

    /** An event; an empty id for none. */
    record Event(String name, String id, String data) {}

    private EventReader(HttpResponse<InputStream> response) {
        this.response = response;
        this.in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    static EventReader open(TestServer server, String token, Optional<String> last)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri("/v1/events")).header("Authorization", "Bearer " + token);
        last.ifPresent(id -> request.header("Last-Event-ID", id));
        return new EventReader(server.client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    int status() {
        return response.statusCode();
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /** How many comments have come so far. */
    int comments() {
        return comments;
    }

    /** The next event, or empty at the end of the stream. */
    Optional<Event> next() throws IOException {
        String name = "";
        String id = "";
        String data = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty()) {
                if (!name.isEmpty()) {
                    return Optional.of(new Event(name, id, data));
                }
            } else if (line.startsWith(":")) {
                comments++;
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (!line.startsWith("retry: ")) {
                throw new AssertionError(line);
            }
        }
        return Optional.empty();
    }

    /** Reads until {@code count} comments have come. */
    void awaitComments(int count) throws IOException {
        while (comments < count) {
            String line = in.readLine();
            if (line == null) {
                throw new AssertionError("the stream ended");
            }
            if (line.startsWith(":")) {
                comments++;
            }
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
