package org.coppice.cli.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.delivery.api.UserName;

/** Asks a server what only its operator may ask. */
public final class OperatorCall {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String server;
    private final HttpClient http;
    private final String token;

    private OperatorCall(String server, HttpClient http, String token) {
        this.server = server;
        this.http = http;
        this.token = token;
    }

    /**
     * A server at a URL.
     *
     * @param allowHttp whether it may be http to another machine: the token would be seen on the way
     * @param trust the authorities of its certificate, in PEM; empty for those of the platform
     * @param token what shows that it is the operator who asks
     */
    public static OperatorCall at(String server, boolean allowHttp, Optional<Path> trust, String token) {
        // Checks the URL as for an account.
        Servers.at(server, allowHttp, trust).close();
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(PATIENCE);
        trust.ifPresent(file -> http.sslContext(ServerProbe.context(file)));
        return new OperatorCall(server.replaceAll("/+$", ""), http.build(), token);
    }

    /** Gives a name back; returns the devices that had it. */
    public List<String> release(UserName user) {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(server + "/v1/operator/releases"))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .header("Operator-Token", token)
                    .POST(HttpRequest.BodyPublishers.ofString(
                            JSON.createObjectNode().put("user", user.value()).toString()))
                    .build();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.input("the operator's token cannot be sent", "it is one line of letters and digits");
        }
        HttpResponse<byte[]> response = send(request);
        return switch (response.statusCode()) {
            case 200 -> devices(response.body());
            case 401 ->
                throw CommandFailure.check(
                        server + " knows another operator's token, or none", "see coppice serve --help");
            case 404 ->
                throw CommandFailure.check("nobody has the name " + user + " at " + server, "nothing was changed");
            case 429, 503 -> throw CommandFailure.later(server + " cannot do it now", "try again in a moment");
            default -> throw Failures.strangeAnswer(server, "status " + response.statusCode());
        };
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return Exchange.send(http, request, PATIENCE);
        } catch (IOException e) {
            throw Failures.unreachable(server, e);
        }
    }

    private List<String> devices(byte[] body) {
        try {
            List<String> out = new ArrayList<>();
            for (JsonNode device : JSON.readTree(body).path("released")) {
                out.add(device.asText());
            }
            return out;
        } catch (IOException e) {
            throw Failures.strangeAnswer(server, "no JSON");
        }
    }
}
