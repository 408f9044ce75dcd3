package org.coppice.client.engine;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.Group;

/**
 * Sets a conversation aside whose records cannot be read, so that it keeps no other from going on. The client does not rejoin it by
 * itself: a store that loses records may lose more, and its application is to know.
 */
final class Damage {
    private final Account account;

    Damage(Account account) {
        this.account = account;
    }

    // ---- what is damaged

    /** Throws what is no damage of a record. */
    static void require(StoreException e) {
        if (e.reason() != StoreException.Reason.DAMAGED) {
            throw e;
        }
    }

    static boolean isReadable(Runnable read) {
        try {
            read.run();
            return true;
        } catch (StoreException e) {
            require(e);
            return false;
        }
    }

    /** Whether there is a record, be it readable or not: for those that say all by being there. */
    static boolean isThere(Unit unit, Space space, Bytes key) {
        try {
            return unit.records().get(space, key).isPresent();
        } catch (StoreException e) {
            require(e);
            return true;
        }
    }

    // ---- setting aside

    /** Works on a conversation, outside of units of work; if its records turn out to be damaged, it is set aside instead. */
    void contain(Bytes groupId, Attempts.Work work) throws DeliveryException, IOException {
        try {
            work.run();
        } catch (StoreException e) {
            setAside(groupId, e);
        }
    }

    /** Works on a conversation, outside of units of work, and once more after it was set aside. */
    void working(Bytes groupId, Attempts.Work work) throws DeliveryException, IOException {
        try {
            work.run();
        } catch (StoreException e) {
            setAside(groupId, e);
            work.run();
        }
    }

    /** Reads or asks something of a conversation, outside of units of work, and once more after it was set aside. */
    <T> T reading(Bytes groupId, Supplier<T> read) {
        try {
            return read.get();
        } catch (StoreException e) {
            setAside(groupId, e);
            return read.get();
        }
    }

    private void setAside(Bytes groupId, StoreException e) {
        require(e);
        try (Unit unit = account.begin()) {
            ConversationState state = state(unit, groupId)
                    .orElseThrow(() -> new StoreException(e.reason(), "the conversation is gone, too"));
            clear(unit, state);
            state.nextWish = Math.max(state.nextWish, Wishes.last(unit, groupId) + 1);
            state.become(unit, ConversationStatus.DAMAGED, e.getMessage());
            state.save(unit);
            unit.commit();
        } catch (StoreException | IllegalStateException again) {
            // The damage is not to this conversation alone.
            e.addSuppressed(again);
            throw e;
        }
    }

    /** The state of a conversation; one made of what is left, if its own record cannot be read. */
    private Optional<ConversationState> state(Unit unit, Bytes groupId) {
        try {
            return ConversationState.find(unit, groupId);
        } catch (StoreException e) {
            require(e);
            // Rejoining is what an external Commit of unknown standing may be of.
            ConversationState out =
                    new ConversationState(groupId, ConversationStatus.REJOINING, HandshakePolicy.PUBLIC);
            // Above the numbers of all receipts that somebody holds: nobody has asked for more than one thing in each
            // millisecond since 1970.
            out.nextWish = Math.max(1, account.now());
            describe(unit, out);
            return Optional.of(out);
        }
    }

    /** What the group still says of its conversation. */
    private void describe(Unit unit, ConversationState state) {
        isReadable(() -> state.cursor = History.last(unit, state.groupId));
        isReadable(() -> account.groups().find(unit, state.groupId).ifPresent(group -> {
            state.lastName = Groups.nameOf(group);
            state.handshakes = handshakes(group);
        }));
    }

    private static HandshakePolicy handshakes(Group group) {
        return ConversationInfo.find(group.state().context().extensions())
                .map(ConversationInfo::handshakes)
                .orElse(HandshakePolicy.PUBLIC);
    }

    /** Deletes what could not be read once the client is back. The group's own records are kept until others take their place. */
    private void clear(Unit unit, ConversationState state) {
        Bytes groupId = state.groupId;
        account.groups().forget(groupId);
        account.groups().store().mendIndex(groupId);
        account.groups().candidates().mendIndex(groupId);
        if (!isOfUse(unit, state)) {
            Outgoing.drop(unit, groupId);
            account.groups().candidates().drop(groupId);
        }
        if (!isReadable(() -> unit.records().get(Spaces.REPORTS, groupId))) {
            unit.records().delete(Spaces.REPORTS, groupId);
        }
        if (!isReadable(() -> unit.records().all(Spaces.epochs(groupId)))) {
            unit.records().deleteAll(Spaces.epochs(groupId));
        }
        if (!isReadable(() -> Wishes.all(unit, groupId))) {
            Wishes.refuseUnreadable(unit, groupId);
        }
    }

    /** Whether something is on its way that can be sent once the client is back. */
    private static boolean isOfUse(Unit unit, ConversationState state) {
        try {
            return Outgoing.find(unit, state.groupId)
                    .filter(outgoing -> state.status != ConversationStatus.REJOINING
                            || outgoing.body() instanceof Outgoing.Creation)
                    .isPresent();
        } catch (StoreException e) {
            require(e);
            return false;
        }
    }
}
