package org.coppice.delivery.server;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.AccountConfig;
import org.coppice.delivery.account.Login;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.Voucher;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.EngineStartException;
import org.coppice.delivery.http.AuthorityBackend;
import org.coppice.delivery.ops.Metrics;
import org.coppice.mls.codec.Bytes;

/** The delivery service as the HTTP front sees it. */
final class ServiceBackend implements DeliveryServer.Service {
    private final DeliveryService service;
    private final String name;

    private ServiceBackend(DeliveryService service, String name) {
        this.service = service;
        this.name = name;
    }

    /**
     * Opens engine and service.
     *
     * @param audiences the names by which clients reach it, beside those that {@code config} has
     */
    static ServiceBackend open(Storage storage, DeliveryConfig config, Set<String> audiences, Metrics metrics)
            throws IOException {
        Engine engine;
        try {
            engine = storage.open();
        } catch (EngineStartException e) {
            throw new IOException(e.getMessage(), e);
        }
        return over(engine, config, audiences, metrics);
    }

    /** Opens the service over an engine, which is closed if that fails. */
    static ServiceBackend over(Engine engine, DeliveryConfig config, Set<String> audiences, Metrics metrics)
            throws IOException {
        Set<String> names = new LinkedHashSet<>(audiences);
        names.addAll(config.accounts().audiences());
        AccountConfig accounts = config.accounts();
        AccountConfig named = new AccountConfig(
                accounts.registration(),
                names,
                accounts.authority(),
                accounts.challengeLifetime(),
                accounts.tokenLifetime());
        try {
            DeliveryService service = DeliveryService.open(engine, config.withAccounts(named));
            Figures.register(engine, metrics);
            service.chores().forEach(metrics::chore);
            return new ServiceBackend(service, names.iterator().next());
        } catch (DeliveryException | IOException | RuntimeException e) {
            engine.close();
            throw new IOException("the service does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public Challenge challenge(String origin) throws DeliveryException {
        service.countLogin(origin);
        Bytes challenge = service.challenge();
        return new Challenge(challenge, name, service.expiryOf(challenge));
    }

    @Override
    public Grant login(Proof proof, String origin) throws DeliveryException, IOException {
        service.countLogin(origin);
        return grant(service.login(proof(proof)));
    }

    @Override
    public Grant register(Proof proof, Optional<Voucher> voucher, String origin) throws DeliveryException, IOException {
        service.countLogin(origin);
        return grant(service.register(proof(proof), voucher));
    }

    private static LoginProof proof(Proof proof) {
        return new LoginProof(
                proof.client(), proof.credential(), proof.audience(), proof.challenge(), proof.signature());
    }

    private static Grant grant(org.coppice.delivery.account.Grant grant) {
        return new Grant(grant.token(), grant.expiresMillis());
    }

    @Override
    public Session open(String token, String origin) throws DeliveryException, IOException {
        Login login = service.authenticate(token, origin);
        return new Session(service.session(login), login.expiresMillis());
    }

    @Override
    public Optional<AuthorityBackend> authority() {
        return service.authority().map(authority -> new ServiceAuthority(service, authority));
    }

    @Override
    public void requireOperator(String token, String origin) throws DeliveryException {
        service.countLogin(origin);
        service.requireOperator(token);
    }

    @Override
    public List<ClientId> release(UserName user) throws DeliveryException, IOException {
        return service.release(user);
    }

    @Override
    public void check() throws IOException {
        try {
            service.check();
        } catch (DeliveryException e) {
            throw new IOException(e.problem().detail(), e);
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
