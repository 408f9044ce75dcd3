package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.api.DeliveryException;

/** The stream of hints, as server-sent events. */
final class EventsResource {
    private static final int MAX_ID_LENGTH = 512;

    private final EventStreams streams;

    EventsResource(EventStreams streams) {
        this.streams = streams;
    }

    List<Route> routes() {
        Endpoint.Later open = this::open;
        return List.of(new Route("GET", "/v1/events", Set.of(Route.Need.TOKEN), Route.Body.NONE, List.of(), open));
    }

    private void open(Call call, Exchange exchange) throws DeliveryException, IOException {
        Optional<String> last = call.header("Last-Event-ID");
        if (last.isPresent() && !isId(last.get())) {
            throw Problems.malformed("HEADER", "Last-Event-ID is none that this service gave")
                    .asException();
        }
        streams.open(call.session(), call.expiresMillis(), exchange, last);
    }

    private static boolean isId(String text) {
        return text.length() <= MAX_ID_LENGTH && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
