package org.coppice.client.scenario;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.Voucher;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/** The fake service behind the real HTTP front, with logins that are checked. Thread safe. */
final class FakeBackend implements DeliveryServer.Service {
    final FakeService service;
    final AtomicInteger logins = new AtomicInteger();
    /** Stands between the front and the service. */
    volatile UnaryOperator<DeliverySession> between = UnaryOperator.identity();

    private final Set<String> audiences;
    private final Map<ClientId, RegisteredCredential> clients = new ConcurrentHashMap<>();
    private final Set<Bytes> challenges = ConcurrentHashMap.newKeySet();
    private final Map<String, ClientId> tokens = new ConcurrentHashMap<>();

    FakeBackend(FakeService service, Set<String> audiences) {
        this.service = service;
        this.audiences = audiences;
    }

    /** Ends all tokens. */
    void logOut() {
        tokens.clear();
    }

    @Override
    public Challenge challenge(String remote) {
        Bytes challenge = Bytes.wrap(Randomness.system().bytes(16));
        challenges.add(challenge);
        return new Challenge(challenge, "what the service calls itself", Long.MAX_VALUE);
    }

    @Override
    public Grant login(Proof proof, String remote) throws DeliveryException {
        check(proof);
        if (!proof.credential().equals(clients.get(proof.client()))) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "no such client").asException();
        }
        return grant(proof.client());
    }

    private Grant grant(ClientId client) {
        logins.incrementAndGet();
        String token = UUID.randomUUID().toString();
        tokens.put(token, client);
        return new Grant(token, service.clock().millis() + 3_600_000);
    }

    private void check(Proof proof) throws DeliveryException {
        try {
            String audience = proof.audience().orElse("");
            boolean valid = challenges.remove(proof.challenge())
                    && audiences.contains(audience)
                    && LoginStatement.of(audience, proof.challenge(), proof.client())
                            .verify(
                                    crypto(proof.credential()),
                                    proof.credential().signatureKey(),
                                    proof.signature());
            if (!valid) {
                throw Problem.of(ProblemKind.UNAUTHENTICATED, "no proof").asException();
            }
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Grant register(Proof proof, Optional<Voucher> voucher, String remote) throws DeliveryException {
        check(proof);
        boolean first = clients.keySet().stream()
                .noneMatch(client -> client.user().equals(proof.client().user()) && !client.equals(proof.client()));
        boolean vouched = voucher.filter(word -> vouches(word, proof)).isPresent();
        if (!first && !vouched) {
            throw Problem.of(ProblemKind.NOT_ALLOWED, "the name is taken").asException();
        }
        clients.put(proof.client(), proof.credential());
        return grant(proof.client());
    }

    private boolean vouches(Voucher voucher, Proof proof) {
        RegisteredCredential sponsor = clients.get(voucher.sponsor());
        Bytes challenge = voucher.consent().challenge();
        try {
            return sponsor != null
                    && voucher.sponsor().user().equals(proof.client().user())
                    && challenges.remove(challenge)
                    && ConsentStatement.toRegistration(voucher.sponsor(), challenge, proof.client(), proof.credential())
                            .verify(
                                    crypto(sponsor),
                                    sponsor.signatureKey(),
                                    voucher.consent().signature());
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    private static SuiteCrypto crypto(RegisteredCredential credential) throws CryptoException {
        return SuiteCrypto.of(credential.cipherSuite(), CryptoProviders.best(), Randomness.system());
    }

    @Override
    public Session open(String token, String origin) throws DeliveryException {
        ClientId client = tokens.get(token);
        if (client == null) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "no such token").asException();
        }
        return new Session(between.apply(new FakeSession(service, client)), Long.MAX_VALUE);
    }

    @Override
    public void check() throws IOException {
        // It always works.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
