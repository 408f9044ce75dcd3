package org.coppice.delivery.ca;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.coppice.delivery.account.Certification;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;

/**
 * The authentication service of a node (RFC 9750 §4): enrols clients, renews and revokes their certificates, and tells who is revoked.
 * What it has decided is in the database, so any number of nodes with the same key are one authority. Thread safe.
 *
 * <p>Enrolling and renewing may be repeated with the same request, as after a lost answer: that gives the certificate of the first time.
 */
public final class Authority {
    /** How often a new code may meet one that is there. */
    private static final int ATTEMPTS = 10;

    /** Of how many keys a renewal may be signed with one: a client could have any number, and each costs a verification. */
    private static final int LATEST_KEYS = 8;

    private final Engine engine;
    private final Environment environment;
    private final AuthorityConfig config;
    private final Issuance issuance;
    private final RevocationLists lists;
    private final Certification validator;
    private final Optional<OidcTokens> tokens;
    private final Consumer<ClientId> loggedOut;

    /**
     * An authority over the tables in a database.
     *
     * @param environment cryptography, time, randomness, and who helps to verify
     */
    public Authority(Engine engine, Environment environment, AuthorityConfig config) {
        this(engine, environment, config, client -> {});
    }

    /**
     * The same beside a delivery service.
     *
     * @param loggedOut is told whose logins a revocation has ended
     */
    public Authority(Engine engine, Environment environment, AuthorityConfig config, Consumer<ClientId> loggedOut) {
        this.loggedOut = Objects.requireNonNull(loggedOut, "loggedOut");
        this.engine = Objects.requireNonNull(engine, "engine");
        this.environment = Objects.requireNonNull(environment, "environment");
        this.config = Objects.requireNonNull(config, "config");
        CertificateMaker maker = new CertificateMaker(config.key(), environment.randomness());
        this.issuance = new Issuance(engine, maker, config, environment.clock());
        this.lists = new RevocationLists(engine, maker, config.key(), environment.clock(), config.listLifetime());
        this.validator = new AuthorityValidator(config.key(), lists, environment);
        this.tokens = config.oidc().map(oidc -> new OidcTokens(oidc, environment.clock()));
    }

    /** The certificate that clients trust. */
    public X509Certificate anchor() {
        return config.key().anchor();
    }

    /**
     * Returns if {@code shown} is the operator's token.
     *
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if not, or if there is none
     */
    public void requireOperator(String shown) throws DeliveryException {
        if (config.operator().filter(token -> token.is(shown)).isEmpty()) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "that is not the operator's token")
                    .asException();
        }
    }

    /** Judges X.509 credentials: of this authority, valid now, not revoked. */
    public Certification validator() {
        return validator;
    }

    /** The present revocation list in DER (RFC 5280 §5). */
    public Bytes revocationList() throws DeliveryException, IOException {
        return lists.current();
    }

    // ---- enrolment

    /**
     * Makes a code by the operator's will.
     *
     * @param user who may enrol with it
     * @param device the only device that may; empty for any that has no certificate
     */
    public IssuedCode makeCode(UserName user, Optional<String> device) throws DeliveryException, IOException {
        return makeCode(user, device, Integer.MAX_VALUE, tx -> {});
    }

    /**
     * Makes a code for another device of a client's user, by the will of that client.
     *
     * @param maker a client that is logged in and has a valid certificate
     * @param will what its consent asks of the transaction; a consent counts for one code
     * @throws DeliveryException refused with {@link AuthorityRule#CLIENT_NOT_ENROLLED}; {@link ProblemKind#OVER_LIMIT} if there are too
     *     many unused ones
     */
    public IssuedCode makeCode(ClientId maker, Optional<String> device, Entitlement will)
            throws DeliveryException, IOException {
        return makeCode(maker.user(), device, config.openCodes(), tx -> {
            requireEnrolled(tx, maker);
            will.use(tx);
        });
    }

    private void requireEnrolled(Transaction tx, ClientId client) throws SQLException, DeliveryException {
        boolean enrolled = CertificateTable.valid(
                        tx, client.user(), environment.clock().millis())
                .stream()
                .anyMatch(held -> held.client().equals(client));
        if (!enrolled) {
            throw AuthorityRule.CLIENT_NOT_ENROLLED.refusal();
        }
    }

    private IssuedCode makeCode(UserName user, Optional<String> device, int open, Entitlement will)
            throws DeliveryException, IOException {
        Randomness randomness = environment.randomness();
        long expires = environment.clock().millis() + config.codeLifetime().toMillis();
        device.ifPresent(name -> new ClientId(user, name));
        for (int i = 0; i < ATTEMPTS; i++) {
            EnrolmentCode code = EnrolmentCode.random(randomness);
            boolean added = engine.write(tx -> {
                long now = environment.clock().millis();
                CertificateTable.lock(tx, user);
                will.use(tx);
                if (Codes.open(tx, user, now) >= open) {
                    throw Problem.later(
                                    ProblemKind.OVER_LIMIT,
                                    config.codeLifetime(),
                                    "the user has as many unused codes as a user may have")
                            .asException();
                }
                return Codes.add(tx, code, user, device, expires, now);
            });
            if (added) {
                return new IssuedCode(code.text(), expires);
            }
        }
        throw new IllegalStateException("the randomness repeats itself");
    }

    /**
     * Enrols a client by a one-time code.
     *
     * @param request a certification request (PKCS #10) in DER
     * @param typed the code, as somebody typed it
     * @throws DeliveryException refused by an {@link AuthorityRule}
     */
    public IssuedChain enrolByCode(Bytes request, String typed) throws DeliveryException, IOException {
        CertificateRequest checked = CertificateRequest.check(request, environment);
        EnrolmentCode code = EnrolmentCode.parse(typed).orElseThrow(AuthorityRule.CODE_UNKNOWN::refusal);
        Bytes keyHash = checked.keyHash();
        Optional<AuthorityRule> objection = engine.write(tx -> {
            Optional<AuthorityRule> found = Codes.objection(
                    tx, code, checked.client(), keyHash, environment.clock().millis(), config.codeAttempts());
            if (found.isPresent()) {
                // Kept although the request is refused, so it is not thrown here.
                Codes.countAttempt(tx, code);
            }
            return found;
        });
        if (objection.isPresent()) {
            throw objection.get().refusal();
        }
        return issuance.enrol(checked, tx -> {
            Optional<AuthorityRule> late = Codes.objection(
                    tx, code, checked.client(), keyHash, environment.clock().millis(), config.codeAttempts());
            if (late.isPresent()) {
                throw late.get().refusal();
            }
            Codes.use(tx, code, keyHash);
        });
    }

    /**
     * Enrols a client by an ID token of the configured OpenID provider.
     *
     * @param request a certification request (PKCS #10) in DER
     * @param token the token
     * @throws DeliveryException refused by an {@link AuthorityRule}; {@link ProblemKind#UNAVAILABLE} if the provider's keys cannot be had
     */
    public IssuedChain enrolByToken(Bytes request, String token) throws DeliveryException, IOException {
        OidcTokens provider = tokens.orElseThrow(AuthorityRule.TOKENS_NOT_TAKEN::refusal);
        CertificateRequest checked = CertificateRequest.check(request, environment);
        Bytes keyHash = checked.keyHash();
        OidcTokens.Verified verified = provider.verify(token, keyHash);
        if (!verified.user().equals(checked.client().user())) {
            throw AuthorityRule.WRONG_SUBJECT.refusal();
        }
        UsedTokens.Use use = UsedTokens.of(token, verified.expiresMillis(), keyHash);
        return issuance.enrol(
                checked, tx -> UsedTokens.use(tx, use, environment.clock().millis()));
    }

    /**
     * Renews the certificate of a client, for the same key or a new one. The former one stays valid until it ends, as groups may know the
     * client by it still.
     *
     * @param client who asks, logged in
     * @param request a certification request (PKCS #10) in DER
     * @param consent the signature of {@link ConsentStatement#toRenewal} by the key of a valid certificate of the client
     * @throws DeliveryException refused by an {@link AuthorityRule}
     */
    public IssuedChain renew(ClientId client, Bytes request, Bytes consent) throws DeliveryException, IOException {
        CertificateRequest checked = CertificateRequest.check(request, environment);
        if (!checked.client().equals(client)) {
            throw AuthorityRule.WRONG_SUBJECT.refusal();
        }
        return issuance.renew(checked, consenting(ConsentStatement.toRenewal(client, request), consent));
    }

    /** The key that has signed, of the client's latest valid certificates. */
    private SignaturePublicKey consenting(ConsentStatement statement, Bytes signature)
            throws DeliveryException, IOException {
        long now = environment.clock().millis();
        List<CertificateTable.Issued> held =
                engine.read(tx -> CertificateTable.valid(tx, statement.client().user(), now)).stream()
                        .filter(certificate -> certificate.client().equals(statement.client()))
                        .toList();
        if (held.isEmpty()) {
            throw AuthorityRule.CLIENT_NOT_ENROLLED.refusal();
        }
        Map<SignaturePublicKey, CipherSuite> keys = new LinkedHashMap<>();
        held.forEach(certificate -> keys.putIfAbsent(certificate.key(), certificate.suite()));
        return keys.entrySet().stream()
                .limit(LATEST_KEYS)
                .filter(key -> isSigned(statement, key.getValue(), key.getKey(), signature))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(AuthorityRule.RENEWAL_CONSENT::refusal);
    }

    private boolean isSigned(ConsentStatement statement, CipherSuite suite, SignaturePublicKey key, Bytes signature) {
        try {
            return statement.verify(environment.crypto(suite), key, signature);
        } catch (CryptoException e) {
            return false; // not a suite of this node any more
        }
    }

    // ---- revocation

    /**
     * Revokes all valid certificates of a client, logs it out, and takes back its key packages and credentials of every kind, whether it
     * has a certificate or not. Repeating it changes nothing.
     *
     * @param by a client that is logged in
     * @param client a client of the same user, which may be {@code by}
     * @param will what the consent of {@code by} asks of the transaction
     * @return how many certificates were revoked now
     * @throws DeliveryException refused with {@link AuthorityRule#WRONG_SUBJECT} if it is somebody else's
     */
    public int revokeOwn(ClientId by, ClientId client, RevocationReason reason, Entitlement will)
            throws DeliveryException, IOException {
        if (!by.user().equals(client.user())) {
            throw AuthorityRule.WRONG_SUBJECT.refusal();
        }
        return revoke(client, reason, will);
    }

    /** As {@link #revokeOwn}, by the operator's will. */
    public int revoke(ClientId client, RevocationReason reason) throws DeliveryException, IOException {
        return revoke(client, reason, tx -> {});
    }

    /**
     * Revokes all valid certificates of a user and forgets the user's codes, as part of a transaction that gives the name back: who has
     * one of these could come in by it as the user's client.
     */
    public void release(Transaction tx, UserName user) throws SQLException {
        issuance.release(tx, user);
    }

    private int revoke(ClientId client, RevocationReason reason, Entitlement will)
            throws DeliveryException, IOException {
        int revoked = issuance.revoke(client, reason, will);
        loggedOut.accept(client);
        return revoked;
    }
}
