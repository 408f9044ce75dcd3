package org.coppice.cli.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.coppice.cli.CommandFailure;

/**
 * What is kept of an account in clear, as it must be known before the store is open.
 *
 * @param server the URL of the server where the account is registered
 * @param allowsHttp whether that may be http to another machine
 * @param opening what opens the store
 * @param registered whether the server has confirmed it
 */
public record AccountFacts(String server, boolean allowsHttp, Opening opening, boolean registered) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;

    /** What opens a store. */
    public enum Opening {
        /** A passphrase. */
        PASSPHRASE,
        /** A key in a file beside it: whoever can read the one can read the other. */
        KEY_FILE
    }

    AccountFacts asRegistered() {
        return new AccountFacts(server, allowsHttp, opening, true);
    }

    static AccountFacts read(AccountPlace place) {
        try {
            JsonNode json = JSON.readTree(Files.readString(place.facts()));
            if (json.path("version").asInt() != VERSION) {
                throw CommandFailure.input(
                        "an account of a later release: " + place.facts(),
                        "use the release that made it, or a later one");
            }
            return new AccountFacts(
                    json.path("server").asText(),
                    json.path("allows_http").asBoolean(),
                    Opening.valueOf(json.path("opening").asText().toUpperCase(java.util.Locale.ROOT)),
                    json.path("registered").asBoolean());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw CommandFailure.input("not the facts of an account: " + place.facts(), "restore the file from a copy");
        } catch (IOException e) {
            throw CommandFailure.input("cannot read " + place.facts() + ": " + e.getMessage(), "");
        }
    }

    void write(AccountPlace place) throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("version", VERSION)
                .put("client", place.client().toString())
                .put("server", server)
                .put("allows_http", allowsHttp)
                .put("opening", opening.name().toLowerCase(java.util.Locale.ROOT))
                .put("registered", registered);
        AccountFiles.write(place.facts(), (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
