package org.coppice.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.junit.jupiter.api.Test;

class HistoryCodecTest {
    private static final HistoryEntry.Place PLACE = new HistoryEntry.Place(7, 1_800_000_000_000L, -1);
    private static final ClientId ALICE = ClientId.parse("alice/phone");
    private static final ClientId BOB = ClientId.parse("bob/phone");

    @Test
    void everyKindOfEntryComesBackAsItWas() throws DecodeException {
        MessageId id = new MessageId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));
        List<HistoryEntry> entries = List.of(
                new HistoryEntry.Message(PLACE, ALICE, Payload.text(id, 1, "hello")),
                new HistoryEntry.Change(
                        PLACE,
                        ALICE,
                        List.of(BOB),
                        List.of(ALICE),
                        List.of(),
                        List.of(),
                        List.of(BOB),
                        Optional.of("name")),
                new HistoryEntry.Change(
                        PLACE, ALICE, List.of(), List.of(), List.of(BOB), List.of(), List.of(), Optional.empty()),
                new HistoryEntry.Change(
                        PLACE, ALICE, List.of(), List.of(), List.of(), List.of(BOB), List.of(), Optional.empty()),
                new HistoryEntry.Joined(PLACE, HistoryEntry.Joined.Way.REJOINED, 3),
                new HistoryEntry.Joined(PLACE, HistoryEntry.Joined.Way.REJOINED, 3, List.of(BOB, ALICE), List.of(BOB)),
                new HistoryEntry.TakenBack(PLACE, 3),
                new HistoryEntry.Unreadable(PLACE, "STALE_EPOCH"));
        for (HistoryEntry entry : entries) {
            assertThat(HistoryCodec.decode(HistoryCodec.encode(entry))).isEqualTo(entry);
        }
        // One of each arm, so that a new one is not forgotten.
        assertThat(entries.stream().map(HistoryEntry::getClass).distinct().count())
                .isEqualTo(HistoryEntry.class.getPermittedSubclasses().length);
    }

    @Test
    void aChangeOfAFormerReleaseHasNobodyWhoLeft() throws DecodeException {
        TlsWriter former =
                new TlsWriter().uint8(2).uint64(7).uint64(1_800_000_000_000L).uint64(-1);
        former.struct(ALICE).list(List.of()).list(List.of(BOB)).list(List.of()).list(List.of());
        assertThat(HistoryCodec.decode(former.uint8(0).finish()))
                .isEqualTo(new HistoryEntry.Change(
                        PLACE, ALICE, List.of(), List.of(BOB), List.of(), List.of(), List.of(), Optional.empty()));
    }

    /** One change had two encodings: that of before, and that of a departure of nobody. */
    @Test
    void whatIsReadIsWrittenAgainByteForByte() throws DecodeException {
        TlsWriter former =
                new TlsWriter().uint8(2).uint64(7).uint64(1_800_000_000_000L).uint64(-1);
        former.struct(ALICE).list(List.of(BOB)).list(List.of()).list(List.of()).list(List.of());
        byte[] stored = former.uint8(0).finish();
        assertThat(HistoryCodec.encode(HistoryCodec.decode(stored))).isEqualTo(stored);
        TlsWriter departure =
                new TlsWriter().uint8(6).uint64(7).uint64(1_800_000_000_000L).uint64(-1);
        departure
                .struct(ALICE)
                .list(List.of(BOB))
                .list(List.of())
                .list(List.of())
                .list(List.of())
                .list(List.of());
        byte[] ofNobody = departure.uint8(0).finish();
        assertThatThrownBy(() -> HistoryCodec.decode(ofNobody)).isInstanceOf(DecodeException.class);
    }

    @Test
    void whatIsNoHistoryIsRefused() {
        byte[] encoded = HistoryCodec.encode(new HistoryEntry.Unreadable(PLACE, "X"));
        encoded[0] = 99;
        assertThatThrownBy(() -> HistoryCodec.decode(encoded)).isInstanceOf(DecodeException.class);
        byte[] joined = HistoryCodec.encode(new HistoryEntry.Joined(PLACE, HistoryEntry.Joined.Way.ADDED, 0));
        joined[25] = 9;
        assertThatThrownBy(() -> HistoryCodec.decode(joined)).isInstanceOf(DecodeException.class);
    }

    /** They were read with replacement characters, and would have been written again as something else. */
    @Test
    void aTextThatIsNoUtf8IsRefused() {
        byte[] unreadable = HistoryCodec.encode(new HistoryEntry.Unreadable(PLACE, "X"));
        unreadable[unreadable.length - 1] = (byte) 0x8a;
        assertThatThrownBy(() -> HistoryCodec.decode(unreadable)).isInstanceOf(DecodeException.class);
        MessageId id = new MessageId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));
        byte[] payload = new Payload(id, 1, "X", Bytes.EMPTY, List.of()).encoded();
        payload[payload.length - 3] = (byte) 0x8a;
        Decoder<Payload> decoder = Payload::decode;
        assertThatThrownBy(() -> decoder.decodeAll(payload)).isInstanceOf(DecodeException.class);
    }
}
