package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/** The queue of a conversation's wishes, settled one after the other. */
final class Wishes {
    private static final int VERSION = 1;

    private Wishes() {}

    /**
     * A wish in the queue.
     *
     * @param number its place
     * @param losses how many races its Commit has lost
     */
    record Queued(long number, int losses, Wish wish) {}

    /** Puts a wish at the end of the queue; the state has to be saved afterwards. */
    static Queued add(Unit unit, ConversationState state, Wish wish) {
        Queued out = new Queued(state.nextWish++, 0, wish);
        put(unit, state.groupId, out);
        return out;
    }

    static void put(Unit unit, Bytes groupId, Queued queued) {
        byte[] encoded = new TlsWriter(256)
                .uint8(VERSION)
                .uint32(queued.losses())
                .struct(queued.wish())
                .finish();
        unit.records().put(Spaces.wishes(groupId), Space.key(queued.number()), encoded);
    }

    /** The wish whose turn it is. */
    static Optional<Queued> first(Unit unit, Bytes groupId) {
        return unit.records().after(Spaces.wishes(groupId), 0, 1).stream()
                .findFirst()
                .map(Wishes::decode);
    }

    static Optional<Queued> find(Unit unit, Bytes groupId, long number) {
        return unit.records()
                .get(Spaces.wishes(groupId), Space.key(number))
                .map(value -> decode(new StoreTransaction.Stored(Space.key(number), value)));
    }

    /** The number of the last wish of the queue; 0 if there is none. */
    static long last(Unit unit, Bytes groupId) {
        return unit.records().before(Spaces.wishes(groupId), 0, 1).stream()
                .mapToLong(StoreTransaction.Stored::number)
                .findFirst()
                .orElse(0);
    }

    static List<Queued> all(Unit unit, Bytes groupId) {
        List<Queued> out = new ArrayList<>();
        unit.records().all(Spaces.wishes(groupId)).forEach(record -> out.add(decode(record)));
        return out;
    }

    /** Refuses those that cannot be read, and keeps the others. */
    static void refuseUnreadable(Unit unit, Bytes groupId) {
        List<Bytes> gone = new ArrayList<>(unit.records().deleteDamaged(Spaces.wishes(groupId)));
        for (StoreTransaction.Stored record : unit.records().all(Spaces.wishes(groupId))) {
            if (!Damage.isReadable(() -> decode(record))) {
                gone.add(record.key());
            }
        }
        Optional<Receipt.Problem> problem =
                Optional.of(new Receipt.Problem(Receipt.Kind.DAMAGED, "it cannot be read from the store any more"));
        for (Bytes key : gone) {
            settle(
                    unit,
                    groupId,
                    new Receipt(Space.number(key), Receipt.State.REFUSED, problem, Optional.empty(), List.of()));
        }
    }

    static void done(Unit unit, Bytes groupId, Queued queued, List<ClientId> without) {
        settle(unit, groupId, queued, Receipt.State.DONE, Optional.empty(), without);
    }

    static void refuse(Unit unit, Bytes groupId, Queued queued, Receipt.Kind kind, String text) {
        settle(unit, groupId, queued, Receipt.State.REFUSED, Optional.of(new Receipt.Problem(kind, text)), List.of());
    }

    private static void settle(
            Unit unit,
            Bytes groupId,
            Queued queued,
            Receipt.State state,
            Optional<Receipt.Problem> problem,
            List<ClientId> without) {
        settle(unit, groupId, new Receipt(queued.number(), state, problem, messageId(queued.wish()), without));
    }

    private static void settle(Unit unit, Bytes groupId, Receipt receipt) {
        unit.records().delete(Spaces.wishes(groupId), Space.key(receipt.number()));
        unit.tell(new ClientEvent.Settled(groupId, receipt));
    }

    static Optional<MessageId> messageId(Wish wish) {
        return wish instanceof Wish.Send send ? Optional.of(send.payload().id()) : Optional.empty();
    }

    private static Queued decode(StoreTransaction.Stored record) {
        TlsReader in = new TlsReader(Bytes.wrap(record.value()), DecodeLimits.DEFAULT);
        try {
            int version = in.uint8();
            if (version != VERSION) {
                throw new StoreException(StoreException.Reason.UNKNOWN_VERSION, "a wish of version " + version);
            }
            Queued out = new Queued(record.number(), (int) in.uint32(), Wish.decode(in));
            in.expectEnd();
            return out;
        } catch (DecodeException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "a wish cannot be read", e);
        }
    }
}
