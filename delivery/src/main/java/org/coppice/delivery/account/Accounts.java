package org.coppice.delivery.account;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.Voucher;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.limit.Refusals;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;

/** Lets clients register and log in. Thread safe. */
public final class Accounts {
    private final Engine engine;
    private final Environment environment;
    private final AccountConfig config;
    private final Challenges challenges;
    private final Tokens tokens;
    private final Consents consents;

    private Accounts(Engine engine, Environment environment, AccountConfig config, Challenges challenges) {
        this.engine = engine;
        this.environment = environment;
        this.config = config;
        this.challenges = challenges;
        this.tokens = new Tokens(environment.clock(), environment.randomness(), config.tokenLifetime());
        this.consents = new Consents(engine, environment, challenges);
    }

    /**
     * Opens the accounts in a database.
     *
     * @param environment cryptography, randomness and time
     */
    public static Accounts open(Engine engine, Environment environment, AccountConfig config)
            throws DeliveryException, IOException {
        Objects.requireNonNull(config, "config");
        Clock clock = environment.clock();
        return new Accounts(
                engine,
                environment,
                config,
                Challenges.open(engine, clock, environment.randomness(), config.challengeLifetime()));
    }

    /** Something to sign for one login or registration, at any node of the service. */
    public Bytes challenge() {
        return challenges.issue();
    }

    /** When a challenge of this service ends, in milliseconds since 1970-01-01T00:00:00Z. */
    public long expiryOf(Bytes challenge) {
        return challenges.expiry(challenge);
    }

    /**
     * Logs a registered client in.
     *
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED}, whatever is wrong
     */
    public Grant login(LoginProof proof) throws DeliveryException, IOException {
        verify(proof);
        vouchIfCertified(proof);
        Grant grant = tokens.make();
        return engine.write(tx -> {
            requireStillCertified(tx, proof);
            if (!ClientTable.heldCredentials(tx, proof.client()).contains(proof.credential())) {
                throw unauthenticated();
            }
            return admit(tx, proof, grant);
        });
    }

    /**
     * Registers a client and logs it in. Registering again with the same credential only logs in.
     *
     * @param proof by the key that is to be registered
     * @param voucher the word of a client of the same user, for a further one
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if the proof is none; {@link ProblemKind#NOT_ALLOWED} if policy forbids
     *     it, or the name is taken; {@link ProblemKind#REFUSED} if the credential does not name the client, or its authority is not
     *     the service's, or the voucher does not hold
     */
    public Grant register(LoginProof proof, Optional<Voucher> voucher) throws DeliveryException, IOException {
        verify(proof);
        Optional<Agreement> sponsor =
                voucher.isPresent() ? Optional.of(vouched(voucher.get(), proof)) : Optional.empty();
        boolean certified = checkNewCredential(proof.client(), proof.credential());
        List<RegisteredCredential> spent = certified ? spent(proof.client()) : List.of();
        Grant grant = tokens.make();
        return engine.write(tx -> {
            requireStillCertified(tx, proof);
            addClient(tx, proof, certified, spent, sponsor);
            return admit(tx, proof, grant);
        });
    }

    private Agreement vouched(Voucher voucher, LoginProof proof) throws DeliveryException, IOException {
        Consent consent = voucher.consent();
        return requireConsentNow(
                ConsentStatement.toRegistration(
                        voucher.sponsor(), consent.challenge(), proof.client(), proof.credential()),
                consent);
    }

    /** The client's certificates that the authority no longer stands by: looked at before the transaction, as the authority may read. */
    private List<RegisteredCredential> spent(ClientId client) throws DeliveryException, IOException {
        List<RegisteredCredential> out = new ArrayList<>();
        for (RegisteredCredential held : engine.read(tx -> ClientTable.credentials(tx, client))) {
            if (held.credential() instanceof Credential.X509) {
                try {
                    askAuthority(held);
                } catch (ValidationException e) {
                    out.add(held);
                }
            }
        }
        return out;
    }

    /** Returns if there is an authority and it vouches for this credential now. */
    private void askAuthority(RegisteredCredential credential)
            throws ValidationException, DeliveryException, IOException {
        try {
            config.authority().orElseThrow().validate(List.of(claim(credential)));
        } catch (DirectoryUnavailableException e) {
            throw e.rethrow();
        }
    }

    /**
     * A client that is there comes back, with the credential that it has, or with a new certificate if all that it has are certificates
     * that have expired or were revoked: it could not log in to replace them.
     */
    private void rejoin(Transaction tx, LoginProof proof, boolean certified, List<RegisteredCredential> spent)
            throws SQLException, DeliveryException {
        ClientId client = proof.client();
        List<RegisteredCredential> held = ClientTable.heldCredentials(tx, client);
        if (held.contains(proof.credential())) {
            return;
        }
        if (!certified || !spent.containsAll(held)) {
            throw notAllowed("the client is registered with another credential");
        }
        putInForce(tx, client, proof.credential());
    }

    private void addClient(
            Transaction tx,
            LoginProof proof,
            boolean certified,
            List<RegisteredCredential> spent,
            Optional<Agreement> sponsor)
            throws SQLException, DeliveryException {
        ClientId client = proof.client();
        // Held: who gives the name back at this moment is before or after all of this.
        if (ClientTable.lock(tx, client)) {
            rejoin(tx, proof, certified, spent);
            return;
        }
        long now = environment.clock().millis();
        switch (config.registration()) {
            case CLOSED -> throw notAllowed("the service takes no new clients");
            case X509_ONLY -> {
                if (!certified) {
                    throw notAllowed("the service takes clients with a certificate of its authority only");
                }
                ClientTable.addUser(tx, client.user(), now);
            }
            case OPEN -> {
                if (!ClientTable.addUser(tx, client.user(), now) && !certified) {
                    requireSponsor(tx, client, sponsor);
                }
            }
        }
        if (!ClientTable.addClient(tx, client, now)) {
            throw notAllowed("the client is registered with another credential");
        }
        ClientTable.putInForce(tx, client, proof.credential(), now);
    }

    private static void requireSponsor(Transaction tx, ClientId client, Optional<Agreement> sponsor)
            throws SQLException, DeliveryException {
        if (sponsor.filter(word -> word.client().user().equals(client.user())).isEmpty()) {
            throw notAllowed("the user's name is taken; a client of that user has to vouch for a further one");
        }
        sponsor.get().useUp(tx);
    }

    /** A revocation takes tokens back; one that comes between the look at the certificate and the token would miss it. */
    private void requireStillCertified(Transaction tx, LoginProof proof) throws SQLException, DeliveryException {
        if (proof.credential().credential() instanceof Credential.X509 certificate
                && !config.authority().orElseThrow().isStillGood(tx, proof.client(), certificate)) {
            throw unauthenticated();
        }
    }

    private Grant admit(Transaction tx, LoginProof proof, Grant grant) throws SQLException, DeliveryException {
        if (!challenges.use(tx, proof.challenge())) {
            throw unauthenticated();
        }
        tokens.store(tx, proof.client(), grant);
        return grant;
    }

    /**
     * Who a token stands for.
     *
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if it stands for nobody, or no longer
     */
    public Login authenticate(String token) throws DeliveryException, IOException {
        return engine.read(tx -> tokens.find(tx, token)).orElseThrow(Accounts::unauthenticated);
    }

    /** Whether a login still stands. */
    public boolean stands(Login login) throws DeliveryException, IOException {
        return engine.read(tx -> tokens.stands(tx, login));
    }

    /** Takes all tokens of a client back, so that it has to log in again. */
    public void logOut(ClientId client) throws DeliveryException, IOException {
        engine.write(tx -> {
            Tokens.revokeAll(tx, client);
            return null;
        });
    }

    /**
     * Ends the registration of a client, as part of something else. The user's name stays taken: whoever got it next would be taken for
     * the user in groups that know only the name.
     *
     * @param by a client of the same user
     * @param agreed the credential of {@code by} that {@link #requireConsent} gave
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if one of them is not registered; {@link ProblemKind#REFUSED} if
     *     {@code agreed} is in force no longer
     */
    public void unregister(Transaction tx, ClientId by, RegisteredCredential agreed, ClientId client)
            throws SQLException, DeliveryException {
        // In one order, as two devices may unregister each other.
        boolean first = by.compareTo(client) <= 0;
        ClientTable.requireLocked(tx, first ? by : client);
        ClientTable.requireLocked(tx, first ? client : by);
        Consents.requireStill(tx, by, agreed);
        shutOut(tx, client);
        ClientTable.remove(tx, client);
    }

    /**
     * Ends the registration of a user and of all its clients, as part of something else: whoever comes next may have the name.
     *
     * @return the clients, sorted
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if nobody has the name
     */
    public static List<ClientId> release(Transaction tx, UserName user) throws SQLException, DeliveryException {
        // Who is about to add a client to the user has this row, or waits for it and then finds the name free.
        if (!ClientTable.lockUser(tx, user)) {
            throw Problem.of(ProblemKind.UNKNOWN_CLIENT, "nobody has this name").asException();
        }
        List<ClientId> clients = ClientTable.clientsOf(tx, user);
        for (ClientId client : clients) {
            ClientTable.requireLocked(tx, client);
            shutOut(tx, client);
            ClientTable.remove(tx, client);
        }
        ClientTable.removeUser(tx, user);
        return clients;
    }

    /**
     * Forgets all credentials and tokens of a client, as part of something else: it can neither log in nor speak in groups, until it
     * registers anew with a certificate.
     */
    public static void shutOut(Transaction tx, ClientId client) throws SQLException {
        ClientTable.forgetCredentials(tx, client);
        Tokens.revokeAll(tx, client);
    }

    /**
     * Checks a credential that is to replace one of a client's, with the proof that the client holds its key.
     *
     * @throws DeliveryException {@link ProblemKind#REFUSED} if it does not pass
     */
    public void checkReplacement(CredentialStatement statement, Bytes proof) throws DeliveryException, IOException {
        if (!statement.verify(crypto(statement.credential()), proof)) {
            throw ServiceRule.PROOF_OF_POSSESSION.refusal();
        }
        checkNewCredential(statement.client(), statement.credential());
    }

    /**
     * The credential in force of the client that agrees, by whose key it has signed so.
     *
     * @throws DeliveryException {@link ProblemKind#REFUSED} if none has; {@link ProblemKind#UNKNOWN_CLIENT} if the client is not
     *     registered; {@link ProblemKind#NOT_ALLOWED} if it was shut out
     */
    public RegisteredCredential requireConsent(ConsentStatement statement, Bytes signature)
            throws DeliveryException, IOException {
        return consents.require(statement, signature);
    }

    /**
     * That a client agrees to something at this moment, by the key of a credential in force.
     *
     * @param statement which has the consent's challenge in its subject
     * @throws DeliveryException {@link ProblemKind#REFUSED} if none has signed it, or the challenge has ended; whether there is such a
     *     client is not told
     */
    public Agreement requireConsentNow(ConsentStatement statement, Consent consent)
            throws DeliveryException, IOException {
        return consents.requireNow(statement, consent);
    }

    /**
     * Puts a checked credential in force and returns the key that it replaces, if that is another one. A certificate makes way for
     * another one only: what can be revoked would become what cannot.
     *
     * @param agreed what {@link #requireConsent} gave; the caller holds the client's row
     * @throws DeliveryException {@link ProblemKind#NOT_ALLOWED} if the service asks this client for a certificate, and for one that it
     *     still stands by; {@link ProblemKind#REFUSED} if {@code agreed} is in force no longer
     */
    public Optional<SignaturePublicKey> replace(
            Transaction tx, ClientId client, RegisteredCredential credential, RegisteredCredential agreed)
            throws SQLException, DeliveryException {
        boolean allowed = credential.credential() instanceof Credential.X509 certificate
                ? config.authority().orElseThrow().isStillGood(tx, client, certificate)
                : config.registration() != RegistrationPolicy.X509_ONLY && !isCertified(tx, client);
        if (!allowed) {
            throw notAllowed("in place of this client's credential the service takes a valid certificate only");
        }
        Consents.requireStill(tx, client, agreed);
        return putInForce(tx, client, credential);
    }

    /** Whether a client has a certificate of the service's authority, or had one and nothing is left. */
    private boolean isCertified(Transaction tx, ClientId client) throws SQLException {
        List<RegisteredCredential> held = ClientTable.credentials(tx, client);
        return config.authority().isPresent()
                && (held.isEmpty() || held.stream().anyMatch(one -> one.credential() instanceof Credential.X509));
    }

    private Optional<SignaturePublicKey> putInForce(Transaction tx, ClientId client, RegisteredCredential credential)
            throws SQLException {
        return ClientTable.putInForce(
                        tx, client, credential, environment.clock().millis())
                .filter(former -> !former.equals(credential.signatureKey()));
    }

    /** Whether the service's authority vouches for it; refuses if it names another client, or an authority is missing. */
    private boolean checkNewCredential(ClientId client, RegisteredCredential credential)
            throws DeliveryException, IOException {
        if (!Identities.clientOf(credential.credential()).equals(Optional.of(client))) {
            throw ServiceRule.CREDENTIAL_NAMES_ANOTHER.refusal();
        }
        if (!(credential.credential() instanceof Credential.X509)) {
            return false;
        }
        if (config.authority().isEmpty()) {
            throw ServiceRule.CREDENTIAL_NOT_REGISTERED.refusal();
        }
        try {
            askAuthority(credential);
        } catch (ValidationException e) {
            throw Refusals.of(e);
        }
        return true;
    }

    private static IdentityClaim claim(RegisteredCredential credential) {
        return new IdentityClaim(credential.credential(), credential.signatureKey(), IdentityClaim.Event.KEY_PACKAGE);
    }

    /** A certificate that was good at registration may have expired or been revoked since. */
    private void vouchIfCertified(LoginProof proof) throws DeliveryException, IOException {
        if (proof.credential().credential() instanceof Credential.X509) {
            if (config.authority().isEmpty()) {
                throw unauthenticated();
            }
            try {
                askAuthority(proof.credential());
            } catch (ValidationException e) {
                throw unauthenticated();
            }
        }
    }

    private void verify(LoginProof proof) throws DeliveryException {
        // Cheap checks first: a stranger's guess costs no signature.
        if (!challenges.isGenuine(proof.challenge())) {
            throw unauthenticated();
        }
        SuiteCrypto crypto;
        try {
            crypto = environment.crypto(proof.credential().cipherSuite());
        } catch (CryptoException e) {
            throw unauthenticated();
        }
        SignaturePublicKey key = proof.credential().signatureKey();
        for (String audience : config.audiences()) {
            boolean meant = proof.audience().map(audience::equals).orElse(true);
            LoginStatement statement = LoginStatement.of(audience, proof.challenge(), proof.client());
            if (meant && statement.verify(crypto, key, proof.signature())) {
                return;
            }
        }
        throw unauthenticated();
    }

    private SuiteCrypto crypto(RegisteredCredential credential) throws DeliveryException {
        try {
            return environment.crypto(credential.cipherSuite());
        } catch (MlsException e) {
            throw Refusals.of(e);
        }
    }

    private static DeliveryException unauthenticated() {
        return Problem.of(ProblemKind.UNAUTHENTICATED, "log in first, with a fresh challenge")
                .asException();
    }

    private static DeliveryException notAllowed(String why) {
        return Problem.of(ProblemKind.NOT_ALLOWED, why).asException();
    }
}
