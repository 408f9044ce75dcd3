package org.coppice.delivery.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.delivery.api.DeliveryException;

/** The part of a URI after the question mark: numbers under names, so nothing in it needs an escape. */
final class Query {
    private Query() {}

    /**
     * @param text as it was sent, or null
     * @param known the names that may occur
     */
    static Map<String, String> parse(String text, List<String> known) throws DeliveryException {
        Map<String, String> out = new HashMap<>();
        if (text == null || text.isEmpty()) {
            return out;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0 || !known.contains(name)) {
                throw Problems.malformed(
                                "QUERY",
                                known.isEmpty()
                                        ? "this takes no query parameters"
                                        : "the query parameters here are " + String.join(", ", known))
                        .asException();
            }
            if (out.put(name, pair.substring(equals + 1)) != null) {
                throw Problems.malformed("QUERY", "\"" + name + "\" occurs twice")
                        .asException();
            }
        }
        return out;
    }
}
