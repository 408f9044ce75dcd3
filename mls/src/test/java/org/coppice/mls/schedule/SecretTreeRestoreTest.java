package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.TreeUser.APP;
import static org.coppice.mls.schedule.TreeUser.EPOCH;
import static org.coppice.mls.schedule.TreeUser.HS;

import java.util.Arrays;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodedArrays;
import org.coppice.mls.codec.DecodedSecrets;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Reachable;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.state.RecordKey;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A stored tree goes on where it was, and a damaged one is refused. */
class SecretTreeRestoreTest {
    private static final byte[] SECRET = new TlsWriter().vector(new byte[32]).toByteArray();

    @Test
    void recordsOfOtherKindsAndEpochsArePassedOver() throws Exception {
        try (TreeUser user = used()) {
            Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
            records.put(new RecordKey.Group().toBytes(), new byte[] {1});
            records.put(new RecordKey.Epoch(EPOCH).toBytes(), new byte[0]);
            records.put(new RecordKey.SecretNode(EPOCH + 1, 3).toBytes(), SECRET);
            records.put(new RecordKey.Ratchet(EPOCH + 1, 0, 0).toBytes(), SECRET);
            records.put(new RecordKey.MessageKey(EPOCH - 1, 3, 1, 0).toBytes(), SECRET);
            records.put(Bytes.fromHex("ff00"), SECRET);
            try (SecretTree restored = SecretTree.restore(4, EPOCH, records, SUITE_1)) {
                assertThat(ScheduleFixture.dump(restored, EPOCH)).isEqualTo(user.dump());
            }
        }
    }

    @Test
    void restoredTreeHasItsOwnCopies() throws Exception {
        try (TreeUser user = used()) {
            Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
            try (SecretTree restored = SecretTree.restore(4, EPOCH, records, SUITE_1)) {
                records.values().forEach(value -> Arrays.fill(value, (byte) 0));
                assertThat(ScheduleFixture.dump(restored, EPOCH)).isEqualTo(user.dump());
            }
        }
    }

    /** A record that grew is read whole before it is refused, and those before it are, too. */
    @Test
    @Tag("R-9.2-01")
    void aTreeThatIsRefusedLeavesNothingOfWhatWasRead() throws Exception {
        try (TreeUser user = used()) {
            for (Bytes key : user.stored().keySet()) {
                Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
                records.compute(key, (k, value) -> Arrays.copyOf(value, value.length + 1));
                DecodedSecrets decoded = new DecodedSecrets();
                try (decoded) {
                    StoredSecretTree tree = new StoredSecretTree(EPOCH, SUITE_1, decoded);
                    assertThatThrownBy(() -> tree.read(4, records)).isInstanceOf(DecodeException.class);
                    assertThat(DecodedArrays.of(decoded)).isNotEmpty().noneMatch(DecodedArrays::isWiped);
                }
                assertThat(DecodedArrays.of(decoded)).allMatch(DecodedArrays::isWiped);
            }
        }
    }

    @Test
    @Tag("R-9.2-01")
    void allThatIsReadIsKnownToWhoWipesIt() throws Exception {
        try (TreeUser user = used();
                DecodedSecrets decoded = new DecodedSecrets()) {
            StoredSecretTree tree = new StoredSecretTree(EPOCH, SUITE_1, decoded);
            tree.read(4, user.store.load(ScheduleFixture.GROUP));
            // One node, two ratchets, and a skipped message's key and nonce at least.
            assertThat(Reachable.secretsOf(tree))
                    .hasSizeGreaterThanOrEqualTo(5)
                    .hasSameSizeAs(DecodedArrays.of(decoded));
        }
    }

    @Test
    void anyMissingRecordButThatOfASkippedKeyIsNoticed() throws Exception {
        try (TreeUser user = used()) {
            for (Bytes key : user.stored().keySet()) {
                Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
                records.remove(key);
                if (RecordKey.parse(key) instanceof RecordKey.MessageKey) {
                    // As if it had been used: nothing tells the difference.
                    SecretTree.restore(4, EPOCH, records, SUITE_1).close();
                } else {
                    refused(records);
                }
            }
        }
    }

    /** A store that brings deleted records back would undo forward secrecy, or give one key twice. */
    @Test
    void anyRecordThatCameBackIsNoticed() throws Exception {
        try (TreeUser user = used()) {
            comesBack(user, new RecordKey.SecretNode(EPOCH, 3), SECRET);
            comesBack(user, new RecordKey.SecretNode(EPOCH, 5), SECRET);
            comesBack(user, new RecordKey.SecretNode(EPOCH, 6), SECRET);
            comesBack(user, new RecordKey.SecretNode(EPOCH, 0), SECRET);
            comesBack(user, new RecordKey.SecretNode(EPOCH, 7), SECRET);
            comesBack(user, new RecordKey.SecretNode(EPOCH, 8), SECRET);
            comesBack(user, new RecordKey.SecretNode(EPOCH, -1), SECRET);
            byte[] position = new TlsWriter().uint64(0).vector(new byte[32]).toByteArray();
            comesBack(user, new RecordKey.Ratchet(EPOCH, 0, 0), position);
            comesBack(user, new RecordKey.Ratchet(EPOCH, 4, 0), position);
            comesBack(user, new RecordKey.Ratchet(EPOCH, 3, 2), position);
            byte[] key = new TlsWriter()
                    .uint64(9)
                    .vector(new byte[16])
                    .vector(new byte[12])
                    .toByteArray();
            comesBack(user, new RecordKey.MessageKey(EPOCH, 3, 1, 3), key);
            comesBack(user, new RecordKey.MessageKey(EPOCH, 0, 1, 0), key);
            comesBack(user, new RecordKey.MessageKey(EPOCH, 3, 2, 0), key);
        }
    }

    /** Sizes that add up do not hide an overlap or a node from outside. */
    @Test
    void recordsThatOnlySeemToCoverTheTreeAreRefused() throws Exception {
        try (TreeUser user = used()) {
            Map<Bytes, byte[]> overlap = user.store.load(ScheduleFixture.GROUP);
            overlap.remove(new RecordKey.SecretNode(EPOCH, 1).toBytes());
            overlap.put(new RecordKey.SecretNode(EPOCH, 5).toBytes(), SECRET);
            refused(overlap);
            Map<Bytes, byte[]> outside = user.store.load(ScheduleFixture.GROUP);
            outside.remove(new RecordKey.SecretNode(EPOCH, 1).toBytes());
            outside.put(new RecordKey.SecretNode(EPOCH, -1).toBytes(), SECRET);
            outside.put(new RecordKey.SecretNode(EPOCH, 2).toBytes(), SECRET);
            refused(outside);
        }
    }

    private static void comesBack(TreeUser user, RecordKey key, byte[] value) {
        Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
        assertThat(records.put(key.toBytes(), value)).isNull();
        refused(records);
    }

    @Test
    void anyDamagedRecordIsNoticed() throws Exception {
        try (TreeUser user = used()) {
            for (Bytes key : user.stored().keySet()) {
                byte[] value = user.store.load(ScheduleFixture.GROUP).get(key);
                for (int length = 0; length <= value.length + 1; length++) {
                    if (length != value.length) {
                        Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
                        records.put(key, Arrays.copyOf(value, length));
                        refused(records);
                    }
                }
            }
            Map<Bytes, byte[]> nonce = user.store.load(ScheduleFixture.GROUP);
            nonce.put(
                    new RecordKey.MessageKey(EPOCH, 3, 1, 0).toBytes(),
                    new TlsWriter()
                            .uint64(0)
                            .vector(new byte[16])
                            .vector(new byte[13])
                            .toByteArray());
            refused(nonce);
            Bytes ratchet = new RecordKey.Ratchet(EPOCH, 3, 1).toBytes();
            for (long generation : new long[] {-1, (1L << 32) + 1, 1L << 32}) {
                Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
                records.put(
                        ratchet,
                        new TlsWriter().uint64(generation).vector(new byte[32]).toByteArray());
                refused(records);
            }
        }
    }

    @Test
    void treeOfAnotherSizeOrSuiteIsRefused() throws Exception {
        try (TreeUser user = used()) {
            Map<Bytes, byte[]> records = user.store.load(ScheduleFixture.GROUP);
            for (long leaves : new long[] {1, 2, 8}) {
                assertThatThrownBy(() -> SecretTree.restore(leaves, EPOCH, records, SUITE_1))
                        .isInstanceOf(DecodeException.class);
            }
            assertThatThrownBy(() -> SecretTree.restore(4, EPOCH + 1, records, SUITE_1))
                    .isInstanceOf(DecodeException.class);
            try (TreeUser fresh = new TreeUser(SUITE_1, 4, 1)) {
                assertThatThrownBy(() -> SecretTree.restore(
                                4,
                                EPOCH,
                                fresh.store.load(ScheduleFixture.GROUP),
                                ScheduleFixture.crypto(new CipherSuite(7))))
                        .isInstanceOf(DecodeException.class);
            }
            for (CipherSuite suite : new CipherSuite[] {new CipherSuite(3), new CipherSuite(7)}) {
                assertThatThrownBy(() -> SecretTree.restore(4, EPOCH, records, ScheduleFixture.crypto(suite)))
                        .isInstanceOf(DecodeException.class);
            }
        }
    }

    /** Nodes 1 and 4, both ratchets of leaf 3, and three skipped keys. */
    private static TreeUser used() throws ValidationException {
        TreeUser user = new TreeUser(SUITE_1, 4, 1);
        user.receive(3, APP, 2);
        user.receive(3, HS, 1);
        assertThat(user.stored()).hasSize(2 + 2 + 3);
        return user;
    }

    private static void refused(Map<Bytes, byte[]> records) {
        assertThatThrownBy(() -> SecretTree.restore(4, EPOCH, records, SUITE_1)).isInstanceOf(DecodeException.class);
    }
}
