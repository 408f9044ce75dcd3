package org.coppice.bench.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.bench.Source;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Signer;

/** A node in this process, which limits nobody. */
final class Service implements AutoCloseable {
    private static final String AUDIENCE = "https://delivery.bench";
    private static final int THREADS = 64;

    private final DeliveryService service;

    private Service(DeliveryService service) {
        this.service = service;
    }

    static Service open(Database database) throws Exception {
        return new Service(DeliveryService.open(database.open(), config()));
    }

    static DeliveryConfig config() {
        return DeliveryConfig.of(Set.of(AUDIENCE)).withRates(RateLimits.NONE).withPruneEvery(Duration.ZERO);
    }

    /** A client and what it signs with. */
    record Newcomer(ClientId id, Signer signer) {}

    /** Registers all, many at once; returns their tokens in order. */
    List<String> register(List<Newcomer> newcomers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<String>> tasks = new ArrayList<>();
            for (Newcomer newcomer : newcomers) {
                tasks.add(() -> register(newcomer));
            }
            List<String> out = new ArrayList<>();
            for (Future<String> token : threads.invokeAll(tasks)) {
                out.add(token.get());
            }
            return out;
        } finally {
            threads.shutdownNow();
        }
    }

    private String register(Newcomer newcomer) throws Exception {
        RegisteredCredential credential = new RegisteredCredential(
                Source.SUITE, newcomer.id().basicCredential(), newcomer.signer().publicKey());
        Bytes challenge = service.challenge();
        Bytes signature =
                LoginStatement.of(AUDIENCE, challenge, newcomer.id()).sign(Source.NATIVE.crypto(), newcomer.signer());
        LoginProof proof = new LoginProof(newcomer.id(), credential, Optional.of(AUDIENCE), challenge, signature);
        return service.register(proof, Optional.empty()).token();
    }

    DeliverySession session(ClientId client) {
        return service.session(client);
    }

    @Override
    public void close() {
        service.close();
    }
}
