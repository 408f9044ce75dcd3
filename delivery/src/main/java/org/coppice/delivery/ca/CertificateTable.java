package org.coppice.delivery.ca;

import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Certificate;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;

/** Certificates and revocations in the database. */
final class CertificateTable {
    private CertificateTable() {}

    /**
     * A certificate that was issued.
     *
     * @param issued when, in milliseconds since 1970-01-01T00:00:00Z
     * @param notAfter its end, likewise
     */
    record Issued(
            Bytes serial,
            ClientId client,
            Bytes keyHash,
            SignaturePublicKey key,
            long issued,
            long notAfter,
            Bytes der) {
        /** A suite of the key's signature scheme. */
        CipherSuite suite() {
            return KeyKind.of(Certificate.getInstance(der.toByteArray()).getSubjectPublicKeyInfo())
                    .orElseThrow(() -> new IllegalStateException("a stored certificate is damaged"))
                    .suite();
        }
    }

    /** Holds off everybody else who issues or revokes certificates of this user, until the transaction ends. */
    static void lock(Transaction tx, UserName user) throws SQLException {
        tx.update("INSERT INTO ca_user (user_name) VALUES (?) ON CONFLICT (user_name) DO NOTHING", user.value());
        tx.list("SELECT 1 FROM ca_user WHERE user_name = ?" + tx.dialect().forUpdate(), row -> 1, user.value());
    }

    /** The client that a key is from now on, which is another than {@code client} if that came first. */
    static ClientId claimKey(Transaction tx, Bytes keyHash, ClientId client) throws SQLException {
        tx.update(
                "INSERT INTO ca_key (key_hash, client) VALUES (?, ?) ON CONFLICT (key_hash) DO NOTHING",
                keyHash,
                client.toString());
        return tx.first("SELECT client FROM ca_key WHERE key_hash = ?", row -> ClientId.parse(row.text(1)), keyHash)
                .orElseThrow();
    }

    static void add(Transaction tx, Issued certificate) throws SQLException {
        tx.update(
                "INSERT INTO ca_certificate"
                        + " (serial, client, user_name, key_hash, signature_key, issued, not_after, certificate)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                certificate.serial(),
                certificate.client().toString(),
                certificate.client().user().value(),
                certificate.keyHash(),
                certificate.key().data(),
                certificate.issued(),
                certificate.notAfter(),
                certificate.der());
    }

    /** The certificates of a user that are neither expired nor revoked, the latest first. */
    static List<Issued> valid(Transaction tx, UserName user, long now) throws SQLException {
        return tx.list(
                "SELECT c.serial, c.client, c.key_hash, c.signature_key, c.issued, c.not_after, c.certificate"
                        + " FROM ca_certificate c WHERE c.user_name = ? AND c.not_after > ?"
                        + " AND NOT EXISTS (SELECT 1 FROM ca_revocation r WHERE r.serial = c.serial)"
                        + " ORDER BY c.issued DESC",
                row -> new Issued(
                        row.bytes(1),
                        ClientId.parse(row.text(2)),
                        row.bytes(3),
                        new SignaturePublicKey(row.bytes(4)),
                        row.int64(5),
                        row.int64(6),
                        row.bytes(7)),
                user.value(),
                now);
    }

    /** Whether a certificate for this key was revoked. */
    static boolean isKeyRevoked(Transaction tx, Bytes keyHash) throws SQLException {
        return tx.exists(
                "SELECT 1 FROM ca_certificate c JOIN ca_revocation r ON r.serial = c.serial WHERE c.key_hash = ?",
                keyHash);
    }

    static boolean isRevoked(Transaction tx, Bytes serial) throws SQLException {
        return tx.exists("SELECT 1 FROM ca_revocation WHERE serial = ?", serial);
    }

    static void revoke(Transaction tx, Issued certificate, RevocationReason reason, long now) throws SQLException {
        tx.update(
                "INSERT INTO ca_revocation (serial, not_after, since, reason) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (serial) DO NOTHING",
                certificate.serial(),
                certificate.notAfter(),
                now,
                reason.code());
    }

    /** A revocation was added: every list that was signed so far lacks it. */
    static void countRevocation(Transaction tx) throws SQLException {
        tx.update("UPDATE ca_state SET revocations = revocations + 1 WHERE id = 1");
    }

    static long revocations(Transaction tx) throws SQLException {
        return tx.first("SELECT revocations FROM ca_state WHERE id = 1", row -> row.int64(1))
                .orElseThrow();
    }

    /** The revoked certificates that would not have expired before {@code from}. */
    static List<CertificateMaker.Revoked> revoked(Transaction tx, long from) throws SQLException {
        return tx.list(
                "SELECT serial, since, reason FROM ca_revocation WHERE not_after > ? ORDER BY since, serial",
                row -> new CertificateMaker.Revoked(
                        new BigInteger(1, row.bytes(1).toByteArray()),
                        Instant.ofEpochMilli(row.int64(2)),
                        RevocationReason.of(row.int32(3))),
                from);
    }

    /** A revocation list that was signed. */
    record SignedList(long number, long revocations, long thisUpdate, Bytes der) {}

    static Optional<SignedList> latestList(Transaction tx, Bytes issuer) throws SQLException {
        return tx.first(
                "SELECT number, revocations, this_update, crl FROM ca_crl WHERE issuer = ?"
                        + " ORDER BY number DESC LIMIT 1",
                row -> new SignedList(row.int64(1), row.int64(2), row.int64(3), row.bytes(4)),
                issuer);
    }

    /** The number of the last list of any issuer; 0 if there is none. */
    static long lastNumber(Transaction tx) throws SQLException {
        return tx.first("SELECT number FROM ca_crl ORDER BY number DESC LIMIT 1", row -> row.int64(1))
                .orElse(0L);
    }

    /** Keeps a list, unless another node was faster with this number. */
    static boolean addList(Transaction tx, Bytes issuer, SignedList list) throws SQLException {
        boolean added = tx.update(
                        "INSERT INTO ca_crl (number, issuer, revocations, this_update, crl) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (number) DO NOTHING",
                        list.number(),
                        issuer,
                        list.revocations(),
                        list.thisUpdate(),
                        list.der())
                == 1;
        if (added) {
            tx.update("DELETE FROM ca_crl WHERE number < ?", list.number());
        }
        return added;
    }
}
