package org.coppice.delivery.request;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * Remembers what each write had for an answer, in the write's own transaction: the record and what it stands for are there together or
 * not at all. Refusals are not remembered; a refused write has changed nothing, so it may be judged anew.
 *
 * <p>Nothing is looked up beforehand. A repeat runs into its own record when it tries to leave one, or is refused because the first
 * run has moved things on; only then is the record looked at.
 */
public final class Requests {
    private static final DecodeLimits STORED = new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE);

    private final Engine engine;
    private final Clock clock;

    /**
     * @param engine where the records are
     * @param clock what time it is
     */
    public Requests(Engine engine, Clock clock) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * One write, by whom, and a hash of what was asked.
     *
     * @param client who asks
     * @param id its id
     * @param bodyHash a hash of the request, from {@link #hash}
     */
    public record Key(ClientId client, RequestId id, Bytes bodyHash) {}

    /** Does a write, and leaves {@link #record} in its transaction. */
    @FunctionalInterface
    public interface Action {
        /** Returns the outcome that it recorded. */
        Outcome run() throws DeliveryException, IOException;
    }

    /** What is asked of {@code operation}, as one hash. */
    public static Bytes hash(String operation, Encodable... parts) {
        TlsWriter out = new TlsWriter();
        out.vector(operation.getBytes(StandardCharsets.US_ASCII));
        for (Encodable part : parts) {
            out.vector(part.encoded());
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            out.feed(digest::update);
            return Bytes.wrap(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * Does a write, or gives the answer that it had before.
     *
     * @throws DeliveryException {@link ProblemKind#REQUEST_ID_REUSED} if the id was used for something else; what {@code action} throws
     */
    public Outcome once(Key key, Action action) throws DeliveryException, IOException {
        try {
            return action.run();
        } catch (DeliveryException refusal) {
            Optional<Stored> stored = engine.read(tx -> find(tx, key.client(), key.id()));
            if (stored.isEmpty()) {
                throw refusal;
            }
            if (!stored.get().bodyHash().equals(key.bodyHash())) {
                throw reused();
            }
            return repeated(stored.get().outcome());
        }
    }

    /** Leaves the record of a write in its transaction; refuses if there is one, so that {@link #once} looks at it. */
    public void record(Transaction tx, Key key, Outcome outcome) throws SQLException, DeliveryException {
        int added = tx.update(
                "INSERT INTO request (client, request_id, body_hash, outcome, time) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (client, request_id) DO NOTHING",
                key.client().toString(),
                Bytes.wrap(key.id().encoded()),
                key.bodyHash(),
                Bytes.wrap(outcome.encoded()),
                clock.millis());
        if (added == 0) {
            throw reused();
        }
    }

    /** What a write had for an answer. */
    public Optional<Outcome> outcome(ClientId client, RequestId id) throws DeliveryException, IOException {
        return engine.read(tx -> find(tx, client, id)).map(Stored::outcome);
    }

    private record Stored(Bytes bodyHash, Outcome outcome) {}

    private static Optional<Stored> find(Transaction tx, ClientId client, RequestId id) throws SQLException {
        return tx.first(
                "SELECT body_hash, outcome FROM request WHERE client = ? AND request_id = ?",
                row -> new Stored(row.bytes(1), decode(row.bytes(2))),
                client.toString(),
                Bytes.wrap(id.encoded()));
    }

    private static Outcome decode(Bytes stored) {
        Decoder<Outcome> decoder = Outcome::decode;
        try {
            return decoder.decodeAll(stored, STORED);
        } catch (DecodeException e) {
            throw new IllegalStateException("a stored outcome is damaged", e);
        }
    }

    private static Outcome repeated(Outcome outcome) {
        return outcome instanceof Outcome.OfAppend append
                ? new Outcome.OfAppend(append.appended().asRepeated())
                : outcome;
    }

    private static DeliveryException reused() {
        return Problem.of(ProblemKind.REQUEST_ID_REUSED, "the request id was used for another request")
                .asException();
    }

    /** The appended entry of an outcome that is one. */
    public static Appended appended(Outcome outcome) {
        return ((Outcome.OfAppend) outcome).appended();
    }

    /** Forgets all answers to a client. */
    public static void dropAll(Transaction tx, ClientId client) throws SQLException {
        tx.update("DELETE FROM request WHERE client = ?", client.toString());
    }
}
