package org.coppice.cookbook;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;

/** What one client sees of the {@link MemoryDelivery}. */
final class MemorySession implements DeliverySession {
    private final MemoryDelivery service;
    private final ClientId self;
    private final List<MemoryHints> subscriptions = new CopyOnWriteArrayList<>();
    private boolean closed;

    MemorySession(MemoryDelivery service, ClientId self) {
        this.service = service;
        this.self = self;
    }

    @Override
    public ClientId self() {
        return self;
    }

    // ---- writes

    private static Appended appended(Outcome outcome) {
        return ((Outcome.OfAppend) outcome).appended();
    }

    @Override
    public Stock publishKeyPackages(RequestId id, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException {
        return service.once(
                self,
                id,
                List.of(keyPackages, lastResort),
                outcome -> ((Outcome.OfPublication) outcome).stock(),
                () -> new Outcome.OfPublication(service.publish(self, keyPackages, lastResort)));
    }

    @Override
    public ClaimResult claimKeyPackages(RequestId id, ClaimRequest what) throws DeliveryException {
        return service.once(
                self,
                id,
                List.of(what),
                outcome -> ((Outcome.OfClaim) outcome).result(),
                () -> new Outcome.OfClaim(service.claim(what)));
    }

    @Override
    public void logOut() {
        // Who is connected is in this process: there are no tokens.
    }

    @Override
    public void unregister(RequestId id, ClientId client, Bytes consent) throws DeliveryException {
        if (!client.user().equals(self.user())) {
            throw MemoryDelivery.problem(ProblemKind.NOT_ALLOWED);
        }
        service.once(self, id, List.of(client), outcome -> outcome, () -> {
            requireSigned(ConsentStatement.toUnregister(self, id, client), consent);
            service.unregister(client);
            return Outcome.DONE;
        });
    }

    private void requireSigned(ConsentStatement statement, Bytes consent) throws DeliveryException {
        RegisteredCredential present = service.credentialOf(self);
        try {
            if (!statement.verify(service.environment.crypto(present.cipherSuite()), present.signatureKey(), consent)) {
                throw MemoryDelivery.problem(ProblemKind.REFUSED);
            }
        } catch (MlsException e) {
            throw MemoryDelivery.refusal(e);
        }
    }

    @Override
    public void replaceCredential(RequestId id, RegisteredCredential credential, Bytes proof, Bytes consent)
            throws DeliveryException {
        service.once(self, id, List.of(credential), outcome -> outcome, () -> {
            try {
                var statement = new CredentialStatement(self, id, credential);
                if (!statement.verify(service.environment.crypto(credential.cipherSuite()), proof)) {
                    throw MemoryDelivery.problem(ProblemKind.REFUSED);
                }
                requireSigned(ConsentStatement.to(statement), consent);
            } catch (MlsException e) {
                throw MemoryDelivery.refusal(e);
            }
            service.replaceCredential(self, credential);
            return Outcome.DONE;
        });
    }

    @Override
    public Appended createGroup(RequestId id, MlsMessage groupInfo, Optional<Bytes> tree, GroupSettings settings)
            throws DeliveryException {
        return service.once(self, id, List.of(groupInfo, tree, settings), MemorySession::appended, () -> {
            return new Outcome.OfAppend(service.create(self, groupInfo, tree, settings));
        });
    }

    @Override
    public Appended commit(RequestId id, CommitBundle bundle) throws DeliveryException {
        return told(bundle.commit(), service.once(self, id, List.of(bundle), MemorySession::appended, () -> {
            return new Outcome.OfAppend(service.commit(self, bundle));
        }));
    }

    @Override
    public Appended send(RequestId id, MlsMessage message) throws DeliveryException {
        return told(message, service.once(self, id, List.of(message), MemorySession::appended, () -> {
            Room room = service.room(message.groupId().orElseThrow());
            room.send(self, message, service.clock.millis());
            return new Outcome.OfAppend(new Appended(room.head(), room.epoch(), List.of(), false));
        }));
    }

    @Override
    public void changeSettings(RequestId id, Bytes groupId, GroupSettings settings) throws DeliveryException {
        service.once(self, id, List.of(groupId, settings), outcome -> outcome, () -> {
            Room room = service.room(groupId);
            if (!room.members().contains(self)) {
                throw MemoryDelivery.problem(ProblemKind.NOT_ALLOWED);
            }
            if (room.settings.handshakes() != settings.handshakes()) {
                throw MemoryDelivery.problem(ProblemKind.REFUSED);
            }
            room.settings = settings;
            return Outcome.DONE;
        });
    }

    @Override
    public void report(RequestId id, CannotProcess report) throws DeliveryException {
        service.once(self, id, List.of(report), outcome -> outcome, () -> {
            if (service.room(report.groupId()).read(self, report.seq() - 1, 1).stream()
                    .noneMatch(entry -> entry.seq() == report.seq())) {
                throw MemoryDelivery.problem(ProblemKind.UNKNOWN);
            }
            return Outcome.DONE; // an operator would want to know
        });
    }

    // ---- reads

    /** What is asked again until there is something, or the time is over. */
    @FunctionalInterface
    private interface Read<T> {
        T look() throws DeliveryException;
    }

    private <T> T await(Duration wait, Read<T> read, Predicate<T> isEmpty)
            throws DeliveryException, InterruptedIOException {
        long end = System.nanoTime() + wait.toNanos();
        synchronized (service) {
            while (true) {
                if (closed) {
                    throw new InterruptedIOException("the session was closed");
                }
                T found = read.look();
                long left = (end - System.nanoTime()) / 1_000_000;
                if (!isEmpty.test(found) || left <= 0) {
                    return found;
                }
                try {
                    service.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException();
                }
            }
        }
    }

    @Override
    public LogPage read(Bytes groupId, long after, int limit, Duration wait)
            throws DeliveryException, InterruptedIOException {
        return await(
                wait,
                () -> {
                    Room room = service.room(groupId);
                    List<LogEntry> entries = room.read(self, after, limit);
                    return new LogPage(head(room), room.epoch(), entries);
                },
                page -> page.entries().isEmpty());
    }

    private long head(Room room) {
        return Math.min(room.head(), room.stay(self).orElseThrow().until());
    }

    @Override
    public List<InboxEntry> inbox(long after, int limit, Duration wait)
            throws DeliveryException, InterruptedIOException {
        return await(
                wait,
                () -> service.inbox(self).stream()
                        .filter(entry -> entry.seq() > after)
                        .limit(limit)
                        .toList(),
                List::isEmpty);
    }

    @Override
    public void acknowledgeInbox(long upTo) {
        synchronized (service) {
            service.inbox(self).removeIf(entry -> entry.seq() <= upTo);
        }
    }

    @Override
    public Stock keyPackageStock() {
        synchronized (service) {
            return service.stock(self);
        }
    }

    @Override
    public List<ClientId> clientsOf(UserName user) throws DeliveryException {
        synchronized (service) {
            return service.clientsOf(new ClaimRequest.OfUser(user));
        }
    }

    @Override
    public MlsMessage groupInfo(Bytes groupId) throws DeliveryException {
        synchronized (service) {
            return service.room(groupId).groupInfo(self);
        }
    }

    @Override
    public Bytes ratchetTree(Bytes groupId, long epoch) throws DeliveryException {
        synchronized (service) {
            Room room = service.room(groupId);
            if (room.stay(self).isEmpty()) {
                room.checkMayEnter(self);
            }
            return room.tree(epoch);
        }
    }

    @Override
    public GroupSettings settings(Bytes groupId) throws DeliveryException {
        synchronized (service) {
            Room room = service.room(groupId);
            room.stay(self).orElseThrow(() -> MemoryDelivery.problem(ProblemKind.UNKNOWN_GROUP));
            return room.settings;
        }
    }

    @Override
    public Optional<Outcome> outcome(RequestId id) {
        return service.outcome(self, id);
    }

    @Override
    public List<GroupHead> groups() {
        synchronized (service) {
            List<GroupHead> out = new ArrayList<>();
            service.rooms.forEach((groupId, room) -> room.stay(self)
                    .ifPresent(stay ->
                            out.add(new GroupHead(groupId, room.epoch(), head(room), stay.from(), stay.isPresent()))));
            return out;
        }
    }

    // ---- hints

    @Override
    public Subscription subscribe(HintListener listener, Optional<String> lastEventId) {
        MemoryHints out = new MemoryHints(service, self, listener);
        synchronized (service) {
            groups().forEach(head -> out.tell(new Hint.OfGroup(head.groupId(), head.head())));
            out.tell(new Hint.OfInbox(service.inboxHead(self)));
            service.hints.add(out);
            subscriptions.add(out);
        }
        return out;
    }

    /** Tells the readers of a group that it has grown, and who was added of the Welcome. */
    private Appended told(MlsMessage message, Appended appended) throws DeliveryException {
        Bytes groupId = message.groupId().orElseThrow();
        synchronized (service) {
            Room room = service.room(groupId);
            for (MemoryHints hints : service.hints) {
                if (room.stay(hints.client()).isPresent()) {
                    hints.tell(new Hint.OfGroup(groupId, room.head()));
                    hints.tell(new Hint.OfInbox(service.inboxHead(hints.client())));
                }
            }
        }
        return appended;
    }

    @Override
    public void close() {
        synchronized (service) {
            closed = true;
            service.notifyAll(); // reads that wait end
        }
        subscriptions.forEach(MemoryHints::close);
    }
}
