package org.coppice.client.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.tree.RatchetTree;

/** Joins the groups that others have added this client to. */
final class Inbox {
    private static final Bytes CURSOR = Bytes.wrap(new byte[] {'i'});
    private static final int PAGE = 32;

    private final Account account;
    private final Connection connection;
    private final KeyPackages keyPackages;
    private final Pump pump;
    private final Damage damage;
    private final Epochs epochs;

    Inbox(Account account, Connection connection, KeyPackages keyPackages, Pump pump, Damage damage) {
        this.account = account;
        this.connection = connection;
        this.keyPackages = keyPackages;
        this.pump = pump;
        this.damage = damage;
        this.epochs = new Epochs(account.environment().parameters().pastEpochs());
    }

    /** Takes in all Welcomes that wait; only then are key packages that are over deleted, as one that waits may need them. */
    void read() throws DeliveryException, IOException {
        long asked = account.now();
        readAll();
        keyPackages.prune(asked);
    }

    private void readAll() throws DeliveryException, IOException {
        while (true) {
            long cursor = cursor();
            List<InboxEntry> entries = connection.ask(session -> session.inbox(cursor, PAGE, Duration.ZERO));
            if (entries.isEmpty()) {
                return;
            }
            long last = cursor;
            for (InboxEntry entry : entries) {
                if (entry.seq() <= last) {
                    throw Problems.noProgress("the inbox shows what was taken before");
                }
                last = entry.seq();
                damage.working(entry.groupId(), () -> take(entry));
            }
            long taken = last;
            connection.ask(session -> {
                session.acknowledgeInbox(taken);
                return null;
            });
        }
    }

    private long cursor() {
        try (Unit unit = account.begin()) {
            return unit.records()
                    .get(Spaces.ACCOUNT, CURSOR)
                    .map(Spaces::number)
                    .filter(number -> number >= 0)
                    .orElse(0L);
        } catch (StoreException e) {
            Damage.require(e);
            // What was read before is passed over: this client is in those conversations, or has used up the key
            // packages.
            account.giveUp(CURSOR, RecordsLost.Kind.INBOX);
            return 0;
        }
    }

    private void take(InboxEntry entry) throws DeliveryException, IOException {
        Optional<ConversationStatus> known;
        try (Unit unit = account.begin()) {
            known = ConversationState.find(unit, entry.groupId()).map(state -> state.status);
        }
        if (known.isPresent() && known.get() == ConversationStatus.ACTIVE) {
            // Added again, so removed before: the log says so first.
            pump.read(entry.groupId());
        }
        Optional<Bytes> tree = tree(entry);
        try (Unit unit = account.begin()) {
            join(unit, entry, tree);
            passed(unit, entry);
            unit.commit();
        } catch (MlsException e) {
            // Not for this client, or not a group that one may be in: nothing of it was kept.
            try (Unit unit = account.begin()) {
                refused(unit, entry, tree, e);
                passed(unit, entry);
                unit.commit();
            }
        }
    }

    private static void passed(Unit unit, InboxEntry entry) {
        unit.records().put(Spaces.ACCOUNT, CURSOR, Space.key(entry.seq()).toByteArray());
    }

    /** The tree of the Welcome's epoch, if the service keeps it; a Welcome that carries its tree needs none. */
    private Optional<Bytes> tree(InboxEntry entry) throws DeliveryException, IOException {
        try {
            return Optional.of(connection.ask(session -> session.ratchetTree(entry.groupId(), entry.epoch())));
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void join(Unit unit, InboxEntry entry, Optional<Bytes> tree) throws MlsException {
        Optional<ConversationState> known = ConversationState.find(unit, entry.groupId());
        boolean member = known.isPresent()
                && (known.get().status == ConversationStatus.ACTIVE
                        || known.get().status == ConversationStatus.CREATING);
        if (member || !(entry.welcome().body() instanceof MlsMessage.Welcome body)) {
            return;
        }
        List<KeyPackageBundle> bundles = keyPackages.forWelcome(unit, body.welcome());
        try {
            Optional<KeyPackageBundle> bundle = bundles.stream()
                    .filter(candidate -> signerOf(candidate).isPresent())
                    .findFirst();
            if (bundle.isEmpty()) {
                if (known.isEmpty() && tree.isPresent() && holdsThisClient(tree.get())) {
                    outside(unit, entry, "added by a key package that is not here any more");
                }
            } else {
                enter(unit, entry, tree, known, bundle.get());
            }
        } finally {
            bundles.forEach(KeyPackageBundle::close);
        }
    }

    /**
     * Who signs for a key package, which may be of a former credential: the group knows this client by that one, until it is replaced. Not
     * there if the record of it was lost; the package is as good as none, then.
     */
    private Optional<Identity> signerOf(KeyPackageBundle bundle) {
        return account.identities().of(bundle.keyPackage().leafNode().signatureKey());
    }

    /** Whether this client has a leaf in a tree that the service gave; else a Welcome that cannot be opened is a stranger's. */
    private boolean holdsThisClient(Bytes encodedTree) throws MlsException {
        Identity self = account.identities().present();
        Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, self.crypto());
        RatchetTree tree = decoder.decodeAll(encodedTree, MediaTypes.LIMITS);
        return account.groups().names().leafOf(self.client(), tree).isPresent();
    }

    /**
     * A Welcome that was refused may be that of a group whose members count this client in: by whoever made it wrongly, or for a reason that
     * passes, such as a clock or a list of revocations. Then it comes in by itself, if the same checks allow it; else it would be a member
     * that nobody hears and that does not know it.
     */
    private void refused(Unit unit, InboxEntry entry, Optional<Bytes> tree, MlsException reason) {
        if (ConversationState.find(unit, entry.groupId()).isPresent() || tree.isEmpty()) {
            return;
        }
        try {
            if (holdsThisClient(tree.get())) {
                outside(unit, entry, Maker.rule(reason) + ": " + reason.getMessage());
            }
        } catch (MlsException e) {
            // What the service gave is no tree.
        }
    }

    /**
     * Added by a Welcome that cannot be used, as its key package's private key is gone, or that of its signatures, like that of a client
     * whose store is new: it comes in by itself. Where it has been before, it does not: a conversation that was left, or given up, is begun
     * again by the user only.
     */
    private static void outside(Unit unit, InboxEntry entry, String reason) {
        ConversationState state =
                new ConversationState(entry.groupId(), ConversationStatus.STUCK, HandshakePolicy.PUBLIC);
        state.missedFrom = entry.logSeq();
        state.become(unit, ConversationStatus.STUCK, reason);
        state.save(unit);
    }

    private void enter(
            Unit unit,
            InboxEntry entry,
            Optional<Bytes> tree,
            Optional<ConversationState> known,
            KeyPackageBundle bundle)
            throws MlsException {
        Identity identity = signerOf(bundle).orElseThrow();
        account.groups().store().drop(entry.groupId());
        account.groups().forget(entry.groupId());
        boolean lastResort = bundle.keyPackage().isLastResort();
        keyPackages.used(unit, bundle);
        JoinRequest request = JoinRequest.of(entry.welcome(), List.of(bundle));
        Group group = account.groups()
                .client(identity)
                .join(tree.isPresent() ? request.withRatchetTree(tree.get()) : request);
        if (!group.groupId().equals(entry.groupId()) || group.epoch() != entry.epoch()) {
            // The service files it by what goes along with it, and cannot look into it.
            group.close();
            throw new ValidationException(Rule.UNKNOWN_GROUP);
        }
        account.groups().keep(unit, group);
        epochs.enter(unit, entry.groupId(), group.epoch());
        HandshakePolicy handshakes = ConversationInfo.find(
                        group.state().context().extensions())
                .map(ConversationInfo::handshakes)
                .orElse(HandshakePolicy.PUBLIC);
        ConversationState state =
                known.orElseGet(() -> new ConversationState(entry.groupId(), ConversationStatus.ACTIVE, handshakes));
        Outgoing.drop(unit, entry.groupId());
        account.groups().candidates().drop(entry.groupId());
        unit.records().deleteAll(Spaces.early(entry.groupId()));
        state.handshakes = handshakes;
        state.lastName = Groups.nameOf(group);
        state.cursor = entry.logSeq();
        state.commitAt = 0;
        long missedFrom = state.missedFrom;
        state.missedFrom = 0;
        state.epochsSinceRefresh = 0;
        state.messagesSinceRefresh = 0;
        // A last-resort package may have been used by others, too: its keys are replaced as early as possible (RFC 9750
        // §5.1).
        state.refreshAt = lastResort ? 0 : Upkeep.nextRefresh(account.environment());
        state.become(unit, ConversationStatus.ACTIVE, "");
        if (known.isEmpty()) {
            unit.tell(new ClientEvent.StatusChanged(entry.groupId(), ConversationStatus.ACTIVE, ""));
        }
        History.add(
                unit,
                entry.groupId(),
                new HistoryEntry.Joined(
                        new HistoryEntry.Place(entry.logSeq(), entry.timeMillis(), group.epoch()),
                        HistoryEntry.Joined.Way.ADDED,
                        missedFrom));
        state.save(unit);
    }
}
