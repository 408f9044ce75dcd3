package org.coppice.client.scenario;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.VoidedCommit;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.tree.LeafNodeSource;

/**
 * A delivery service in memory that keeps the contract as far as clients can tell. It remembers every message that was ever handed in,
 * refused ones included, so that a test can look for keys that were used twice. Thread safe.
 */
public final class FakeService {
    private final ReentrantLock lock = new ReentrantLock();
    private final Environment environment;
    private final Clock clock;
    private final Map<Bytes, FakeGroup> groups = new LinkedHashMap<>();
    private final Map<ClientId, Deque<KeyPackage>> keyPackages = new TreeMap<>();
    private final Map<ClientId, KeyPackage> lastResorts = new HashMap<>();
    private final Map<ClientId, Long> lastResortUses = new HashMap<>();
    private final Map<ClientId, Long> lastResortTimes = new HashMap<>();
    private final Map<Bytes, ClientId> owners = new HashMap<>();
    private final Map<ClientId, List<InboxEntry>> inboxes = new HashMap<>();
    private final Map<ClientId, Long> inboxHeads = new HashMap<>();
    private final Map<Bytes, Answer> answers = new HashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** All messages that were ever handed in for a group's log. */
    final Map<Bytes, Set<Bytes>> offered = new HashMap<>();
    /** All reports. */
    final List<CannotProcess> reports = new ArrayList<>();

    private final AtomicLong hints = new AtomicLong();

    /** How many logs were read. */
    int reads;

    Clock clock() {
        return clock;
    }

    /** An empty service. */
    public FakeService(Clock clock) {
        this.clock = clock;
        this.environment = Environment.builder()
                .clock(clock)
                .validator(CredentialValidator.acceptAll())
                .build();
    }

    private record Answer(Object request, Object value) {}

    private record Listener(ClientId client, HintListener listener) {}

    /** A write, done once. */
    @FunctionalInterface
    private interface Write {
        Object perform() throws DeliveryException;
    }

    private <T> T once(ClientId client, RequestId id, Object request, Class<T> type, Write write)
            throws DeliveryException {
        lock.lock();
        try {
            Bytes key = new org.coppice.mls.codec.TlsWriter()
                    .struct(client)
                    .struct(id)
                    .toBytes();
            Answer former = answers.get(key);
            if (former != null) {
                if (!former.request().equals(request)) {
                    throw problem(ProblemKind.REQUEST_ID_REUSED);
                }
                Object value = former.value();
                return type.cast(value instanceof Appended appended ? appended.asRepeated() : value);
            }
            Object value = write.perform();
            answers.put(key, new Answer(request, value));
            return type.cast(value);
        } finally {
            lock.unlock();
        }
    }

    private static DeliveryException problem(ProblemKind kind) {
        return Problem.of(kind, kind.wireName()).asException();
    }

    // ---- key packages

    Stock publish(ClientId client, RequestId id, List<MlsMessage> packages, Optional<MlsMessage> lastResort)
            throws DeliveryException {
        return once(client, id, List.of(packages, lastResort), Stock.class, () -> {
            Deque<KeyPackage> mine = keyPackages.computeIfAbsent(client, c -> new ArrayDeque<>());
            packages.forEach(message -> {
                mine.add(keyPackage(message));
                own(client, keyPackage(message));
            });
            lastResort.ifPresent(message -> {
                lastResorts.put(client, keyPackage(message));
                lastResortUses.put(client, 0L);
                lastResortTimes.put(client, clock.millis());
                own(client, keyPackage(message));
            });
            return stock(client);
        });
    }

    private void own(ClientId client, KeyPackage keyPackage) {
        try {
            owners.put(keyPackage.ref(environment.crypto(keyPackage.cipherSuite())), client);
        } catch (MlsException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPackage keyPackage(MlsMessage message) {
        return ((MlsMessage.KeyPackage) message.body()).keyPackage();
    }

    Stock stock(ClientId client) {
        lock.lock();
        try {
            Optional<Stock.LastResort> last = Optional.ofNullable(lastResorts.get(client))
                    .map(any -> new Stock.LastResort(lastResortTimes.get(client), lastResortUses.get(client)));
            Deque<KeyPackage> ordinary = keyPackages.getOrDefault(client, new ArrayDeque<>());
            ordinary.removeIf(this::isOver);
            return new Stock(List.of(new Stock.OfSuite(World.SUITE, ordinary.size(), last)));
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver(KeyPackage keyPackage) {
        return keyPackage.leafNode().source() instanceof LeafNodeSource.KeyPackage source
                && source.lifetime().notAfter() < clock.millis() / 1000;
    }

    /** The ordinary key packages of a client that can be claimed now. */
    List<KeyPackage> stockOf(ClientId client) {
        return List.copyOf(keyPackages.get(client));
    }

    /** Forgets a client's ordinary key packages, as if they had all been claimed. */
    void exhaust(ClientId client) {
        keyPackages.get(client).clear();
    }

    List<ClientId> clientsOf(ClaimRequest.Target target) {
        if (target instanceof ClaimRequest.OfClient one) {
            return List.of(one.client());
        }
        return keyPackages.keySet().stream()
                .filter(client -> client.user().equals(((ClaimRequest.OfUser) target).user()))
                .toList();
    }

    ClaimResult claim(ClientId client, RequestId id, ClaimRequest what) throws DeliveryException {
        return once(client, id, what, ClaimResult.class, () -> {
            List<ClaimResult.Claimed> claimed = new ArrayList<>();
            List<ClientId> without = new ArrayList<>();
            List<ClientId> targets = clientsOf(what.target());
            if (targets.isEmpty()) {
                throw problem(ProblemKind.UNKNOWN_CLIENT);
            }
            for (ClientId target : targets) {
                KeyPackage ordinary =
                        keyPackages.getOrDefault(target, new ArrayDeque<>()).poll();
                KeyPackage found = ordinary != null ? ordinary : lastResorts.get(target);
                if (found == null) {
                    without.add(target);
                } else {
                    if (ordinary == null) {
                        lastResortUses.merge(target, 1L, Long::sum);
                    }
                    claimed.add(new ClaimResult.Claimed(
                            target, new MlsMessage(new MlsMessage.KeyPackage(found)), ordinary == null));
                }
            }
            return new ClaimResult(claimed, without);
        });
    }

    void replaceCredential(ClientId client, RequestId id, Object credential) throws DeliveryException {
        once(client, id, credential, Boolean.class, () -> {
            keyPackages.getOrDefault(client, new ArrayDeque<>()).clear();
            lastResorts.remove(client);
            return true;
        });
    }

    // ---- groups

    Appended create(ClientId client, RequestId id, MlsMessage groupInfo, Optional<Bytes> tree, GroupSettings settings)
            throws DeliveryException {
        Bytes groupId = groupInfo.groupId().orElseThrow();
        return once(client, id, List.of(groupInfo.groupId(), settings), Appended.class, () -> {
            if (groups.containsKey(groupId)) {
                throw problem(ProblemKind.DUPLICATE_GROUP);
            }
            try {
                PublicGroup followed = PublicGroup.follow(environment, groupInfo, tree);
                boolean open = settings.handshakes() == HandshakePolicy.PUBLIC;
                FakeGroup group = new FakeGroup(settings, open ? followed : null, groupInfo);
                group.trees.put(0L, followed.ratchetTree());
                group.change(0, Set.of(client), Set.of());
                groups.put(groupId, group);
                return new Appended(0, 0, List.of(), false);
            } catch (MlsException e) {
                throw Problem.refused("GROUP_INFO", e.getMessage()).asException();
            }
        });
    }

    private FakeGroup group(Bytes groupId) throws DeliveryException {
        FakeGroup group = groups.get(groupId);
        if (group == null) {
            throw problem(ProblemKind.UNKNOWN_GROUP);
        }
        return group;
    }

    Appended commit(ClientId client, RequestId id, CommitBundle bundle) throws DeliveryException {
        Bytes groupId = bundle.commit().groupId().orElseThrow();
        offer(groupId, bundle.commit());
        Appended out = once(client, id, Bytes.wrap(bundle.encoded()), Appended.class, () -> {
            FakeGroup group = group(groupId);
            long seq = group.head() + 1;
            long epoch = MessageFacts.epoch(bundle.commit());
            if (epoch != group.epoch) {
                throw Problem.staleEpoch(group.epoch, group.head()).asException();
            }
            if (group.followed != null) {
                try {
                    Observed staged = group.followed.stage(bundle.commit());
                    group.followed.merge((Observed.Staged) staged);
                } catch (ValidationException e) {
                    throw Problem.refused(e.rule().name(), e.getMessage()).asException();
                } catch (MlsException e) {
                    throw Problem.refused("COMMIT", e.getMessage()).asException();
                }
                group.trees.put(epoch + 1, group.followed.ratchetTree());
                group.follow(seq);
            } else {
                group.trees.put(epoch + 1, bundle.ratchetTree().orElseThrow());
                group.change(seq, new HashSet<>(bundle.added()), new HashSet<>(bundle.removed()));
            }
            group.epoch++;
            bundle.groupInfo().ifPresent(info -> group.groupInfos.put(group.epoch, info));
            group.log.add(entry(seq, EntryKind.COMMIT, epoch, bundle.commit()));
            bundle.welcome().ifPresent(welcome -> route(groupId, seq, group.epoch, welcome));
            return new Appended(seq, group.epoch, List.of(), false);
        });
        hint(groupId);
        return out;
    }

    private LogEntry entry(long seq, EntryKind kind, long epoch, MlsMessage message) {
        return new LogEntry(seq, kind, epoch, clock.millis(), Bytes.wrap(message.encoded()));
    }

    private void route(Bytes groupId, long seq, long epoch, MlsMessage welcome) {
        Set<ClientId> receivers = new LinkedHashSet<>();
        for (Welcome.EncryptedGroupSecrets secrets :
                ((MlsMessage.Welcome) welcome.body()).welcome().secrets()) {
            ClientId owner = owners.get(new KeyPackageRef(secrets.newMember()).value());
            if (owner != null) {
                receivers.add(owner);
            }
        }
        receivers.forEach(client -> {
            long place = inboxHeads.merge(client, 1L, Long::sum);
            inboxes.computeIfAbsent(client, c -> new ArrayList<>())
                    .add(new InboxEntry(place, groupId, seq, epoch, clock.millis(), welcome));
        });
    }

    private void offer(Bytes groupId, MlsMessage message) {
        lock.lock();
        try {
            offered.computeIfAbsent(groupId, g -> new LinkedHashSet<>()).add(Bytes.wrap(message.encoded()));
        } finally {
            lock.unlock();
        }
    }

    Appended send(ClientId client, RequestId id, MlsMessage message) throws DeliveryException {
        Bytes groupId = message.groupId().orElseThrow();
        offer(groupId, message);
        Appended out = once(client, id, Bytes.wrap(message.encoded()), Appended.class, () -> {
            FakeGroup group = group(groupId);
            if (!group.members.contains(client)) {
                throw problem(ProblemKind.NOT_ALLOWED);
            }
            long epoch = MessageFacts.epoch(message);
            // One past epoch is taken for application messages.
            boolean taken = epoch == group.epoch
                    || MessageFacts.kind(message) == EntryKind.APPLICATION && epoch == group.epoch - 1;
            if (!taken) {
                throw Problem.staleEpoch(group.epoch, group.head()).asException();
            }
            if (group.followed != null && MessageFacts.kind(message) == EntryKind.PROPOSAL) {
                try {
                    group.followed.merge((Observed.Staged) group.followed.stage(message));
                } catch (MlsException e) {
                    throw Problem.refused("PROPOSAL", e.getMessage()).asException();
                }
            }
            long seq = group.head() + 1;
            group.log.add(entry(seq, MessageFacts.kind(message), epoch, message));
            return new Appended(seq, group.epoch, List.of(), false);
        });
        hint(groupId);
        return out;
    }

    LogPage read(ClientId client, Bytes groupId, long after, int limit) throws DeliveryException {
        lock.lock();
        try {
            reads++;
            FakeGroup group = group(groupId);
            long head = group.head(client).orElseThrow(() -> problem(ProblemKind.UNKNOWN_GROUP));
            return new LogPage(head, group.epoch, group.read(client, after, limit));
        } finally {
            lock.unlock();
        }
    }

    /** The whole log. */
    List<LogEntry> log(Bytes groupId) {
        return List.copyOf(groups.get(groupId).log);
    }

    /** Puts an entry into a log that no member made, as a faulty or hostile service could. */
    void inject(Bytes groupId, EntryKind kind, Bytes message) {
        FakeGroup group = groups.get(groupId);
        group.log.add(new LogEntry(group.head() + 1, kind, group.epoch, clock.millis(), message));
    }

    /** Takes an entry out of a log and numbers those after it anew, as a hostile service could before it shows the log. */
    void withhold(Bytes groupId, long seq) {
        List<LogEntry> log = groups.get(groupId).log;
        log.remove((int) seq - 1);
        log.replaceAll(entry -> entry.seq() < seq
                ? entry
                : new LogEntry(entry.seq() - 1, entry.kind(), entry.epoch(), entry.timeMillis(), entry.message()));
    }

    /** Takes the last Commit back, as the service does when members cannot process it. */
    void voidCommit(Bytes groupId, long seq) {
        groups.get(groupId).epoch--;
        voidInjected(groupId, seq);
    }

    /** The same for a Commit that was injected, and began no epoch. */
    void voidInjected(Bytes groupId, long seq) {
        FakeGroup group = groups.get(groupId);
        group.log.add(new LogEntry(
                group.head() + 1,
                EntryKind.VOID,
                group.epoch,
                clock.millis(),
                Bytes.wrap(new VoidedCommit(seq).encoded())));
    }

    MlsMessage groupInfo(Bytes groupId) throws DeliveryException {
        lock.lock();
        try {
            return group(groupId).groupInfos.get(group(groupId).epoch);
        } finally {
            lock.unlock();
        }
    }

    Bytes tree(Bytes groupId, long epoch) throws DeliveryException {
        lock.lock();
        try {
            return Optional.ofNullable(group(groupId).trees.get(epoch)).orElseThrow(() -> problem(ProblemKind.UNKNOWN));
        } finally {
            lock.unlock();
        }
    }

    GroupSettings settings(Bytes groupId) throws DeliveryException {
        return group(groupId).settings;
    }

    void report(ClientId client, RequestId id, CannotProcess report) throws DeliveryException {
        once(client, id, report, Boolean.class, () -> reports.add(report));
    }

    // ---- inbox and hints

    List<InboxEntry> inbox(ClientId client, long after, int limit) {
        lock.lock();
        try {
            return inboxes.getOrDefault(client, List.of()).stream()
                    .filter(entry -> entry.seq() > after)
                    .limit(limit)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    void acknowledge(ClientId client, long upTo) {
        lock.lock();
        try {
            inboxes.getOrDefault(client, new ArrayList<>()).removeIf(entry -> entry.seq() <= upTo);
        } finally {
            lock.unlock();
        }
    }

    List<GroupHead> heads(ClientId client) {
        lock.lock();
        try {
            List<GroupHead> out = new ArrayList<>();
            groups.forEach((id, group) -> group.head(client)
                    .ifPresent(head -> out.add(
                            new GroupHead(id, group.epoch, head, group.from(client), group.members.contains(client)))));
            return out;
        } finally {
            lock.unlock();
        }
    }

    AutoCloseable listen(ClientId client, HintListener listener) {
        Listener entry = new Listener(client, listener);
        listeners.add(entry);
        return () -> listeners.remove(entry);
    }

    private void hint(Bytes groupId) {
        for (Listener listener : listeners) {
            long head;
            long inbox;
            lock.lock();
            try {
                head = groups.get(groupId).head();
                inbox = inboxHeads.getOrDefault(listener.client(), 0L);
            } finally {
                lock.unlock();
            }
            String id = "e" + hints.incrementAndGet();
            listener.listener().onHint(new Hint.OfGroup(groupId, head), id);
            listener.listener().onHint(new Hint.OfInbox(inbox), id);
        }
    }

    /** Which client a basic credential names. */
    static ClientId client(Credential credential) {
        return ClientId.ofIdentity(((Credential.Basic) credential).identity()).orElseThrow();
    }
}
