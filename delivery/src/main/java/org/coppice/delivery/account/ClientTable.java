package org.coppice.delivery.account;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.DecodeException;

/** The rows of users, clients and their credentials. */
public final class ClientTable {
    private static final int MAX_TRIES = 100;

    private ClientTable() {}

    /** Whether the client is registered. */
    public static boolean exists(Transaction tx, ClientId client) throws SQLException {
        return tx.exists("SELECT 1 FROM client WHERE client = ?", client.toString());
    }

    /**
     * Holds off, until the transaction ends, whoever else asks for this: who changes a client's credentials, and who depends on them.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if the client is not registered
     */
    public static void requireLocked(Transaction tx, ClientId client) throws SQLException, DeliveryException {
        if (!lock(tx, client)) {
            throw Problem.of(ProblemKind.UNKNOWN_CLIENT, "the client is not registered")
                    .asException();
        }
    }

    /** The same; false if the client is not registered. */
    static boolean lock(Transaction tx, ClientId client) throws SQLException {
        return tx.exists("SELECT 1 FROM client WHERE client = ?" + tx.dialect().forUpdate(), client.toString());
    }

    /** The clients of a user, sorted. */
    public static List<ClientId> clientsOf(Transaction tx, UserName user) throws SQLException {
        return tx
                .list("SELECT client FROM client WHERE user_name = ?", row -> ClientId.parse(row.text(1)), user.value())
                .stream()
                .sorted()
                .toList();
    }

    /** Takes a user's name, or holds it if it was taken before: whether it is new. */
    static boolean addUser(Transaction tx, UserName user, long now) throws SQLException {
        for (int i = 0; i < MAX_TRIES; i++) {
            boolean isNew = tx.update(
                            "INSERT INTO user_account (user_name, since) VALUES (?, ?) ON CONFLICT (user_name) DO NOTHING",
                            user.value(),
                            now)
                    == 1;
            if (isNew || lockUser(tx, user)) {
                return isNew;
            }
            // It was given back in between.
        }
        throw new IllegalStateException("a name is taken and given back again and again");
    }

    /** Holds a user's name until the transaction ends; false if nobody has it. */
    static boolean lockUser(Transaction tx, UserName user) throws SQLException {
        return tx.exists(
                "SELECT 1 FROM user_account WHERE user_name = ?" + tx.dialect().forUpdate(), user.value());
    }

    static void removeUser(Transaction tx, UserName user) throws SQLException {
        tx.update("DELETE FROM user_account WHERE user_name = ?", user.value());
    }

    /** Adds a client; false if it was there. */
    static boolean addClient(Transaction tx, ClientId client, long now) throws SQLException {
        return tx.update(
                        "INSERT INTO client (client, user_name, inbox_head, since) VALUES (?, ?, 0, ?)"
                                + " ON CONFLICT (client) DO NOTHING",
                        client.toString(),
                        client.user().value(),
                        now)
                == 1;
    }

    /** The credentials of a client that are in force, one for each cipher suite. */
    public static List<RegisteredCredential> credentials(Transaction tx, ClientId client) throws SQLException {
        return credentials(tx, client, "");
    }

    /** The same; who takes them away waits until the transaction has ended, and so finds what it has written. */
    static List<RegisteredCredential> heldCredentials(Transaction tx, ClientId client) throws SQLException {
        return credentials(tx, client, tx.dialect().forUpdate());
    }

    private static List<RegisteredCredential> credentials(Transaction tx, ClientId client, String lock)
            throws SQLException {
        return tx.list(
                "SELECT cipher_suite, credential, signature_key FROM credential WHERE client = ? AND in_force = 1"
                        + " ORDER BY cipher_suite" + lock,
                row -> new RegisteredCredential(
                        new CipherSuite(row.int32(1)), credential(row.bytes(2)), new SignaturePublicKey(row.bytes(3))),
                client.toString());
    }

    /** Whether the client has, or has had, this credential with this key. */
    public static boolean hasHad(Transaction tx, ClientId client, Credential credential, SignaturePublicKey key)
            throws SQLException {
        return tx.exists(
                "SELECT 1 FROM credential WHERE client = ? AND signature_key = ? AND credential = ?",
                client.toString(),
                key.data(),
                Bytes.wrap(credential.encoded()));
    }

    static void remove(Transaction tx, ClientId client) throws SQLException {
        tx.update("DELETE FROM client WHERE client = ?", client.toString());
    }

    static void forgetCredentials(Transaction tx, ClientId client) throws SQLException {
        tx.update("DELETE FROM credential WHERE client = ?", client.toString());
    }

    /** Puts a credential in force for its suite, and returns the key of the one that was before. */
    static Optional<SignaturePublicKey> putInForce(
            Transaction tx, ClientId client, RegisteredCredential credential, long now) throws SQLException {
        int suite = credential.cipherSuite().value();
        Optional<SignaturePublicKey> former = tx.first(
                "SELECT signature_key FROM credential WHERE client = ? AND cipher_suite = ? AND in_force = 1"
                        + tx.dialect().forUpdate(),
                row -> new SignaturePublicKey(row.bytes(1)),
                client.toString(),
                suite);
        tx.update("UPDATE credential SET in_force = 0 WHERE client = ? AND cipher_suite = ?", client.toString(), suite);
        tx.update(
                "INSERT INTO credential (client, cipher_suite, signature_key, credential, in_force, since)"
                        + " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (client, cipher_suite, signature_key)"
                        + " DO UPDATE SET credential = excluded.credential, in_force = 1, since = excluded.since",
                client.toString(),
                suite,
                credential.signatureKey().data(),
                Bytes.wrap(credential.credential().encoded()),
                now);
        return former;
    }

    /** Takes the next number in a client's inbox; empty if there is no such client. */
    public static Optional<Long> nextInboxSeq(Transaction tx, ClientId client) throws SQLException {
        return tx.first(
                "UPDATE client SET inbox_head = inbox_head + 1 WHERE client = ? RETURNING inbox_head",
                row -> row.int64(1),
                client.toString());
    }

    private static Credential credential(Bytes stored) {
        Decoder<Credential> decoder = Credential::decode;
        try {
            return decoder.decodeAll(stored, DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new IllegalStateException("a stored credential is damaged", e);
        }
    }
}
