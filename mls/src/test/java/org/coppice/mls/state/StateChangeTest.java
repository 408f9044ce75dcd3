package org.coppice.mls.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.junit.jupiter.api.Test;

class StateChangeTest {
    private static final Bytes GROUP = Bytes.fromHex("aabb");
    private static final Bytes K1 = Bytes.fromHex("0101");
    private static final Bytes K2 = Bytes.fromHex("0202");

    @Test
    void laterEntryTakesThePlaceOfAnEarlierOneAndWipesIt() {
        byte[] first = {1, 2, 3};
        byte[] second = {4, 5, 6};
        byte[] third = {7};
        StateChange.Builder builder =
                StateChange.builder(GROUP).put(K1, first).put(K1, second).put(K2, third);
        assertThat(first).containsOnly(0);
        builder.delete(K2);
        assertThat(third).containsOnly(0);
        try (StateChange change = builder.build()) {
            assertThat(change.puts()).hasSize(1);
            assertThat(change.puts().get(0).key()).isEqualTo(K1);
            assertThat(change.puts().get(0).value()).isSameAs(second);
            assertThat(change.deletes()).containsExactly(K2);
        }
    }

    @Test
    void putAfterDeleteWritesAgain() {
        try (StateChange change =
                StateChange.builder(GROUP).delete(K1).put(K1, new byte[] {9}).build()) {
            assertThat(change.deletes()).isEmpty();
            assertThat(change.puts()).hasSize(1);
        }
    }

    @Test
    void deletingTheGroupDropsWhatWasPutBeforeAndKeepsWhatComesAfter() {
        byte[] before = {1};
        try (StateChange change = StateChange.builder(GROUP)
                .put(K1, before)
                .deleteGroup()
                .delete(Bytes.fromHex("0303"))
                .put(K2, new byte[] {2})
                .build()) {
            assertThat(before).containsOnly(0);
            assertThat(change.deletesGroup()).isTrue();
            assertThat(change.deletes()).isEmpty();
            assertThat(change.puts()).extracting(StateChange.Put::key).containsExactly(K2);
        }
    }

    @Test
    void closingWipesAllValues() {
        byte[] value = {1, 2, 3};
        StateChange change = StateChange.builder(GROUP).put(K1, value).build();
        assertThat(change.isClosed()).isFalse();
        change.close();
        change.close();
        assertThat(value).containsOnly(0);
        assertThat(change.isClosed()).isTrue();
        assertThatThrownBy(change::exposeEncoded).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingABuilderWipesWhatWasNotBuilt() {
        byte[] value = {1, 2, 3};
        StateChange.Builder builder = StateChange.builder(GROUP).put(K1, value);
        builder.close();
        assertThat(value).containsOnly(0);
        assertThat(builder.isEmpty()).isTrue();
    }

    @Test
    void builderIsEmptyAfterBuildingAndLeavesTheChangeAlone() {
        StateChange.Builder builder = StateChange.builder(GROUP).put(K1, new byte[] {1});
        try (StateChange change = builder.build()) {
            builder.close();
            assertThat(change.puts().get(0).value()).containsExactly(1);
            assertThat(builder.build().isEmpty()).isTrue();
        }
    }

    @Test
    void printsCountsAndSizesButNoValue() {
        try (StateChange change = StateChange.builder(GROUP)
                .put(K1, new byte[] {0x5a, 0x5b, 0x5c})
                .delete(K2)
                .build()) {
            assertThat(change.toString())
                    .contains("put 1 (3 bytes)", "delete 1")
                    .doesNotContain("5a", "90");
            assertThat(change.puts().toString()).contains("3 bytes").doesNotContain("5a", "90");
        }
    }

    @Test
    void encodedChangeReadsBack() throws DecodeException {
        byte[] encoded;
        try (StateChange change = sample()) {
            encoded = change.exposeEncoded();
        }
        byte[] input = encoded.clone();
        try (StateChange read = StateChange.decode(input)) {
            // The log's buffer may be wiped and used again.
            Arrays.fill(input, (byte) -1);
            assertThat(read.groupId()).isEqualTo(GROUP);
            assertThat(read.deletesGroup()).isFalse();
            assertThat(read.deletes()).containsExactly(K2);
            assertThat(read.puts().get(0).key()).isEqualTo(K1);
            assertThat(read.puts().get(0).value()).containsExactly(1, 2);
            assertThat(read.puts().get(1).value()).isEmpty();
            assertThat(read.exposeEncoded()).isEqualTo(encoded);
        }
        try (StateChange all = StateChange.builder(GROUP).deleteGroup().build();
                StateChange read = StateChange.decode(all.exposeEncoded())) {
            assertThat(read.deletesGroup()).isTrue();
        }
    }

    @Test
    void encodingIsTheDocumentedOne() {
        try (StateChange change = sample()) {
            assertThat(Bytes.wrap(change.exposeEncoded()).toHex())
                    .isEqualTo("01" + "02aabb" + "00" + "03" + "020202" + "0a" + "020101" + "020102" + "020303" + "00");
        }
    }

    @Test
    void refusesWhatIsNoEncodedChange() {
        byte[] encoded;
        try (StateChange change = sample()) {
            encoded = change.exposeEncoded();
        }
        for (int i = 0; i < encoded.length; i++) {
            byte[] cut = Arrays.copyOf(encoded, i);
            assertThatThrownBy(() -> StateChange.decode(cut)).isInstanceOf(DecodeException.class);
        }
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThatThrownBy(() -> StateChange.decode(longer)).isInstanceOf(DecodeException.class);
        byte[] newer = encoded.clone();
        newer[0] = 2;
        assertThatThrownBy(() -> StateChange.decode(newer))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    /** Such a change was taken once, and written again as another. */
    @Test
    void refusesAnEncodedChangeThatNamesARecordTwice() {
        String head = "01" + "02aabb";
        for (String encoded : List.of(
                head + "00" + "06" + "020202" + "020202" + "00",
                head + "00" + "00" + "0a" + "020101" + "0107" + "020101" + "0108",
                head + "00" + "03" + "020202" + "05" + "020202" + "0107",
                head + "01" + "03" + "020202" + "00")) {
            byte[] change = Bytes.fromHex(encoded).toByteArray();
            assertThatThrownBy(() -> StateChange.decode(change))
                    .as(encoded)
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
        }
    }

    private static StateChange sample() {
        return StateChange.builder(GROUP)
                .put(K1, new byte[] {1, 2})
                .delete(K2)
                .put(Bytes.fromHex("0303"), new byte[0])
                .build();
    }
}
