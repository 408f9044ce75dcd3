package org.coppice.delivery;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.account.AccountConfig;
import org.coppice.delivery.account.Accounts;
import org.coppice.delivery.account.Agreement;
import org.coppice.delivery.account.Gate;
import org.coppice.delivery.account.Grant;
import org.coppice.delivery.account.Login;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.account.MemberValidator;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.Voucher;
import org.coppice.delivery.ca.Authority;
import org.coppice.delivery.ca.OperatorToken;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.ProbedEngine;
import org.coppice.delivery.group.LogReader;
import org.coppice.delivery.hint.HintHub;
import org.coppice.delivery.hint.LoginCheck;
import org.coppice.delivery.limit.RateLimiter;
import org.coppice.delivery.ops.Chore;
import org.coppice.delivery.retention.Pruner;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;

/**
 * One node of the delivery service. Thread safe.
 *
 * <p>What may be asked by strangers is here; everything else is asked through a {@link DeliverySession} of a client that has logged in.
 */
public final class DeliveryService implements AutoCloseable {
    private final Engine engine;
    private final Accounts accounts;
    private final Optional<Authority> authority;
    private final Workshop workshop;
    private final Optional<OperatorToken> operator;
    private final Releases releases;
    private final RateLimiter<String> logins;
    private final Gate gate;
    private final PruneTimer pruning;

    private DeliveryService(
            Engine engine, Accounts accounts, Optional<Authority> authority, Workshop workshop, DeliveryConfig config) {
        this.engine = engine;
        this.accounts = accounts;
        this.authority = authority;
        this.workshop = workshop;
        this.operator = config.operator();
        this.releases = new Releases(engine, authority, workshop.hub());
        this.logins = new RateLimiter<>(config.rates().logins(), "logins");
        this.gate = new Gate(accounts, new RateLimiter<>(config.rates().logins(), "tokens that stand for nobody"));
        this.pruning =
                PruneTimer.start(new Pruner(engine, config.ambient().clock(), config.keeping()), config.pruneEvery());
    }

    /**
     * Starts a node over {@code storage}, which it closes when it is closed.
     *
     * @throws DeliveryException {@link ProblemKind#UNAVAILABLE} if the database cannot be used now
     */
    public static DeliveryService open(Engine storage, DeliveryConfig config) throws DeliveryException, IOException {
        Engine engine = new ProbedEngine(Objects.requireNonNull(storage, "storage"));
        Environment ambient = Environment.builder()
                // Each part is given the one that it asks.
                .validator(CredentialValidator.acceptAll())
                .clock(config.ambient().clock())
                .randomness(config.ambient().randomness())
                .workers(config.ambient().workers())
                .build();
        HintHub hub = new HintHub(
                engine.signals(),
                new LogReader(engine, config.sizes()),
                config.ambient().clock());
        Optional<Authority> authority =
                config.authority().map(how -> new Authority(engine, ambient, how, hub::loginsMoved));
        AccountConfig accountConfig = authority
                .map(made -> config.accounts().withAuthority(made.validator()))
                .orElse(config.accounts());
        Environment environment = ambient.toBuilder()
                .validator(new MemberValidator(engine, accountConfig.authority()))
                // Who may ask to be added is for each group's settings to say, before this is asked.
                .policy(GroupPolicy.builder()
                        .newMemberProposals(keyPackage -> true)
                        .maxCachedProposalBytes(config.sizes().proposals())
                        .build())
                .build();
        Accounts accounts = Accounts.open(engine, environment, accountConfig);
        return new DeliveryService(
                engine, accounts, authority, Workshop.of(engine, environment, accounts, hub, config), config);
    }

    /** The authentication service, if this node has one. */
    public Optional<Authority> authority() {
        return authority;
    }

    /** Something to sign, for one login or registration at any node of this service. */
    public Bytes challenge() {
        return accounts.challenge();
    }

    /** When a challenge that this service gave ends, in milliseconds since 1970-01-01T00:00:00Z. */
    public long expiryOf(Bytes challenge) {
        return accounts.expiryOf(challenge);
    }

    /**
     * Counts a request of a stranger.
     *
     * @param origin where it comes from, as well as the front can tell
     * @throws DeliveryException {@link ProblemKind#OVER_LIMIT} if that is too much now
     */
    public void countLogin(String origin) throws DeliveryException {
        logins.take(origin, 1);
    }

    /** Logs a registered client in; see {@link Accounts#login}. */
    public Grant login(LoginProof proof) throws DeliveryException, IOException {
        return accounts.login(proof);
    }

    /**
     * Registers a client and logs it in; see {@link Accounts#register}.
     *
     * @param voucher the word of a client of the same user, for a further one
     */
    public Grant register(LoginProof proof, Optional<Voucher> voucher) throws DeliveryException, IOException {
        return accounts.register(proof, voucher);
    }

    /** That a client agrees to something at this moment; see {@link Accounts#requireConsentNow}. */
    public Agreement requireConsentNow(ConsentStatement statement, Consent consent)
            throws DeliveryException, IOException {
        return accounts.requireConsentNow(statement, consent);
    }

    /**
     * Who a token stands for.
     *
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if it stands for nobody, or no longer
     */
    public Login authenticate(String token) throws DeliveryException, IOException {
        return accounts.authenticate(token);
    }

    /** The same for a front, which says where the token comes from; see {@link Gate#authenticate}. */
    public Login authenticate(String token, String origin) throws DeliveryException, IOException {
        return gate.authenticate(token, origin);
    }

    /** Takes all tokens of a client back, and ends its streams that were opened with one. */
    public void logOut(ClientId client) throws DeliveryException, IOException {
        accounts.logOut(client);
        workshop.hub().loginsMoved(client);
    }

    /** A session of a client that has been authenticated by the caller; opening and closing one costs nothing. */
    public DeliverySession session(ClientId client) {
        return new LocalSession(client, LoginCheck.ALWAYS, workshop);
    }

    /** A session of a client that {@link #authenticate} knew by its token: streams end when that does not stand any more. */
    public DeliverySession session(Login login) {
        return new LocalSession(login.client(), () -> accounts.stands(login), workshop);
    }

    /**
     * Returns if {@code shown} is the operator's token.
     *
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if not, or if there is none
     */
    public void requireOperator(String shown) throws DeliveryException {
        if (operator.filter(token -> token.is(shown)).isEmpty()) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "that is not the operator's token")
                    .asException();
        }
    }

    /**
     * Gives a user's name back, by the operator's will: all its clients are unregistered and logged out, and whoever registers the name
     * next has it. In their groups the clients have no right any more, and their leaves stay until members remove them.
     *
     * <p>Who has it next is somebody else to all who look at keys: members see a name that they do not know, with another safety number.
     *
     * @return the clients that had the name
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if nobody has it
     */
    public List<ClientId> release(UserName user) throws DeliveryException, IOException {
        return releases.release(user);
    }

    /**
     * Asks the database for the least that shows that it can be read and written; see {@link ProbedEngine}.
     *
     * @throws DeliveryException {@link ProblemKind#UNAVAILABLE} if it cannot
     */
    public void check() throws DeliveryException, IOException {
        engine.check();
    }

    /** How many streams of hints this node serves. */
    public int openStreams() {
        return workshop.hub().streams();
    }

    /** How many reads wait on this node. */
    public int waitingReads() {
        return workshop.hub().waiting();
    }

    /** What this node does for itself again and again. */
    public List<Chore> chores() {
        return List.of(pruning.chore());
    }

    /** The database, for parts of the server that keep tables of their own in it. */
    public Engine engine() {
        return engine;
    }

    /** Ends streams and waiting reads, lets writes finish, and lets go of the database. */
    @Override
    public void close() {
        pruning.close();
        workshop.hub().close();
        engine.close();
    }
}
