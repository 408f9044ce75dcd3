package org.coppice.mls.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;
import org.junit.jupiter.api.Test;

class RecordKeyTest {
    private static final Bytes ID = Bytes.fromHex("c0ffee");

    private static final List<RecordKey> ONE_OF_EACH = List.of(
            new RecordKey.Group(),
            new RecordKey.Epoch(0x0102030405060708L),
            new RecordKey.TreeNode(0x1_0000_0003L),
            new RecordKey.TreeKey(4),
            new RecordKey.SecretNode(5, 6),
            new RecordKey.Ratchet(7, 0xffff_ffffL, 1),
            new RecordKey.MessageKey(-1, 8, 0, 0xffff_fffeL),
            new RecordKey.Proposal(9, ID),
            new RecordKey.PendingCommit(ID),
            new RecordKey.Undo(10),
            new RecordKey.ResumptionPsk(11),
            new RecordKey.UpdateKey(ID),
            new RecordKey.Observer());

    /** Stored keys outlive releases: a change here breaks every store and needs a new format version. */
    @Test
    void keysHaveTheDocumentedBytes() {
        assertThat(ONE_OF_EACH)
                .extracting(key -> key.toBytes().toHex())
                .containsExactly(
                        "01",
                        "020102030405060708",
                        "030000000100000003",
                        "040000000000000004",
                        "0500000000000000050000000000000006",
                        "060000000000000007ffffffff01",
                        "07ffffffffffffffff0000000800fffffffe",
                        "080000000000000009c0ffee",
                        "09c0ffee",
                        "0a000000000000000a",
                        "0b000000000000000b",
                        "0cc0ffee",
                        "0d");
        assertThat(RecordKey.FORMAT_VERSION).isEqualTo(1);
    }

    @Test
    void everyKindReadsBack() throws DecodeException {
        assertThat(ONE_OF_EACH).extracting(RecordKey::kind).containsExactly(RecordKind.values());
        assertThat(RecordKey.class.getPermittedSubclasses()).hasSameSizeAs(ONE_OF_EACH);
        for (RecordKey key : ONE_OF_EACH) {
            Bytes bytes = key.toBytes();
            assertThat(RecordKey.parse(bytes)).isEqualTo(key);
            assertThat(key.kind().matches(bytes)).isTrue();
            assertThat(bytes.slice(0, 1)).isEqualTo(key.kind().prefix());
        }
    }

    @Test
    void recordsOfOneKindAndEpochAreNeighboursInOrderOfTheirNumbers() {
        Random random = new Random(1);
        List<RecordKey> expected = new ArrayList<>();
        for (long epoch : new long[] {0, 1, 255, 256, 1L << 32, -2, -1}) {
            for (long leaf : new long[] {0, 255, 65536, 0x8000_0000L, 0xffff_ffffL}) {
                expected.add(new RecordKey.Ratchet(epoch, leaf, 0));
                expected.add(new RecordKey.Ratchet(epoch, leaf, 1));
            }
        }
        List<RecordKey> shuffled = new ArrayList<>(expected);
        Collections.shuffle(shuffled, random);
        shuffled.sort((a, b) -> a.toBytes().compareTo(b.toBytes()));
        assertThat(shuffled).isEqualTo(expected);
        assertThat(expected.get(11).toBytes().slice(0, 9)).isEqualTo(RecordKind.RATCHET.prefix(1));
    }

    @Test
    void refusesUnknownKindsAndWrongLengths() {
        for (RecordKey key : ONE_OF_EACH) {
            byte[] bytes = key.toBytes().toByteArray();
            boolean open = key instanceof RecordKey.Proposal
                    || key instanceof RecordKey.PendingCommit
                    || key instanceof RecordKey.UpdateKey;
            if (!open) {
                for (int length = 0; length < bytes.length; length++) {
                    refused(Arrays.copyOf(bytes, length));
                }
                refused(Arrays.copyOf(bytes, bytes.length + 1));
            }
        }
        refused(new byte[] {0});
        refused(new byte[] {14});
        refused(new byte[] {(byte) 0xff});
    }

    private static void refused(byte[] key) {
        assertThatThrownBy(() -> RecordKey.parse(Bytes.copyOf(key))).isInstanceOf(DecodeException.class);
    }
}
