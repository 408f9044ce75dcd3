package org.coppice.delivery.ca;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider on this machine: it says where its keys are, and shows them. */
final class TestProvider implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String keys = "{\"keys\":[]}";
    private volatile String name;
    private volatile boolean failing;

    private TestProvider(HttpServer server) {
        this.server = server;
        this.name = issuer();
    }

    static TestProvider start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        TestProvider provider = new TestProvider(server);
        server.createContext("/.well-known/openid-configuration", provider::configuration);
        server.createContext("/keys", provider::keys);
        server.start();
        return provider;
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Publishes the public half of keys, in the place of those before. */
    void publish(JWK... published) {
        keys = new JWKSet(List.of(published)).toPublicJWKSet().toString();
    }

    /** Answers with 503 from now on, or not any more. */
    void fail(boolean now) {
        failing = now;
    }

    /** Names another issuer than itself. */
    void claimToBe(String issuer) {
        name = issuer;
    }

    int askedForKeys() {
        return asked.get();
    }

    private void configuration(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                "{\"issuer\":\"" + name + "\",\"jwks_uri\":\"" + issuer() + "/keys\",\"authorization_endpoint\":\""
                        + issuer() + "/authorize\",\"response_types_supported\":[\"id_token\"],"
                        + "\"subject_types_supported\":[\"public\"],\"id_token_signing_alg_values_supported\":[\"RS256\"]}");
    }

    private void keys(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        answer(exchange, keys);
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            if (failing) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
