package org.coppice.client.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.Voucher;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.SqliteEngine;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.CryptoException;

/** The delivery service itself in this process, over one of its databases; clients are registered when they first come. */
final class RealService implements Connector, AutoCloseable {
    private static final String AUDIENCE = "http://service";

    private final DeliveryService service;
    private final Map<UserName, Identity> sponsors = new HashMap<>();
    private final Set<ClientId> known = new HashSet<>();

    /** Over SQLite. */
    RealService(Path directory, Clock clock) throws Exception {
        this(SqliteEngine.open(directory), clock);
    }

    RealService(Engine engine, Clock clock) throws Exception {
        DeliveryConfig config = DeliveryConfig.of(Set.of(AUDIENCE))
                .withRates(RateLimits.NONE)
                .withPruneEvery(Duration.ZERO)
                .withAmbient(new DeliveryConfig.Ambient(clock, Randomness.system(), Workers.sequential()));
        service = DeliveryService.open(engine, config);
    }

    @Override
    public DeliverySession connect(Identity identity) throws DeliveryException, IOException {
        Bytes challenge = service.challenge();
        UserName user = identity.client().user();
        Identity sponsor = sponsors.putIfAbsent(user, identity);
        boolean needsWord = known.add(identity.client()) && sponsor != null;
        try {
            LoginProof proof = new LoginProof(
                    identity.client(),
                    identity.registered(),
                    Optional.of(AUDIENCE),
                    challenge,
                    LoginStatement.of(AUDIENCE, challenge, identity.client())
                            .sign(identity.crypto(), identity.signer()));
            service.register(proof, needsWord ? Optional.of(voucher(sponsor, identity)) : Optional.empty());
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
        return service.session(identity.client());
    }

    private Voucher voucher(Identity sponsor, Identity identity) throws CryptoException {
        Bytes challenge = service.challenge();
        Bytes signature = ConsentStatement.toRegistration(
                        sponsor.client(), challenge, identity.client(), identity.registered())
                .sign(sponsor.crypto(), sponsor.signer());
        return new Voucher(sponsor.client(), new Consent(challenge, signature));
    }

    /** What a client asks by itself, without the SDK. */
    DeliverySession session(ClientId client) {
        return service.session(client);
    }

    @Override
    public void close() {
        service.close();
    }
}
