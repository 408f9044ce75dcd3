package org.coppice.delivery.keypackage;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.account.ClientTable;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.framing.MlsMessage;

/** Publishing, counting and claiming. Thread safe. */
public final class KeyPackages {
    /** How long a reference outlives its key package: a Welcome may be late, and an init key must not come back. */
    private static final long REFERENCE_GRACE = Duration.ofDays(30).toMillis();

    private final Engine engine;
    private final Environment environment;
    private final Requests requests;
    private final SizeLimits sizes;
    private final KeyPackageChecker checker;
    private final Claims claims;

    /**
     * @param environment cryptography, time and policy
     * @param requests where answers are remembered
     */
    public KeyPackages(Engine engine, Environment environment, Requests requests, SizeLimits sizes) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.environment = Objects.requireNonNull(environment, "environment");
        this.requests = Objects.requireNonNull(requests, "requests");
        this.sizes = Objects.requireNonNull(sizes, "sizes");
        this.checker = new KeyPackageChecker(environment, sizes);
        this.claims = new Claims(environment.clock());
    }

    /** Takes what a client publishes; refuses all of it if one is refused. */
    public Stock publish(Requests.Key key, List<MlsMessage> ordinary, Optional<MlsMessage> lastResort)
            throws DeliveryException, IOException {
        Outcome outcome = requests.once(key, () -> {
            List<RegisteredCredential> credentials = engine.read(tx -> ClientTable.credentials(tx, key.client()));
            List<Offer> offers = new ArrayList<>(ordinary.size() + 1);
            for (MlsMessage message : ordinary) {
                offers.add(checker.check(message, credentials, false));
            }
            if (lastResort.isPresent()) {
                offers.add(checker.check(lastResort.get(), credentials, true));
            }
            return engine.write(tx -> {
                requireInForce(tx, key.client(), offers);
                for (Offer offer : offers) {
                    add(tx, key.client(), offer);
                }
                Stock stock = stock(tx, key.client());
                checkRoom(stock);
                Outcome answer = new Outcome.OfPublication(stock);
                requests.record(tx, key, answer);
                return answer;
            });
        });
        return ((Outcome.OfPublication) outcome).stock();
    }

    /** The credential may have been replaced since the key packages were checked. */
    private static void requireInForce(Transaction tx, ClientId client, List<Offer> offers)
            throws SQLException, DeliveryException {
        // Holds off a replacement until this is done, so that it drops these key packages too.
        tx.list("SELECT 1 FROM client WHERE client = ?" + tx.dialect().forUpdate(), row -> true, client.toString());
        List<SignaturePublicKey> keys = ClientTable.credentials(tx, client).stream()
                .map(RegisteredCredential::signatureKey)
                .toList();
        for (Offer offer : offers) {
            if (!keys.contains(offer.keyPackage().leafNode().signatureKey())) {
                throw ServiceRule.CREDENTIAL_NOT_REGISTERED.refusal();
            }
        }
    }

    private void add(Transaction tx, ClientId client, Offer offer) throws SQLException, DeliveryException {
        long expires = offer.notAfter() > Long.MAX_VALUE - REFERENCE_GRACE
                ? Long.MAX_VALUE
                : offer.notAfter() + REFERENCE_GRACE;
        int added = tx.update(
                "INSERT INTO key_package_ref (ref, init_key, client, expires) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                offer.ref(),
                offer.initKeyHash(),
                client.toString(),
                expires);
        if (added == 0) {
            throw ServiceRule.KEY_PACKAGE_REPEATED.refusal();
        }
        ProfileTable.add(tx, offer, environment.clock().millis());
        int suite = offer.keyPackage().cipherSuite().value();
        if (offer.lastResort()) {
            tx.update(
                    "DELETE FROM key_package WHERE client = ? AND cipher_suite = ? AND last_resort = 1",
                    client.toString(),
                    suite);
        }
        tx.update(
                "INSERT INTO key_package (ref, client, cipher_suite, last_resort, profile, signature_key, not_before,"
                        + " not_after, published, uses, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
                offer.ref(),
                client.toString(),
                suite,
                offer.lastResort(),
                offer.profile(),
                offer.keyPackage().leafNode().signatureKey().data(),
                offer.notBefore(),
                offer.notAfter(),
                environment.clock().millis(),
                offer.encoded());
    }

    private void checkRoom(Stock stock) throws DeliveryException {
        long ordinary =
                stock.suites().stream().mapToLong(Stock.OfSuite::ordinary).sum();
        if (ordinary > sizes.keyPackages()) {
            throw ServiceRule.STOCK_FULL.refusal();
        }
    }

    /** What a client has left. */
    public Stock stock(ClientId client) throws DeliveryException, IOException {
        return engine.read(tx -> stock(tx, client));
    }

    private record Count(int suite, boolean lastResort, int count, long published, long uses) {}

    private Stock stock(Transaction tx, ClientId client) throws SQLException {
        List<Count> counts = tx.list(
                "SELECT cipher_suite, last_resort, COUNT(*), MAX(published), MAX(uses) FROM key_package"
                        + " WHERE client = ? AND not_after > ? GROUP BY cipher_suite, last_resort ORDER BY cipher_suite",
                row -> new Count(row.int32(1), row.flag(2), row.int32(3), row.int64(4), row.int64(5)),
                client.toString(),
                environment.clock().millis());
        List<Stock.OfSuite> out = new ArrayList<>();
        for (int suite : counts.stream().map(Count::suite).distinct().toList()) {
            int ordinary = 0;
            Optional<Stock.LastResort> lastResort = Optional.empty();
            for (Count count : counts) {
                if (count.suite() == suite && count.lastResort()) {
                    lastResort = Optional.of(new Stock.LastResort(count.published(), count.uses()));
                } else if (count.suite() == suite) {
                    ordinary = count.count();
                }
            }
            out.add(new Stock.OfSuite(new CipherSuite(suite), ordinary, lastResort));
        }
        return new Stock(out);
    }

    /** Takes one key package of each client that is meant. */
    public ClaimResult claim(Requests.Key key, ClaimRequest request) throws DeliveryException, IOException {
        Outcome outcome = requests.once(
                key,
                () -> engine.write(tx -> {
                    List<ClaimResult.Claimed> claimed = new ArrayList<>();
                    List<ClientId> without = new ArrayList<>();
                    for (ClientId client : meant(tx, request.target())) {
                        claims.claim(tx, client, request).ifPresentOrElse(claimed::add, () -> without.add(client));
                    }
                    Outcome answer = new Outcome.OfClaim(new ClaimResult(claimed, without));
                    requests.record(tx, key, answer);
                    return answer;
                }));
        return ((Outcome.OfClaim) outcome).result();
    }

    private static List<ClientId> meant(Transaction tx, ClaimRequest.Target target)
            throws SQLException, DeliveryException {
        List<ClientId> clients;
        if (target instanceof ClaimRequest.OfUser user) {
            clients = ClientTable.clientsOf(tx, user.user());
        } else {
            ClientId client = ((ClaimRequest.OfClient) target).client();
            clients = ClientTable.exists(tx, client) ? List.of(client) : List.of();
        }
        if (clients.isEmpty()) {
            throw Problem.of(ProblemKind.UNKNOWN_CLIENT, "there is no such client")
                    .asException();
        }
        return clients;
    }

    /** Drops all key packages of a client that are signed with {@code key} (RFC 9750 §5.1). */
    public static void dropSignedWith(Transaction tx, ClientId client, SignaturePublicKey key) throws SQLException {
        tx.update("DELETE FROM key_package WHERE client = ? AND signature_key = ?", client.toString(), key.data());
    }

    /** Drops all key packages of a client. */
    public static void dropAll(Transaction tx, ClientId client) throws SQLException {
        tx.update("DELETE FROM key_package WHERE client = ?", client.toString());
    }

    /** The client that published the key package of this reference. */
    public static Optional<ClientId> ownerOf(Transaction tx, Bytes ref) throws SQLException {
        return tx.first("SELECT client FROM key_package_ref WHERE ref = ?", row -> ClientId.parse(row.text(1)), ref);
    }
}
