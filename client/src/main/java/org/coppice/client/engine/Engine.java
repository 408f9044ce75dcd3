package org.coppice.client.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.Connector;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.ConversationView;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Payload;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.SafetyNumber;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;

/** Everything behind the façade: the parts put together, and what the façade asks of them. Thread safe. */
public final class Engine implements AutoCloseable {
    private static final int GROUP_ID_LENGTH = 32;

    private final Account account;
    private final Connection connection;
    private final KeyPackages keyPackages;
    private final Pump pump;
    private final Inbox inbox;
    private final Rotation rotation;
    private final Upkeep upkeep;
    private final FormerKeys formerKeys;
    private final Verification verification;
    private final Damage damage;
    private final Roster roster;
    private volatile boolean closed;

    private Engine(Account account, Connector connector) {
        this.account = account;
        this.connection = new Connection(connector, account.identities().present());
        this.keyPackages = new KeyPackages(account, connection);
        this.damage = new Damage(account);
        this.roster = new Roster(account, damage);
        this.pump = new Pump(account, connection, damage);
        this.inbox = new Inbox(account, connection, keyPackages, pump, damage);
        this.rotation = new Rotation(account, connection);
        this.upkeep = new Upkeep(account, roster, damage);
        this.formerKeys = new FormerKeys(account, keyPackages);
        this.verification = new Verification(account);
    }

    /** Whether a store holds a client. */
    public static boolean holdsClient(ClientStore store) {
        try (StoreTransaction records = store.begin()) {
            return Identities.exist(records);
        }
    }

    /** A new client in an empty store; throws {@link IllegalStateException} if it holds one. */
    public static Engine create(
            ClientStore store, Identity identity, ClientEnvironment environment, Connector connector) {
        try (StoreTransaction records = store.begin()) {
            if (Identities.exist(records)) {
                throw new IllegalStateException("the store holds a client already");
            }
            Identities identities = Identities.begin(records, identity);
            records.commit();
            return new Engine(new Account(store, environment, identities), connector);
        }
    }

    /** The client that a store holds. */
    public static Engine open(
            ClientStore store, ClientEnvironment environment, Connector connector, List<Signer> signers) {
        try (StoreTransaction records = store.begin()) {
            Identities identities = Identities.load(records, environment, signers);
            return new Engine(new Account(store, environment, identities), connector);
        }
    }

    /** Who the client is now. */
    public Identity identity() {
        return account.identities().present();
    }

    /** Tells what happens. */
    public Events events() {
        return account.events();
    }

    /** What the client depends on. */
    public ClientEnvironment environment() {
        return account.environment();
    }

    // ---- the whole client

    /** Does all that there is to do: finishes what is under way, takes in what is new. */
    public void sync() throws DeliveryException, IOException {
        tidily(this::doEverything);
    }

    private void doEverything() throws DeliveryException, IOException {
        Attempts attempts = new Attempts();
        attempts.attempt(rotation::finish);
        attempts.attempt(keyPackages::replenish);
        attempts.attempt(inbox::read);
        upkeep.wish();
        Map<Bytes, Long> heads = new HashMap<>();
        for (GroupHead head : connection.ask(session -> session.groups())) {
            heads.put(head.groupId(), head.head());
        }
        roster.mend(heads.keySet());
        for (ConversationState state : roster.states()) {
            if (state.status != ConversationStatus.REMOVED) {
                Long head = heads.get(state.groupId);
                attempts.attempt(() -> pump.run(state.groupId, head == null || head > state.cursor));
            }
        }
        formerKeys.delete();
        attempts.end();
    }

    /** Takes in the Welcomes that wait, if {@code welcomes}, and reads and drives some conversations. */
    public void sync(boolean welcomes, Collection<Bytes> groupIds) throws DeliveryException, IOException {
        tidily(() -> {
            Attempts attempts = new Attempts();
            if (welcomes) {
                attempts.attempt(inbox::read);
            }
            for (Bytes groupId : groupIds) {
                attempts.attempt(() -> pump.run(groupId, true));
            }
            attempts.end();
        });
    }

    /** Reads and drives one conversation. */
    public void sync(Bytes groupId) throws DeliveryException, IOException {
        tidily(() -> pump.run(groupId, true));
    }

    /** Of how many conversations something is kept in memory to drive them. */
    int driven() {
        return pump.size();
    }

    /** Afterwards keys that the work has used up, and messages that it has sent, are no longer on the disk. */
    private void tidily(Attempts.Work work) throws DeliveryException, IOException {
        try {
            work.run();
        } finally {
            account.sweep();
        }
    }

    /** Groups in which the service has this client for a member, but which this store does not know, or can follow no longer. */
    public List<Bytes> recoverable() throws DeliveryException, IOException {
        Map<Bytes, ConversationState> known = new HashMap<>();
        roster.states().forEach(state -> known.put(state.groupId, state));
        return connection.ask(session -> session.groups()).stream()
                .filter(GroupHead::member)
                .filter(head -> !isFollowed(head, known.get(head.groupId())))
                .map(GroupHead::groupId)
                .toList();
    }

    private static boolean isFollowed(GroupHead head, ConversationState state) {
        if (state == null || state.status == ConversationStatus.STUCK || state.status == ConversationStatus.DAMAGED) {
            return false;
        }
        // Removed, as far as an old copy of the store knows, and added again since.
        return state.status != ConversationStatus.REMOVED || head.head() <= state.cursor;
    }

    /** Begins to take this client's place in a group again. */
    public void rejoin(Bytes groupId) {
        damage.reading(groupId, () -> {
            pump.rejoin(groupId);
            return null;
        });
    }

    /** Ends this client's membership here, whatever the others think. */
    public void abandon(Bytes groupId) {
        damage.reading(groupId, () -> {
            pump.abandon(groupId);
            return null;
        });
    }

    /** Begins to replace the client's credential. */
    public void rotate(Identity next) {
        if (!next.client().equals(identity().client())
                || !next.suite().equals(identity().suite())) {
            throw new IllegalArgumentException("the next identity is of another client or suite");
        }
        rotation.begin(next);
    }

    /** When something is due that no message will announce, in milliseconds; {@link Long#MAX_VALUE} if nothing is. */
    public long nextDue() {
        long due = Long.MAX_VALUE;
        for (ConversationState state : roster.states()) {
            if (state.status == ConversationStatus.ACTIVE) {
                due = Math.min(due, state.refreshAt);
                due = state.commitAt == 0 ? due : Math.min(due, state.commitAt);
            } else if (state.status == ConversationStatus.STUCK && state.rejoinAt > account.now()) {
                due = Math.min(due, state.rejoinAt);
            }
        }
        return due;
    }

    /** A stream of hints from the service. */
    public Subscription subscribe(HintListener listener, Optional<String> lastEventId)
            throws DeliveryException, IOException {
        return connection.ask(session -> session.subscribe(listener, lastEventId));
    }

    /** The clients of a user, as the service knows them. */
    public List<ClientId> clientsOf(UserName user) throws DeliveryException, IOException {
        return connection.ask(session -> session.clientsOf(user));
    }

    // ---- conversations

    /** Creates a conversation with this client as its only member; the service learns of it with the next drive. */
    public Bytes create(ConversationOptions options) {
        Bytes groupId = Bytes.wrap(account.environment().randomness().bytes(GROUP_ID_LENGTH));
        try (Unit unit = account.begin()) {
            Group group = account.groups()
                    .client(identity())
                    .createGroup(groupId, Extensions.of(options.info().toExtension()));
            account.groups().keep(unit, group);
            ConversationState state = new ConversationState(groupId, ConversationStatus.CREATING, options.handshakes());
            state.refreshAt = Upkeep.nextRefresh(account.environment());
            state.lastName = Groups.nameOf(group);
            state.save(unit);
            new Outgoing(
                            RequestId.random(account.environment().randomness()),
                            0,
                            0,
                            new Outgoing.Creation(
                                    group.groupInfo(false),
                                    Optional.of(Bytes.wrap(group.state().tree().encoded())),
                                    options.settings()))
                    .save(unit, groupId);
            unit.commit();
            return groupId;
        } catch (MlsException e) {
            throw new IllegalStateException("this client cannot create groups", e);
        }
    }

    /** The conversations, in no order. */
    public List<Bytes> conversations() {
        return roster.states().stream().map(state -> state.groupId).toList();
    }

    /** A conversation as it is now; empty if there is none of this id. */
    public Optional<ConversationView> view(Bytes groupId) {
        return damage.reading(groupId, () -> {
            try (Unit unit = account.begin()) {
                return ConversationState.find(unit, groupId).map(state -> view(unit, state));
            }
        });
    }

    private ConversationView view(Unit unit, ConversationState state) {
        Optional<Group> group = group(unit, state);
        return new ConversationView(
                state.groupId,
                group.map(Groups::nameOf).orElse(state.lastName),
                state.status,
                state.reason,
                group.map(Group::epoch).orElse(0L),
                state.cursor,
                state.handshakes,
                group.map(g -> verification.members(unit, g)).orElse(List.of()),
                Wishes.all(unit, state.groupId).size());
    }

    private Optional<Group> group(Unit unit, ConversationState state) {
        boolean has = state.status != ConversationStatus.REMOVED
                && state.status != ConversationStatus.DAMAGED
                && account.groups().store().has(state.groupId);
        return has ? Optional.of(account.groups().get(unit, state.groupId)) : Optional.empty();
    }

    /** Something of the group as it is now; empty if this client has no state of it. */
    public <T> Optional<T> withGroup(Bytes groupId, Function<Group, T> use) {
        return damage.reading(groupId, () -> {
            try (Unit unit = account.begin()) {
                return ConversationState.find(unit, groupId)
                        .flatMap(state -> group(unit, state))
                        .map(use);
            }
        });
    }

    /** Notes that the keys of a user's devices in a conversation were compared, if they are those of the number. */
    public void verify(Bytes groupId, UserName user, SafetyNumber compared) throws KeysChangedException {
        try (Unit unit = account.begin()) {
            verification.verify(unit, required(unit, groupId), user, compared);
            unit.commit();
        }
    }

    /** Takes back that the keys of a user's devices in a conversation were compared. */
    public void unverify(Bytes groupId, UserName user) {
        try (Unit unit = account.begin()) {
            verification.unverify(unit, required(unit, groupId), user);
            unit.commit();
        }
    }

    private Group required(Unit unit, Bytes groupId) {
        return ConversationState.find(unit, groupId)
                .flatMap(state -> group(unit, state))
                .orElseThrow(() -> new IllegalStateException("this client is not in the conversation"));
    }

    /** The members; empty if this client is none. */
    public List<MemberInfo> members(Bytes groupId) {
        return view(groupId).map(ConversationView::members).orElse(List.of());
    }

    /** The lines of history after an entry of the log. */
    public List<HistoryEntry> historyAfter(Bytes groupId, long seq, int limit) {
        return history(groupId, unit -> History.after(unit, groupId, seq, limit));
    }

    /** The lines of history before an entry of the log, 0 for the last ones; in their order. */
    public List<HistoryEntry> historyBefore(Bytes groupId, long seq, int limit) {
        return history(groupId, unit -> History.before(unit, groupId, seq, limit));
    }

    private List<HistoryEntry> history(Bytes groupId, Function<Unit, List<HistoryEntry>> read) {
        try (Unit unit = account.begin()) {
            return read.apply(unit);
        } catch (StoreException e) {
            Damage.require(e);
        }
        try (Unit unit = account.begin()) {
            History.mend(unit, groupId);
            List<HistoryEntry> out = read.apply(unit);
            unit.commit();
            return out;
        }
    }

    // ---- wishes

    /** Keeps a message to be sent. */
    public Receipt send(Bytes groupId, Payload payload) {
        return wish(groupId, new Wish.Send(payload));
    }

    /** Keeps a wish to remove clients. */
    public Receipt remove(Bytes groupId, List<ClientId> clients) {
        return wish(groupId, new Wish.Remove(clients));
    }

    /** Keeps a wish to leave. */
    public Receipt leave(Bytes groupId) {
        return wish(groupId, new Wish.Leave());
    }

    /** Keeps a wish to rename the conversation. */
    public Receipt rename(Bytes groupId, String name) {
        return wish(groupId, new Wish.Rename(ConversationInfo.requireName(name)));
    }

    /** Keeps a wish to refresh this client's keys. */
    public Receipt refresh(Bytes groupId) {
        return wish(groupId, new Wish.Refresh());
    }

    private Receipt wish(Bytes groupId, Wish wish) {
        return damage.reading(groupId, () -> keep(groupId, wish));
    }

    private Receipt keep(Bytes groupId, Wish wish) {
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId)
                    .orElseThrow(() -> new IllegalArgumentException("there is no such conversation"));
            if (state.status == ConversationStatus.REMOVED) {
                return new Receipt(
                        0,
                        Receipt.State.REFUSED,
                        Optional.of(new Receipt.Problem(Receipt.Kind.NO_MEMBER, "no longer a member")),
                        Wishes.messageId(wish),
                        List.of());
            }
            Wishes.Queued queued = Wishes.add(unit, state, wish);
            state.save(unit);
            account.receipts().await(groupId, queued.number());
            unit.commit();
            return waiting(queued, new Receipt.Problem(Receipt.Kind.NOT_TRIED, "not sent yet"));
        }
    }

    private static Receipt waiting(Wishes.Queued queued, Receipt.Problem problem) {
        return new Receipt(
                queued.number(),
                Receipt.State.WAITING,
                Optional.of(problem),
                Wishes.messageId(queued.wish()),
                List.of());
    }

    /** Invites users and single clients. */
    public Receipt invite(Bytes groupId, List<UserName> users, List<ClientId> clients) {
        List<Wish.Invitation> invitations = new ArrayList<>();
        users.forEach(user -> invitations.add(invitation(new ClaimRequest.OfUser(user))));
        clients.forEach(client -> invitations.add(invitation(new ClaimRequest.OfClient(client))));
        return wish(groupId, new Wish.Invite(invitations));
    }

    private Wish.Invitation invitation(ClaimRequest.Target target) {
        return new Wish.Invitation(
                target, RequestId.random(account.environment().randomness()), Optional.empty());
    }

    /** Drives a conversation and says what became of a wish. */
    public Receipt drive(Bytes groupId, Receipt receipt) {
        if (receipt.state() == Receipt.State.REFUSED) {
            return receipt;
        }
        Receipt.Problem problem = new Receipt.Problem(Receipt.Kind.OTHERS, "waits for others");
        try {
            tidily(() -> pump.fulfil(groupId));
        } catch (DeliveryException | IOException e) {
            problem = Problems.waiting(e);
        }
        Optional<Receipt> settled = account.receipts().take(groupId, receipt.number());
        if (settled.isPresent()) {
            return settled.get();
        }
        try (Unit unit = account.begin()) {
            Optional<Wishes.Queued> queued = Wishes.find(unit, groupId, receipt.number());
            return queued.isPresent() ? waiting(queued.get(), problem) : receipt;
        }
    }

    /** Takes a message back that was not sent yet; false if it is too late. */
    public boolean cancel(Bytes groupId, long number) {
        try (Unit unit = account.begin()) {
            Optional<Wishes.Queued> queued = Wishes.find(unit, groupId, number);
            boolean free = Outgoing.find(unit, groupId)
                    .map(outgoing -> outgoing.wish() != number)
                    .orElse(true);
            if (queued.isEmpty() || !free) {
                return false;
            }
            Wishes.refuse(unit, groupId, queued.get(), Receipt.Kind.CANCELLED, "cancelled");
            unit.commit();
            return true;
        }
    }

    /** Adds a listener for all that happens. */
    public void listen(java.util.function.Consumer<ClientEvent> listener) {
        account.events().listen(listener);
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        connection.close();
        account.close();
    }
}
