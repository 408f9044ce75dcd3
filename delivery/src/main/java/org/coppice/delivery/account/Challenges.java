package org.coppice.delivery.account;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Randomness;

/**
 * Challenges that any node can recognise as the service's own without having stored them: a random part, when it ends, and a MAC over
 * both with a key that all nodes share. So giving one out costs a stranger nothing but the request. One that was answered is stored, for
 * as long as it would be valid, and counts no second time.
 */
final class Challenges {
    private static final int NONCE = 16;
    private static final int EXPIRY = 8;
    private static final int TAG = 32;
    private static final int KEY = 32;
    private static final String NAME = "challenge";

    private final Clock clock;
    private final Randomness randomness;
    private final Duration lifetime;
    private final byte[] key;

    private Challenges(Clock clock, Randomness randomness, Duration lifetime, Bytes key) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.randomness = Objects.requireNonNull(randomness, "randomness");
        this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
        this.key = key.toByteArray();
    }

    /** With the key that all nodes share, made by the first of them. */
    static Challenges open(Engine engine, Clock clock, Randomness randomness, Duration lifetime)
            throws DeliveryException, IOException {
        Bytes fresh = Bytes.wrap(randomness.bytes(KEY));
        Bytes key = engine.write(tx -> {
            tx.update("INSERT INTO node_secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", NAME, fresh);
            return tx.first("SELECT value FROM node_secret WHERE name = ?", row -> row.bytes(1), NAME)
                    .orElseThrow();
        });
        return new Challenges(clock, randomness, lifetime, key);
    }

    Bytes issue() {
        long expires = clock.millis() + lifetime.toMillis();
        TlsWriter out = new TlsWriter(NONCE + EXPIRY + TAG);
        out.raw(randomness.bytes(NONCE)).uint64(expires);
        return out.raw(tag(out.toByteArray())).toBytes();
    }

    long expiry(Bytes challenge) {
        long out = 0;
        for (int i = NONCE; i < NONCE + EXPIRY; i++) {
            out = out << 8 | challenge.at(i) & 0xff;
        }
        return out;
    }

    /** Whether the service gave {@code challenge} out and it has not expired. */
    boolean isGenuine(Bytes challenge) {
        if (challenge.length() != NONCE + EXPIRY + TAG) {
            return false;
        }
        byte[] tag = tag(challenge.slice(0, NONCE + EXPIRY).toByteArray());
        return MessageDigest.isEqual(tag, challenge.slice(NONCE + EXPIRY, TAG).toByteArray())
                && expiry(challenge) > clock.millis();
    }

    /** Uses it up; false if it was before. */
    boolean use(Transaction tx, Bytes challenge) throws SQLException {
        return tx.update(
                        "INSERT INTO used_challenge (challenge, expires) VALUES (?, ?) ON CONFLICT (challenge) DO NOTHING",
                        challenge,
                        expiry(challenge))
                == 1;
    }

    private byte[] tag(byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
