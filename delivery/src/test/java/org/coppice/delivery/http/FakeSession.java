package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;

/** A session of {@link FakeService}: does what a group does to its log, and answers the rest with fixed values. */
final class FakeSession implements DeliverySession {
    static final Stock STOCK = new Stock(List.of(new Stock.OfSuite(
            CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
            99,
            Optional.of(new Stock.LastResort(1_800_000_000_000L, 2)))));

    private final FakeService service;
    private final ClientId self;
    private final AtomicBoolean closed = new AtomicBoolean();

    FakeSession(FakeService service, ClientId self) {
        this.service = service;
        this.self = self;
    }

    private interface Write<T> {
        T run() throws DeliveryException;
    }

    private void call() throws DeliveryException, IOException {
        if (closed.get()) {
            throw new IllegalStateException("used after close");
        }
        service.calls.incrementAndGet();
        service.before.run();
        Throwable failure = service.failure.get();
        if (failure instanceof DeliveryException refusal) {
            throw refusal;
        }
        if (failure instanceof IOException unknown) {
            throw unknown;
        }
        if (failure instanceof RuntimeException bug) {
            throw bug;
        }
        if (failure instanceof Error bug) {
            throw bug;
        }
    }

    /** Does it once for each id; remembers what was asked and the outcome. */
    private Outcome once(RequestId id, Object what, Write<Outcome> write) throws DeliveryException, IOException {
        call();
        synchronized (service.answers) {
            Object before = service.answers.get(self + " asked " + id);
            if (before != null && !before.equals(what)) {
                throw Problem.of(ProblemKind.REQUEST_ID_REUSED, "the id was used for another request")
                        .asException();
            }
            Outcome outcome = (Outcome) service.answers.get(self + " got " + id);
            if (outcome instanceof Outcome.OfAppend append) {
                return new Outcome.OfAppend(append.appended().asRepeated());
            }
            if (outcome == null) {
                outcome = write.run();
                service.answers.put(self + " asked " + id, what);
                service.answers.put(self + " got " + id, outcome);
            }
            return outcome;
        }
    }

    @Override
    public ClientId self() {
        return self;
    }

    @Override
    public Stock publishKeyPackages(RequestId id, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException, IOException {
        return ((Outcome.OfPublication)
                        once(id, List.of(keyPackages, lastResort), () -> new Outcome.OfPublication(STOCK)))
                .stock();
    }

    @Override
    public Stock keyPackageStock() throws DeliveryException, IOException {
        call();
        return STOCK;
    }

    @Override
    public List<ClientId> clientsOf(UserName user) throws DeliveryException, IOException {
        call();
        if (user.value().equals("nobody")) {
            throw Problem.of(ProblemKind.UNKNOWN_CLIENT, "there is no such user")
                    .asException();
        }
        return List.of(new ClientId(user, "laptop"), new ClientId(user, "phone"));
    }

    @Override
    public ClaimResult claimKeyPackages(RequestId id, ClaimRequest what) throws DeliveryException, IOException {
        ClaimResult result = new ClaimResult(
                List.of(new ClaimResult.Claimed(ClientId.parse("bob/laptop"), Sample.keyPackage(), false)),
                List.of(ClientId.parse("bob/phone")));
        return ((Outcome.OfClaim) once(id, what, () -> new Outcome.OfClaim(result))).result();
    }

    @Override
    public void replaceCredential(RequestId id, RegisteredCredential credential, Bytes proof, Bytes consent)
            throws DeliveryException, IOException {
        once(id, List.of(credential, proof), () -> Outcome.DONE);
    }

    @Override
    public void logOut() throws DeliveryException, IOException {
        call();
        service.hints.interrupt(
                self,
                new IOException(
                        "logged out",
                        Problem.of(ProblemKind.UNAUTHENTICATED, "the login has ended")
                                .asException()));
    }

    @Override
    public void unregister(RequestId id, ClientId client, Bytes consent) throws DeliveryException, IOException {
        once(id, List.of(client, consent), () -> Outcome.DONE);
    }

    @Override
    public Appended createGroup(RequestId id, MlsMessage groupInfo, Optional<Bytes> ratchetTree, GroupSettings settings)
            throws DeliveryException, IOException {
        Bytes groupId = ((MlsMessage.GroupInfo) groupInfo.body())
                .groupInfo()
                .groupContext()
                .groupId();
        Outcome outcome = once(id, List.of(groupInfo, ratchetTree, settings), () -> {
            if (service.groups.putIfAbsent(groupId, new FakeGroup(groupInfo, settings)) != null) {
                throw Problem.of(ProblemKind.DUPLICATE_GROUP, "there is such a group")
                        .asException();
            }
            return new Outcome.OfAppend(new Appended(0, 0, List.of(), false));
        });
        return ((Outcome.OfAppend) outcome).appended();
    }

    @Override
    public Appended commit(RequestId id, CommitBundle bundle) throws DeliveryException, IOException {
        return append(id, bundle, EntryKind.COMMIT, bundle.commit());
    }

    @Override
    public Appended send(RequestId id, MlsMessage message) throws DeliveryException, IOException {
        return append(id, message, EntryKind.APPLICATION, message);
    }

    private Appended append(RequestId id, Object what, EntryKind kind, MlsMessage message)
            throws DeliveryException, IOException {
        Bytes groupId = message.groupId().orElseThrow();
        long epoch = message.body() instanceof PrivateMessage sealed ? sealed.epoch() : 0;
        Outcome outcome = once(id, what, () -> {
            FakeGroup group = service.group(groupId);
            long seq = group.append(kind, epoch, Bytes.wrap(message.encoded()));
            if (seq < 0) {
                throw Problem.staleEpoch(group.epoch(), group.head()).asException();
            }
            service.hints.toAll(new Hint.OfGroup(groupId, seq));
            return new Outcome.OfAppend(new Appended(seq, group.epoch(), List.of(), false));
        });
        return ((Outcome.OfAppend) outcome).appended();
    }

    @Override
    public LogPage read(Bytes groupId, long after, int limit, Duration wait) throws DeliveryException, IOException {
        call();
        return service.group(groupId).page(after, limit);
    }

    @Override
    public MlsMessage groupInfo(Bytes groupId) throws DeliveryException, IOException {
        call();
        return service.group(groupId).groupInfo;
    }

    @Override
    public Bytes ratchetTree(Bytes groupId, long epoch) throws DeliveryException, IOException {
        call();
        FakeGroup group = service.group(groupId);
        if (Long.compareUnsigned(epoch, group.epoch()) > 0) {
            throw Problem.of(ProblemKind.UNKNOWN, "there was no such epoch").asException();
        }
        return Bytes.fromHex("00");
    }

    @Override
    public GroupSettings settings(Bytes groupId) throws DeliveryException, IOException {
        call();
        return service.group(groupId).settings();
    }

    @Override
    public void changeSettings(RequestId id, Bytes groupId, GroupSettings settings)
            throws DeliveryException, IOException {
        once(id, List.of(groupId, settings), () -> {
            service.group(groupId).settings(settings);
            return Outcome.DONE;
        });
    }

    @Override
    public void report(RequestId id, CannotProcess report) throws DeliveryException, IOException {
        once(id, report, () -> {
            service.group(report.groupId());
            return Outcome.DONE;
        });
    }

    @Override
    public List<InboxEntry> inbox(long after, int limit, Duration wait) throws DeliveryException, IOException {
        call();
        return service.inbox(self).after(after, limit);
    }

    @Override
    public void acknowledgeInbox(long upTo) throws DeliveryException, IOException {
        call();
        service.inbox(self).acknowledge(upTo);
    }

    @Override
    public Optional<Outcome> outcome(RequestId id) throws DeliveryException, IOException {
        call();
        return Optional.ofNullable((Outcome) service.answers.get(self + " got " + id));
    }

    @Override
    public List<GroupHead> groups() throws DeliveryException, IOException {
        call();
        List<GroupHead> out = new ArrayList<>();
        service.groups.forEach((id, group) -> out.add(new GroupHead(id, group.epoch(), group.head(), 0, true)));
        return out;
    }

    @Override
    public Subscription subscribe(HintListener listener, Optional<String> lastEventId)
            throws DeliveryException, IOException {
        call();
        long since = lastEventId.map(id -> Long.parseLong(id.substring(1))).orElse(0L);
        List<Hint> present = new ArrayList<>();
        if (since < service.hints.clock.get() || lastEventId.isEmpty()) {
            service.groups.forEach((id, group) -> present.add(new Hint.OfGroup(id, group.head())));
            present.add(new Hint.OfInbox(service.inbox(self).head()));
        }
        return service.hints.subscribe(self, listener, present);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            service.openSessions.decrementAndGet();
        }
    }
}
