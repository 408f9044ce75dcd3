package org.coppice.bench.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.engine.EngineStartException;
import org.coppice.delivery.engine.SqliteEngine;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.CryptoException;

/** The delivery service in this process, over SQLite, without limits of rate: so that what it takes can be told from what clients take. */
final class LocalService implements Connector, AutoCloseable {
    private static final String AUDIENCE = "http://service";

    private final DeliveryService service;

    LocalService(Path directory) throws DeliveryException, IOException {
        try {
            service = DeliveryService.open(
                    SqliteEngine.open(directory),
                    DeliveryConfig.of(Set.of(AUDIENCE))
                            .withRates(RateLimits.NONE)
                            .withPruneEvery(Duration.ZERO));
        } catch (EngineStartException e) {
            throw new IOException(e);
        }
    }

    @Override
    public DeliverySession connect(Identity identity) throws DeliveryException, IOException {
        Bytes challenge = service.challenge();
        try {
            Bytes signature = LoginStatement.of(AUDIENCE, challenge, identity.client())
                    .sign(identity.crypto(), identity.signer());
            service.register(
                    new LoginProof(
                            identity.client(), identity.registered(), Optional.of(AUDIENCE), challenge, signature),
                    Optional.empty());
        } catch (CryptoException e) {
            throw new IOException(e);
        }
        return service.session(identity.client());
    }

    @Override
    public void close() {
        service.close();
    }
}
