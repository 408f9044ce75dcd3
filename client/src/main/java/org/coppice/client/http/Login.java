package org.coppice.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import okhttp3.Request;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.Voucher;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.CryptoException;

/** Proves who the client is, and keeps the token that it gets for that. Thread safe. */
final class Login {
    /** A token is renewed so long before it ends. */
    private static final long MARGIN_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final Transport transport;
    private final Identity identity;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Waits waits = new Waits();
    private Token token;

    Login(Transport transport, Identity identity, Clock clock) {
        this.transport = transport;
        this.identity = identity;
        this.clock = clock;
    }

    /** A token, and when it ends by the service's clock. */
    private record Token(String text, long expires) {}

    /** The token; a new one if there is none, or it ends soon, or it is the one that the service did not take. */
    String token(Optional<String> refused) throws DeliveryException, IOException {
        lock.lock();
        try {
            boolean fits = token != null
                    && serviceTime() < token.expires() - MARGIN_MILLIS
                    && !refused.equals(Optional.of(token.text()));
            if (!fits) {
                token = ask("/v1/auth/token", proof());
            }
            return token.text();
        } finally {
            lock.unlock();
        }
    }

    /** The service says by its own clock when a token ends, and that of this machine may be days away from it. */
    private long serviceTime() {
        return clock.millis() - transport.clockAhead().map(Duration::toMillis).orElse(0L);
    }

    /** What is under way of the session that logs in here. */
    Waits waits() {
        return waits;
    }

    /** Drops the token, which the service has taken back. */
    void forget() {
        lock.lock();
        try {
            token = null;
        } finally {
            lock.unlock();
        }
    }

    /** Registers the client, and keeps the token that it gets. */
    void register(Optional<Voucher> voucher) throws DeliveryException, IOException {
        lock.lock();
        try {
            ObjectNode body = proof();
            voucher.ifPresent(word -> body.set("voucher", Json.of(word)));
            token = ask("/v1/clients", body);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the client agrees to now.
     *
     * @param statement to a challenge that the service gives
     */
    Consent consent(Function<Bytes, ConsentStatement> statement) throws DeliveryException, IOException {
        Bytes challenge = challenge();
        try {
            return new Consent(challenge, statement.apply(challenge).sign(identity.crypto(), identity.signer()));
        } catch (CryptoException e) {
            throw new IOException("the signer did not sign that it agrees", e);
        }
    }

    private Bytes challenge() throws DeliveryException, IOException {
        Request request = new Request.Builder()
                .url(transport.url("/v1/auth/challenge").build())
                .post(Transport.body(Transport.JSON, new byte[0]))
                .build();
        return Json.bytes(transport.send(request, Duration.ZERO, waits).json(), "challenge");
    }

    private ObjectNode proof() throws DeliveryException, IOException {
        Bytes challenge = challenge();
        Bytes signature;
        try {
            // What is signed is the URL that this client used, never what the service calls itself.
            signature = LoginStatement.of(transport.audience(), challenge, identity.client())
                    .sign(identity.crypto(), identity.signer());
        } catch (CryptoException e) {
            throw new IOException("the signer did not sign the login", e);
        }
        return Json.of(identity.registered())
                .put("client", identity.client().toString())
                .put("audience", transport.audience())
                .put("challenge", Json.base64(challenge))
                .put("signature", Json.base64(signature));
    }

    private Token ask(String path, ObjectNode body) throws DeliveryException, IOException {
        Request request = new Request.Builder()
                .url(transport.url(path).build())
                .post(Transport.body(body))
                .build();
        return transport.send(request, Duration.ZERO, waits).value(Login::grant);
    }

    /** A token goes into a header, which takes no other characters. */
    private static Token grant(JsonNode in) throws IOException {
        String text = Json.text(in, "token");
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw Answer.wrong("has no token");
        }
        return new Token(text, Json.number(in, "expires"));
    }
}
