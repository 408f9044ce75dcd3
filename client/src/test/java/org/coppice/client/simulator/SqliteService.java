package org.coppice.client.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.client.model.Identity;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.engine.EngineStartException;
import org.coppice.delivery.engine.SqliteEngine;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.CryptoException;

/** The delivery service itself in this process, over SQLite; clients are registered when they first come. */
final class SqliteService implements Service {
    private static final String AUDIENCE = "http://service";

    private final Path directory;
    private final DeliveryConfig config;
    private final Map<ClientId, Boolean> registered = new ConcurrentHashMap<>();
    private DeliveryService service;

    SqliteService(Path directory, Clock clock, Randomness randomness) throws DeliveryException, IOException {
        this.directory = directory;
        this.config = DeliveryConfig.of(Set.of(AUDIENCE))
                .withRates(RateLimits.NONE)
                .withPruneEvery(Duration.ZERO)
                .withAmbient(new DeliveryConfig.Ambient(clock, randomness, Workers.sequential()));
        this.service = open();
    }

    private DeliveryService open() throws DeliveryException, IOException {
        try {
            return DeliveryService.open(SqliteEngine.open(directory), config);
        } catch (EngineStartException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void login(Identity identity) throws DeliveryException, IOException {
        if (registered.putIfAbsent(identity.client(), true) == null) {
            service.register(proof(identity), Optional.empty());
        } else {
            service.login(proof(identity));
        }
    }

    private LoginProof proof(Identity identity) throws DeliveryException {
        Bytes challenge = service.challenge();
        try {
            Bytes signature = LoginStatement.of(AUDIENCE, challenge, identity.client())
                    .sign(identity.crypto(), identity.signer());
            return new LoginProof(
                    identity.client(), identity.registered(), Optional.of(AUDIENCE), challenge, signature);
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public DeliverySession session(ClientId client) {
        return service.session(client);
    }

    @Override
    public void restart() throws DeliveryException, IOException {
        service.close();
        service = open();
    }

    @Override
    public void close() {
        service.close();
    }
}
