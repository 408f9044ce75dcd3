package org.coppice.cli.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.client.model.HistoryEntry;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

/** A change of a conversation in one line, and as an object. */
class HistoryTextTest {
    private static final ClientId ALICE = ClientId.parse("alice/phone");
    private static final ClientId BOB = ClientId.parse("bob/phone");
    private static final ClientId CAROL = ClientId.parse("carol/phone");
    private static final ClientId DAVE = ClientId.parse("dave/phone");

    private static HistoryEntry.Change change(List<ClientId> added, List<ClientId> removed, List<ClientId> left) {
        return new HistoryEntry.Change(
                new HistoryEntry.Place(7, 1_800_000_000_000L, 4),
                ALICE,
                added,
                removed,
                left,
                List.of(),
                List.of(),
                Optional.empty());
    }

    private static String line(ClientId reader, HistoryEntry.Change change) {
        return new HistoryText(reader, new People(List.of()), false).line(change);
    }

    @Test
    void whoLeavesIsNotRemovedByWhoCommitsIt() {
        HistoryEntry.Change change = change(List.of(), List.of(), List.of(BOB));
        assertThat(line(ALICE, change)).endsWith("── bob left  · epoch 5");
        assertThat(line(BOB, change)).endsWith("── you left  · epoch 5");
        assertThat(line(CAROL, change(List.of(), List.of(), List.of(BOB, DAVE))))
                .endsWith("── bob, dave left  · epoch 5");
    }

    @Test
    void whatTheCommitterDidBesidesIsItsOwn() {
        assertThat(line(CAROL, change(List.of(DAVE), List.of(), List.of(BOB))))
                .endsWith("── + dave  by alice, bob left  · epoch 5");
        assertThat(line(CAROL, change(List.of(), List.of(BOB), List.of()))).endsWith("── − bob  by alice  · epoch 5");
        assertThat(line(ALICE, change(List.of(), List.of(), List.of())))
                .endsWith("── keys refreshed  by you  · epoch 5");
    }

    @Test
    void timesSayAsMuchAsTheReaderNeeds() {
        Instant said = Instant.parse("2026-11-24T09:05:00Z");
        HistoryEntry.Unreadable entry =
                new HistoryEntry.Unreadable(new HistoryEntry.Place(7, said.toEpochMilli(), 4), "X");
        Map<String, String> shown = Map.of(
                "2026-11-24T23:00:00Z", "09:05  ",
                "2026-11-25T00:00:00Z", "11-24 09:05  ",
                "2027-01-01T00:00:00Z", "2026-11-24 09:05  ");
        shown.forEach((now, time) -> {
            Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
            assertThat(new HistoryText(ALICE, new People(List.of()), false, clock).line(entry))
                    .startsWith(time + "!");
        });
    }

    @Test
    void whoIsBackReadsWhoseKeysAreOthers() {
        HistoryEntry.Joined joined = new HistoryEntry.Joined(
                new HistoryEntry.Place(7, 1_800_000_000_000L, 4),
                HistoryEntry.Joined.Way.REJOINED,
                3,
                List.of(BOB, CAROL),
                List.of(BOB));
        assertThat(new HistoryText(ALICE, new People(List.of()), false).line(joined))
                .endsWith(
                        "── you are back, without what was said meanwhile; keys you did not know: bob (was verified), carol,"
                                + " compare again  · epoch 4");
        var json = HistoryJson.of(Bytes.EMPTY, joined, ALICE, new People(List.of()));
        assertThat(json.at("/new_keys/1").asText()).isEqualTo("carol/phone");
        assertThat(json.at("/compared_before/0").asText()).isEqualTo("bob/phone");
        assertThat(json.path("compared_before")).hasSize(1);
    }

    @Test
    void programsAreToldApartWhoLeftAndWhoWasRemoved() {
        var json = HistoryJson.of(
                Bytes.EMPTY, change(List.of(), List.of(CAROL), List.of(BOB)), ALICE, new People(List.of()));
        assertThat(json.at("/left/0").asText()).isEqualTo("bob/phone");
        assertThat(json.at("/removed/0").asText()).isEqualTo("carol/phone");
        assertThat(json.path("removed")).hasSize(1);
    }
}
