package org.coppice.client.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** What a client keeps of a conversation beside the group: read, changed and saved within one unit of work. */
final class ConversationState {
    private static final int VERSION = 3;

    final Bytes groupId;
    ConversationStatus status;
    /** Why it is stuck or gone; empty otherwise. */
    String reason = "";
    /** The last entry of the log that was taken in. */
    long cursor;

    HandshakePolicy handshakes;
    /** The number that the next wish gets. */
    long nextWish = 1;
    /** When the own keys are to be refreshed, in milliseconds. */
    long refreshAt;

    int epochsSinceRefresh;
    int messagesSinceRefresh;
    /** When this client commits the proposals that wait, in milliseconds; 0 if none wait. */
    long commitAt;
    /** The day that {@link #rejoins} counts. */
    long rejoinDay;

    int rejoins;
    /** The first entry that could not be followed; 0 for none. */
    long missedFrom;
    /** Before when it does not rejoin by itself, in milliseconds; since version 2. */
    long rejoinAt;
    /** What it was called in the last epoch that this client was in; may be empty if that was before version 3. */
    String lastName = "";

    ConversationState(Bytes groupId, ConversationStatus status, HandshakePolicy handshakes) {
        this.groupId = groupId;
        this.status = status;
        this.handshakes = handshakes;
    }

    static Optional<ConversationState> find(Unit unit, Bytes groupId) {
        return unit.records().get(Spaces.CONVERSATIONS, groupId).map(stored -> decode(groupId, stored));
    }

    static List<ConversationState> all(Unit unit) {
        return unit.records().all(Spaces.CONVERSATIONS).stream()
                .map((StoreTransaction.Stored record) -> decode(record.key(), record.value()))
                .toList();
    }

    void save(Unit unit) {
        unit.records().put(Spaces.CONVERSATIONS, groupId, encoded());
    }

    /** Changes the status and tells so. */
    void become(Unit unit, ConversationStatus next, String why) {
        if (status != next || !reason.equals(why)) {
            status = next;
            reason = why;
            unit.tell(new ClientEvent.StatusChanged(groupId, next, why));
        }
    }

    private byte[] encoded() {
        return new TlsWriter(128)
                .uint8(VERSION)
                .uint8(status.ordinal())
                .vector(reason.getBytes(StandardCharsets.UTF_8))
                .uint64(cursor)
                .struct(handshakes)
                .uint64(nextWish)
                .uint64(refreshAt)
                .uint32(epochsSinceRefresh)
                .uint32(messagesSinceRefresh)
                .uint64(commitAt)
                .uint64(rejoinDay)
                .uint32(rejoins)
                .uint64(missedFrom)
                .uint64(rejoinAt)
                .vector(lastName.getBytes(StandardCharsets.UTF_8))
                .finish();
    }

    private static ConversationState decode(Bytes groupId, byte[] stored) {
        TlsReader in = new TlsReader(Bytes.wrap(stored), DecodeLimits.DEFAULT);
        try {
            int version = in.uint8();
            if (version < 1 || version > VERSION) {
                throw new StoreException(StoreException.Reason.UNKNOWN_VERSION, "a conversation of version " + version);
            }
            ConversationStatus status = ConversationStatus.values()[in.uint8()];
            String reason = Texts.read(in);
            long cursor = in.uint64();
            ConversationState out = new ConversationState(groupId, status, HandshakePolicy.decode(in));
            out.reason = reason;
            out.cursor = cursor;
            out.nextWish = in.uint64();
            out.refreshAt = in.uint64();
            out.epochsSinceRefresh = (int) in.uint32();
            out.messagesSinceRefresh = (int) in.uint32();
            out.commitAt = in.uint64();
            out.rejoinDay = in.uint64();
            out.rejoins = (int) in.uint32();
            out.missedFrom = in.uint64();
            out.rejoinAt = version < 2 ? 0 : in.uint64();
            out.lastName = version < 3 ? "" : Texts.read(in);
            in.expectEnd();
            if (out.cursor < 0 || out.missedFrom < 0 || out.nextWish < 1) {
                throw in.error(Rule.STORED_STATE, "a number that cannot be");
            }
            return out;
        } catch (DecodeException | IndexOutOfBoundsException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "a conversation cannot be read", e);
        }
    }
}
