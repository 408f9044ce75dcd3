package org.coppice.client.model;

import java.util.List;
import java.util.Optional;
import org.coppice.client.model.HistoryEntry.Change;
import org.coppice.client.model.HistoryEntry.Joined;
import org.coppice.client.model.HistoryEntry.Message;
import org.coppice.client.model.HistoryEntry.Place;
import org.coppice.client.model.HistoryEntry.TakenBack;
import org.coppice.client.model.HistoryEntry.Unreadable;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** How history is stored: a tag for the arm, the place, the arm's fields in their order. */
public final class HistoryCodec {
    private static final int MESSAGE = 1;
    /** A change where nobody left, or of the time when those who left were among those who were removed. */
    private static final int CHANGE = 2;

    private static final int JOINED = 3;
    private static final int UNREADABLE = 4;
    private static final int TAKEN_BACK = 5;
    /** A change where somebody left. */
    private static final int DEPARTURE = 6;
    /** A joining that found new keys. */
    private static final int JOINED_NEW_KEYS = 7;

    private HistoryCodec() {}

    /** The encoding of an entry, in a new array. */
    public static byte[] encode(HistoryEntry entry) {
        TlsWriter out = new TlsWriter(256);
        if (entry instanceof Message message) {
            place(out.uint8(MESSAGE), entry).struct(message.sender()).struct(message.payload());
        } else if (entry instanceof Change change) {
            boolean isDeparture = !change.left().isEmpty();
            place(out.uint8(isDeparture ? DEPARTURE : CHANGE), entry)
                    .struct(change.actor())
                    .list(change.added())
                    .list(change.removed());
            if (isDeparture) {
                out.list(change.left());
            }
            out.list(change.rejoined()).list(change.newKeys());
            out.uint8(change.renamed().isPresent() ? 1 : 0);
            change.renamed().ifPresent(name -> Text.write(out, name));
        } else if (entry instanceof Joined joined) {
            boolean isNew =
                    !joined.newKeys().isEmpty() || !joined.comparedBefore().isEmpty();
            place(out.uint8(isNew ? JOINED_NEW_KEYS : JOINED), entry)
                    .uint8(joined.how().ordinal())
                    .uint64(joined.missedFrom());
            if (isNew) {
                out.list(joined.newKeys()).list(joined.comparedBefore());
            }
        } else if (entry instanceof Unreadable unreadable) {
            Text.write(place(out.uint8(UNREADABLE), entry), unreadable.rule());
        } else if (entry instanceof TakenBack taken) {
            place(out.uint8(TAKEN_BACK), entry).uint64(taken.from());
        } else {
            throw new AssertionError(entry.getClass());
        }
        return out.finish();
    }

    private static TlsWriter place(TlsWriter out, HistoryEntry entry) {
        Place place = entry.place();
        return out.uint64(place.seq()).uint64(place.timeMillis()).uint64(place.epoch());
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws DecodeException if it is something else
     */
    public static HistoryEntry decode(byte[] stored) throws DecodeException {
        TlsReader in = new TlsReader(Bytes.wrap(stored), DecodeLimits.DEFAULT);
        int tag = in.uint8();
        Place place = new Place(in.uint64(), in.uint64(), in.uint64());
        HistoryEntry out = switch (tag) {
            case MESSAGE -> new Message(place, ClientId.decode(in), Payload.decode(in));
            case CHANGE, DEPARTURE ->
                new Change(
                        place,
                        ClientId.decode(in),
                        clients(in),
                        clients(in),
                        tag == DEPARTURE ? someClients(in) : List.of(),
                        clients(in),
                        clients(in),
                        name(in));
            case JOINED -> new Joined(place, way(in), in.uint64());
            case JOINED_NEW_KEYS -> joinedNewKeys(in, place);
            case UNREADABLE -> new Unreadable(place, Text.read(in));
            case TAKEN_BACK -> new TakenBack(place, in.uint64());
            default -> throw in.error(Rule.STORED_STATE, "history of kind " + tag);
        };
        in.expectEnd();
        return out;
    }

    private static Joined joinedNewKeys(TlsReader in, Place place) throws DecodeException {
        Joined out = new Joined(place, way(in), in.uint64(), clients(in), clients(in));
        if (out.newKeys().isEmpty() && out.comparedBefore().isEmpty()) {
            throw in.error(Rule.STORED_STATE, "new keys of nobody");
        }
        return out;
    }

    private static List<ClientId> clients(TlsReader in) throws DecodeException {
        return in.list(ClientId::decode);
    }

    private static List<ClientId> someClients(TlsReader in) throws DecodeException {
        List<ClientId> out = clients(in);
        if (out.isEmpty()) {
            throw in.error(Rule.STORED_STATE, "a departure of nobody");
        }
        return out;
    }

    private static Optional<String> name(TlsReader in) throws DecodeException {
        return in.present() ? Optional.of(Text.read(in)) : Optional.empty();
    }

    private static Joined.Way way(TlsReader in) throws DecodeException {
        int value = in.uint8();
        if (value >= Joined.Way.values().length) {
            throw in.error(Rule.STORED_STATE, "way " + value);
        }
        return Joined.Way.values()[value];
    }
}
