package org.coppice.testkit.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.SeededRandomness;
import org.coppice.testkit.golden.GoldenState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to stored bytes, loading them ends in a group or in a typed refusal, never in anything else. */
class DamagedStateTest {
    private static final int TRIES = 600;

    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void anObserverLoadsOrRefuses(String seed) throws Exception {
        GoldenState golden = suite1();
        Environment environment = GoldenState.environment(CryptoProviders.jdk(), Randomness.system(), golden.time())
                .build();
        SeededRandomness random = new SeededRandomness(seed);
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            Map<Bytes, byte[]> damaged = damage(golden.records("group/observer"), random);
            try {
                PublicGroup.load(environment, damaged);
            } catch (MlsException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + ", try " + i, e);
            }
        }
        assertThat(refused).isBetween(TRIES / 2, TRIES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void aMemberLoadsOrRefuses(String seed) throws Exception {
        GoldenState golden = suite1();
        MlsClient ada = golden.client("ada", CryptoProviders.jdk());
        InMemoryStateStore store = new InMemoryStateStore();
        MlsClient client = MlsClient.of(
                ada.environment().toBuilder().store(store).build(),
                golden.suite(),
                Credential.basic(Bytes.fromHex("616461")),
                ada.signer());
        Bytes id = golden.bytes("group/id");
        SeededRandomness random = new SeededRandomness(seed);
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            StateChange.Builder changes = StateChange.builder(id).deleteGroup();
            damage(golden.records("group/ada"), random).forEach(changes::put);
            store.apply(changes.build());
            try {
                client.load(id).close();
            } catch (MlsException e) {
                refused++;
            } catch (IllegalArgumentException e) {
                // The signer of a signature key is the caller's to bring, as is a client of the right cipher suite.
                assertThat(e.getMessage()).as("seed %s, try %s", seed, i).containsPattern("signer|cipher suite");
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + ", try " + i, e);
            }
        }
        assertThat(refused).isBetween(TRIES / 10, TRIES);
    }

    /** But for a pre-shared key, whose record is nothing else. */
    @Test
    void aRecordEndsWhereItsLastFieldDoes() throws Exception {
        GoldenState golden = suite1();
        MlsClient ada = golden.client("ada", CryptoProviders.jdk());
        Bytes id = golden.bytes("group/id");
        Map<Bytes, Bytes> whole = golden.records("group/ada");
        for (Bytes key : whole.keySet()) {
            put(ada, id, key, longer(whole.get(key)));
            if (!RecordKind.RESUMPTION_PSK.matches(key)) {
                assertTooLong(key, () -> ada.load(id));
            }
            put(ada, id, key, whole.get(key).toByteArray());
        }
    }

    @Test
    void aRecordOfAnObserverEndsWhereItsLastFieldDoes() throws Exception {
        GoldenState golden = suite1();
        Environment environment = GoldenState.environment(CryptoProviders.jdk(), Randomness.system(), golden.time())
                .build();
        Map<Bytes, Bytes> whole = golden.records("group/observer");
        for (Bytes key : whole.keySet()) {
            Map<Bytes, byte[]> records = new TreeMap<>();
            whole.forEach((other, value) -> records.put(other, value.toByteArray()));
            records.put(key, longer(whole.get(key)));
            assertTooLong(key, () -> PublicGroup.load(environment, records));
        }
    }

    private static byte[] longer(Bytes value) {
        return Arrays.copyOf(value.toByteArray(), value.length() + 1);
    }

    private static void assertTooLong(Bytes key, ThrowingCallable load) throws DecodeException {
        assertThatThrownBy(load)
                .as("%s", RecordKey.parse(key))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.TRAILING_BYTES));
    }

    /** An undo record that changes nothing: the past tree would be the present one. */
    @Test
    void aPastTreeIsThatOfItsEpoch() throws Exception {
        GoldenState golden = suite1();
        MlsClient ada = golden.client("ada", CryptoProviders.jdk());
        Bytes id = golden.bytes("group/id");
        long size = ada.load(id).state().tree().size();
        for (Bytes key : golden.records("group/ada").keySet()) {
            if (RecordKind.UNDO.matches(key)) {
                put(ada, id, key, new TlsWriter().uint64(size).uint8(0).uint8(0).toByteArray());
            }
        }
        assertThatThrownBy(() -> ada.load(id))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    @Test
    void aStatusThatNoGroupHasIsRefused() throws Exception {
        GoldenState golden = suite1();
        MlsClient ada = golden.client("ada", CryptoProviders.jdk());
        Bytes id = golden.bytes("group/id");
        Bytes key = new RecordKey.Group().toBytes();
        byte[] header = golden.records("group/ada").get(key).toByteArray();
        // After the version and the suite.
        header[4] = (byte) GroupStatus.values().length;
        put(ada, id, key, header);
        assertThatThrownBy(() -> ada.load(id))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    @Test
    void anotherProposalInThePlaceOfTheReInitIsRefused() throws Exception {
        GoldenState golden = suite1();
        MlsClient ada = golden.client("ada", CryptoProviders.jdk());
        Bytes id = golden.bytes("group/id");
        Bytes key = new RecordKey.Group().toBytes();
        byte[] header = golden.records("group/ada").get(key).toByteArray();
        assertThat(header[header.length - 1]).as("a group without ReInit").isZero();
        TlsWriter damaged = new TlsWriter().raw(Bytes.wrap(Arrays.copyOf(header, header.length - 1)));
        damaged.uint8(1).struct(new Proposal.Remove(new LeafIndex(1)));
        put(ada, id, key, damaged.toByteArray());
        assertThatThrownBy(() -> ada.load(id))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    private static void put(MlsClient client, Bytes group, Bytes key, byte[] value) {
        StateChange.Builder changes = StateChange.builder(group);
        changes.put(key, value);
        client.environment().store().apply(changes.build());
    }

    private static GoldenState suite1() throws IOException {
        return GoldenStateTest.recorded().get(0);
    }

    /** Turns, cuts, grows, drops or moves one record. */
    private static Map<Bytes, byte[]> damage(Map<Bytes, Bytes> records, SeededRandomness random) {
        Map<Bytes, byte[]> out = new TreeMap<>();
        records.forEach((key, value) -> out.put(key, value.toByteArray()));
        List<Bytes> keys = new ArrayList<>(out.keySet());
        Bytes key = keys.get(random.below(keys.size()));
        byte[] value = out.get(key);
        switch (random.below(5)) {
            case 0 -> out.remove(key);
            case 1 -> out.put(key, Arrays.copyOf(value, random.below(value.length + 1)));
            case 2 -> out.put(key, Arrays.copyOf(value, value.length + 1 + random.below(3)));
            case 3 -> {
                // Kind or lowest digit: a node index far outside makes a huge tree of blanks, whose hash takes its
                // time.
                byte[] moved = key.toByteArray();
                moved[random.chance(50) ? 0 : moved.length - 1] ^= (byte) (1 << random.below(8));
                out.remove(key);
                out.put(Bytes.wrap(moved), value);
            }
            default -> value[random.below(Math.max(1, value.length))] ^= (byte) (1 << random.below(8));
        }
        return out;
    }
}
