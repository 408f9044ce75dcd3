package org.coppice.delivery.ca;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.account.Accounts;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.keypackage.KeyPackages;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;

/**
 * Issues and revokes, under these rules: a key belongs to one client for good; a client has certificates for one key, but while it
 * renews; a user has certificates for so many devices and no more; a key of which a certificate was revoked gets none again. Signing is
 * done before the transaction, which may run several times and holds up others. Thread safe.
 */
final class Issuance {
    private final Engine engine;
    private final CertificateMaker maker;
    private final AuthorityConfig config;
    private final Clock clock;

    Issuance(Engine engine, CertificateMaker maker, AuthorityConfig config, Clock clock) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.maker = Objects.requireNonNull(maker, "maker");
        this.config = Objects.requireNonNull(config, "config");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** A first certificate for a client. */
    IssuedChain enrol(CertificateRequest request, Entitlement entitlement) throws DeliveryException, IOException {
        return issue(
                request,
                (tx, held) -> {
                    ClientId client = request.client();
                    if (held.stream().anyMatch(other -> other.client().equals(client))) {
                        throw AuthorityRule.CLIENT_ENROLLED.refusal();
                    }
                    long devices = held.stream()
                            .map(CertificateTable.Issued::client)
                            .distinct()
                            .count();
                    if (devices >= config.devices()) {
                        throw AuthorityRule.DEVICE_LIMIT.refusal();
                    }
                },
                entitlement);
    }

    /**
     * A further certificate for a client that has one.
     *
     * @param agreed the key that signed for it, of a certificate that has to be valid still
     */
    IssuedChain renew(CertificateRequest request, SignaturePublicKey agreed) throws DeliveryException, IOException {
        return issue(
                request,
                (tx, held) -> {
                    if (held.stream()
                            .noneMatch(other -> other.client().equals(request.client())
                                    && other.key().equals(agreed))) {
                        throw AuthorityRule.CLIENT_NOT_ENROLLED.refusal();
                    }
                },
                tx -> {});
    }

    /** What must hold of the certificates that the user has. */
    private interface Condition {
        void check(Transaction tx, List<CertificateTable.Issued> held) throws SQLException, DeliveryException;
    }

    private IssuedChain issue(CertificateRequest request, Condition condition, Entitlement entitlement)
            throws DeliveryException, IOException {
        CertificateTable.Issued fresh = make(request);
        CertificateTable.Issued issued = engine.write(tx -> {
            ClientId client = request.client();
            CertificateTable.lock(tx, client.user());
            entitlement.use(tx);
            List<CertificateTable.Issued> held = CertificateTable.valid(tx, client.user(), fresh.issued());
            Optional<CertificateTable.Issued> same = held.stream()
                    .filter(other ->
                            other.client().equals(client) && other.keyHash().equals(fresh.keyHash()))
                    .filter(other -> !isDue(other, fresh.issued()))
                    .findFirst();
            if (same.isPresent()) {
                return same.get();
            }
            if (CertificateTable.isKeyRevoked(tx, fresh.keyHash())) {
                throw AuthorityRule.KEY_REVOKED.refusal();
            }
            condition.check(tx, held);
            if (!CertificateTable.claimKey(tx, fresh.keyHash(), client).equals(client)) {
                throw AuthorityRule.KEY_TAKEN.refusal();
            }
            CertificateTable.add(tx, fresh);
            return fresh;
        });
        return chain(issued);
    }

    /** Whether a certificate has used up a third of its time: before that, a repeated request gets the same one. */
    private static boolean isDue(CertificateTable.Issued certificate, long now) {
        return now - certificate.issued() > (certificate.notAfter() - certificate.issued()) / 3;
    }

    private CertificateTable.Issued make(CertificateRequest request) {
        X509Certificate certificate = maker.certificate(request, clock.instant(), config.certificateLifetime());
        return new CertificateTable.Issued(
                Bytes.wrap(certificate.getSerialNumber().toByteArray()),
                request.client(),
                request.keyHash(),
                request.key(),
                clock.millis(),
                certificate.getNotAfter().getTime(),
                encoded(certificate));
    }

    private IssuedChain chain(CertificateTable.Issued issued) {
        List<Bytes> certificates = new ArrayList<>();
        certificates.add(issued.der());
        config.key().intermediates().forEach(certificate -> certificates.add(encoded(certificate)));
        return new IssuedChain(issued.client(), certificates, issued.notAfter());
    }

    private static Bytes encoded(X509Certificate certificate) {
        try {
            return Bytes.wrap(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate cannot be encoded", e);
        }
    }

    /** Revokes what a client has, and lets nobody go on by it: no token, no credential of any kind, no key package. */
    int revoke(ClientId client, RevocationReason reason, Entitlement will) throws DeliveryException, IOException {
        return engine.write(tx -> {
            CertificateTable.lock(tx, client.user());
            will.use(tx);
            long now = clock.millis();
            int count = 0;
            for (CertificateTable.Issued held : CertificateTable.valid(tx, client.user(), now)) {
                if (held.client().equals(client)) {
                    CertificateTable.revoke(tx, held, reason, now);
                    count++;
                }
            }
            if (count > 0) {
                CertificateTable.countRevocation(tx);
            }
            KeyPackages.dropAll(tx, client);
            Accounts.shutOut(tx, client);
            return count;
        });
    }

    /** Revokes all that a user has, and forgets the codes. */
    void release(Transaction tx, UserName user) throws SQLException {
        CertificateTable.lock(tx, user);
        long now = clock.millis();
        List<CertificateTable.Issued> valid = CertificateTable.valid(tx, user, now);
        for (CertificateTable.Issued held : valid) {
            CertificateTable.revoke(tx, held, RevocationReason.CESSATION_OF_OPERATION, now);
        }
        if (!valid.isEmpty()) {
            CertificateTable.countRevocation(tx);
        }
        Codes.forget(tx, user);
    }
}
