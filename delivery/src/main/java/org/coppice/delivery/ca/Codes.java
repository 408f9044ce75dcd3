package org.coppice.delivery.ca;

import java.sql.SQLException;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;

/** The codes in the database. A code is good for one key: the same request again gets the same certificate, any other is refused. */
final class Codes {
    /** How long an expired code is remembered, so that its holder is told that it has expired. */
    private static final long REMEMBERED = 7 * 86_400_000L;

    private Codes() {}

    /**
     * Stores a code.
     *
     * @param device the only device that it is for; empty for any
     * @return whether it is stored; no, if there is one with this selector
     */
    static boolean add(
            Transaction tx, EnrolmentCode code, UserName user, Optional<String> device, long expires, long now)
            throws SQLException {
        tx.update("DELETE FROM ca_code WHERE expires < ?", now - REMEMBERED);
        return tx.update(
                        "INSERT INTO ca_code (selector, secret_hash, user_name, device, expires, attempts)"
                                + " VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (selector) DO NOTHING",
                        code.selector(),
                        code.secretHash(),
                        user.value(),
                        device.orElse(""),
                        expires)
                == 1;
    }

    /** How many codes of a user can still be used. */
    static long open(Transaction tx, UserName user, long now) throws SQLException {
        return tx.first(
                        "SELECT COUNT(*) FROM ca_code WHERE user_name = ? AND expires > ? AND key_hash IS NULL",
                        row -> row.int64(1),
                        user.value(),
                        now)
                .orElseThrow();
    }

    /** A stored code. */
    private record Stored(
            Bytes secretHash, String user, String device, long expires, int attempts, Optional<Bytes> keyHash) {}

    /**
     * What stands against using a code for a request; empty if nothing does.
     *
     * @param maxAttempts how many wrong attempts there may have been
     */
    static Optional<AuthorityRule> objection(
            Transaction tx, EnrolmentCode code, ClientId client, Bytes keyHash, long now, int maxAttempts)
            throws SQLException {
        Optional<Stored> found = tx.first(
                "SELECT secret_hash, user_name, device, expires, attempts, key_hash FROM ca_code WHERE selector = ?"
                        + tx.dialect().forUpdate(),
                row -> new Stored(
                        row.bytes(1), row.text(2), row.text(3), row.int64(4), row.int32(5), row.optionalBytes(6)),
                code.selector());
        if (found.isEmpty()
                || found.get().attempts() >= maxAttempts
                || !SuiteCrypto.constantTimeEquals(found.get().secretHash(), code.secretHash())) {
            return Optional.of(AuthorityRule.CODE_UNKNOWN);
        }
        Stored stored = found.get();
        boolean anyDevice = stored.device().isEmpty();
        if (!stored.user().equals(client.user().value())
                || !(anyDevice || stored.device().equals(client.device()))) {
            return Optional.of(AuthorityRule.WRONG_SUBJECT);
        }
        if (stored.keyHash().isPresent()) {
            // A repetition is let through even later: its first answer may have been lost.
            return stored.keyHash().get().equals(keyHash) ? Optional.empty() : Optional.of(AuthorityRule.CODE_USED);
        }
        return stored.expires() <= now ? Optional.of(AuthorityRule.CODE_EXPIRED) : Optional.empty();
    }

    /** Counts a wrong attempt at whatever code has this selector. */
    static void countAttempt(Transaction tx, EnrolmentCode code) throws SQLException {
        tx.update("UPDATE ca_code SET attempts = attempts + 1 WHERE selector = ?", code.selector());
    }

    /** The code is used up, for this key. */
    static void use(Transaction tx, EnrolmentCode code, Bytes keyHash) throws SQLException {
        tx.update("UPDATE ca_code SET key_hash = ? WHERE selector = ?", keyHash, code.selector());
    }

    /** Forgets the codes of a user. */
    static void forget(Transaction tx, UserName user) throws SQLException {
        tx.update("DELETE FROM ca_code WHERE user_name = ?", user.value());
    }
}
