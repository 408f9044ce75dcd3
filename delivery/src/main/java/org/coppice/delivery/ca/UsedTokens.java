package org.coppice.delivery.ca;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;

/** A token enrols one key: whoever comes upon it later cannot enrol another. */
final class UsedTokens {
    private UsedTokens() {}

    /** The use of a token. */
    record Use(Bytes hash, long expires, Bytes keyHash) {}

    static Use of(String token, long expires, Bytes keyHash) {
        try {
            // What is signed, without the signature: ECDSA has two for each.
            String signed = token.substring(0, token.lastIndexOf('.'));
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(signed.getBytes(StandardCharsets.US_ASCII));
            return new Use(Bytes.wrap(hash), expires, keyHash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    static void use(Transaction tx, Use use, long now) throws SQLException, DeliveryException {
        tx.update("DELETE FROM ca_token WHERE expires < ?", now);
        tx.update(
                "INSERT INTO ca_token (hash, expires, key_hash) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
                use.hash(),
                use.expires(),
                use.keyHash());
        Bytes first = tx.first("SELECT key_hash FROM ca_token WHERE hash = ?", row -> row.bytes(1), use.hash())
                .orElseThrow();
        if (!first.equals(use.keyHash())) {
            throw AuthorityRule.TOKEN_USED.refusal();
        }
    }
}
