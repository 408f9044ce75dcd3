package org.coppice.delivery.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;

/** Tokens, of which only hashes are stored: who reads the database cannot log in with what is there. */
final class Tokens {
    private static final int LENGTH = 32;

    private final Clock clock;
    private final Randomness randomness;
    private final Duration lifetime;

    Tokens(Clock clock, Randomness randomness, Duration lifetime) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.randomness = Objects.requireNonNull(randomness, "randomness");
        this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
    }

    /** A new one, not stored yet: outside the transaction, because that may run several times. */
    Grant make() {
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(randomness.bytes(LENGTH));
        return new Grant(token, clock.millis() + lifetime.toMillis());
    }

    void store(Transaction tx, ClientId client, Grant grant) throws SQLException {
        tx.update(
                "INSERT INTO token (hash, client, expires) VALUES (?, ?, ?)",
                hash(grant.token()),
                client.toString(),
                grant.expiresMillis());
    }

    Optional<Login> find(Transaction tx, String token) throws SQLException {
        Bytes hash = hash(token);
        return tx.first(
                "SELECT client, expires FROM token WHERE hash = ? AND expires > ?",
                row -> new Login(ClientId.parse(row.text(1)), row.int64(2), hash),
                hash,
                clock.millis());
    }

    boolean stands(Transaction tx, Login login) throws SQLException {
        return tx.exists("SELECT 1 FROM token WHERE hash = ? AND expires > ?", login.tokenHash(), clock.millis());
    }

    static void revokeAll(Transaction tx, ClientId client) throws SQLException {
        tx.update("DELETE FROM token WHERE client = ?", client.toString());
    }

    private static Bytes hash(String token) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
