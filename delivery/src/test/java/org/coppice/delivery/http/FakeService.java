package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.Voucher;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.mls.codec.Bytes;

/**
 * A service that checks nothing of MLS and keeps all in memory: what the front is tested against. A token is {@code t-} and the client's
 * name with a dot for the slash; every client that has a token exists.
 */
final class FakeService implements DeliveryServer.Service {
    static final Bytes CHALLENGE = Bytes.fromHex("000102030405060708090a0b0c0d0e0f");
    static final long EXPIRES = 4_000_000_000_000L;

    final Map<Bytes, FakeGroup> groups = new ConcurrentHashMap<>();
    final Map<ClientId, FakeInbox> inboxes = new ConcurrentHashMap<>();
    final Map<String, Object> answers = new ConcurrentHashMap<>();
    final Set<String> origins = ConcurrentHashMap.newKeySet();
    final FakeHints hints;
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger openSessions = new AtomicInteger();
    /** What the next calls of sessions throw, until it is taken back: a DeliveryException, IOException, RuntimeException or Error. */
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    /** Run at the begin of each call of a session. */
    volatile Runnable before = () -> {};

    volatile long tokensExpire = EXPIRES;
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private volatile boolean checked = true;

    FakeService() {
        hints = new FakeHints(executor);
    }

    static String token(String client) {
        return "t-" + client.replace('/', '.');
    }

    Executor executor() {
        return executor;
    }

    void engineAnswers(boolean answers) {
        checked = answers;
    }

    FakeGroup group(Bytes id) throws DeliveryException {
        FakeGroup group = groups.get(id);
        if (group == null) {
            throw Problem.of(ProblemKind.UNKNOWN_GROUP, "there is no such group")
                    .asException();
        }
        return group;
    }

    FakeInbox inbox(ClientId client) {
        return inboxes.computeIfAbsent(client, key -> new FakeInbox());
    }

    @Override
    public Challenge challenge(String origin) {
        origins.add(origin);
        return new Challenge(CHALLENGE, "http://127.0.0.1:8420", EXPIRES);
    }

    @Override
    public Grant login(Proof proof, String origin) throws DeliveryException {
        if (!proof.challenge().equals(CHALLENGE)) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "log in with a fresh challenge")
                    .asException();
        }
        return new Grant(token(proof.client().toString()), EXPIRES);
    }

    @Override
    public Grant register(Proof proof, Optional<Voucher> voucher, String origin) throws DeliveryException {
        return login(proof, origin);
    }

    @Override
    public Session open(String token, String origin) throws DeliveryException {
        if (!token.matches("t-[a-z0-9]+\\.[a-z0-9]+")) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "the token is none, or has ended")
                    .asException();
        }
        openSessions.incrementAndGet();
        ClientId client = ClientId.parse(token.substring(2).replace('.', '/'));
        return new Session(new FakeSession(this, client), tokensExpire);
    }

    @Override
    public Optional<AuthorityBackend> authority() {
        return Optional.of(new FakeAuthority());
    }

    @Override
    public void requireOperator(String token, String origin) throws DeliveryException {
        if (!token.equals(FakeAuthority.OPERATOR)) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "not the operator").asException();
        }
    }

    @Override
    public List<ClientId> release(UserName user) {
        return List.of(new ClientId(user, "laptop"));
    }

    @Override
    public void check() throws IOException {
        if (!checked) {
            throw new IOException("the engine does not answer");
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
