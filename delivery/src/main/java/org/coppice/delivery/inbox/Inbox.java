package org.coppice.delivery.inbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.account.ClientTable;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.Welcome;

/**
 * The inboxes. What a Welcome has for all joiners is kept once, what it has for each of them apart, so that adding a thousand clients
 * does not store a thousand entries a thousand times; each gets a Welcome with its own entry alone. Thread safe.
 */
public final class Inbox {
    private static final DecodeLimits STORED = new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE);

    private final Engine engine;
    private final SizeLimits sizes;

    /** @param engine where the inboxes are */
    public Inbox(Engine engine, SizeLimits sizes) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.sizes = Objects.requireNonNull(sizes, "sizes");
    }

    /**
     * The Commit that a Welcome belongs to.
     *
     * @param groupId the group
     * @param logSeq its entry
     * @param epoch the epoch that it begins
     * @param timeMillis when it came
     */
    public record Origin(Bytes groupId, long logSeq, long epoch, long timeMillis) {}

    /** Stores what all joiners share. */
    public static void putShared(Transaction tx, Origin origin, Welcome welcome) throws SQLException {
        tx.update(
                "INSERT INTO welcome (group_id, log_seq, epoch, cipher_suite, encrypted_group_info, time)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                origin.groupId(),
                origin.logSeq(),
                origin.epoch(),
                welcome.cipherSuite().value(),
                welcome.encryptedGroupInfo(),
                origin.timeMillis());
    }

    /**
     * Stores one joiner's part.
     *
     * @return its place in the inbox; empty if there is no such client, or its inbox is full
     */
    public Optional<Long> put(Transaction tx, Origin origin, ClientId client, Welcome.EncryptedGroupSecrets secrets)
            throws SQLException {
        long present = tx.first("SELECT COUNT(*) FROM inbox WHERE client = ?", row -> row.int64(1), client.toString())
                .orElseThrow();
        if (present >= sizes.inbox()) {
            return Optional.empty();
        }
        Optional<Long> seq = ClientTable.nextInboxSeq(tx, client);
        if (seq.isPresent()) {
            tx.update(
                    "INSERT INTO inbox (client, seq, group_id, log_seq, secrets) VALUES (?, ?, ?, ?, ?)",
                    client.toString(),
                    seq.get(),
                    origin.groupId(),
                    origin.logSeq(),
                    Bytes.wrap(secrets.encoded()));
        }
        return seq;
    }

    /** Takes back the Welcome of a Commit that counts no longer. */
    public static void withdraw(Transaction tx, Bytes groupId, long logSeq) throws SQLException {
        tx.update("DELETE FROM inbox WHERE group_id = ? AND log_seq = ?", groupId, logSeq);
        tx.update("DELETE FROM welcome WHERE group_id = ? AND log_seq = ?", groupId, logSeq);
    }

    /** The Welcomes of a client after {@code after}. */
    public List<InboxEntry> read(ClientId client, long after, int limit) throws DeliveryException, IOException {
        return engine.read(tx -> tx.list(
                "SELECT i.seq, i.group_id, i.log_seq, w.epoch, w.time, w.cipher_suite, i.secrets,"
                        + " w.encrypted_group_info FROM inbox i JOIN welcome w ON w.group_id = i.group_id AND"
                        + " w.log_seq = i.log_seq WHERE i.client = ? AND i.seq > ? ORDER BY i.seq LIMIT ?",
                row -> new InboxEntry(
                        row.int64(1),
                        row.bytes(2),
                        row.int64(3),
                        row.int64(4),
                        row.int64(5),
                        welcome(row.int32(6), row.bytes(7), row.bytes(8))),
                client.toString(),
                after,
                Math.max(1, Math.min(limit, sizes.pageEntries()))));
    }

    /** Forgets the Welcomes of a client up to {@code upTo}. */
    public void acknowledge(ClientId client, long upTo) throws DeliveryException, IOException {
        engine.write(tx -> tx.update("DELETE FROM inbox WHERE client = ? AND seq <= ?", client.toString(), upTo));
    }

    /** Forgets all Welcomes of a client. */
    public static void dropAll(Transaction tx, ClientId client) throws SQLException {
        tx.update("DELETE FROM inbox WHERE client = ?", client.toString());
    }

    /** The last entry that waits, 0 if none does. */
    public static long head(Transaction tx, ClientId client) throws SQLException {
        return tx.first("SELECT MAX(seq) FROM inbox WHERE client = ?", row -> row.int64(1), client.toString())
                .orElse(0L);
    }

    private static MlsMessage welcome(int suite, Bytes secrets, Bytes encryptedGroupInfo) {
        Decoder<Welcome.EncryptedGroupSecrets> decoder = Welcome.EncryptedGroupSecrets::decode;
        try {
            Welcome welcome = new Welcome(
                    new CipherSuite(suite), List.of(decoder.decodeAll(secrets, STORED)), encryptedGroupInfo);
            return new MlsMessage(new MlsMessage.Welcome(welcome));
        } catch (DecodeException e) {
            throw new IllegalStateException("a stored Welcome is damaged", e);
        }
    }
}
