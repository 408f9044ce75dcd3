package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.state.RecordKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge of {@link SecretsInFilesTest} finds what must not be in a record: a library that left it there would be found out. */
class RecordLifetimesTest {
    private static final Bytes GROUP = Bytes.fromHex("67");
    /** Epoch 3 is the present one. */
    private static final RecordLifetimes.Stored PRESENT = ofGroup(new RecordKey.Epoch(3), new byte[20]);

    private final UsedSecrets secrets = new UsedSecrets(CryptoProviders.jdk());
    private final Hash hash = secrets.hash(HashAlgorithm.SHA_256).orElseThrow();

    private static byte[] fresh(int length) {
        return Randomness.system().bytes(length);
    }

    private byte[] derive(byte[] secret, String label) {
        TlsWriter input = new TlsWriter()
                .uint16(32)
                .vector(("MLS 1.0 " + label).getBytes(StandardCharsets.US_ASCII))
                .vector(Bytes.EMPTY)
                .uint8(1);
        byte[] in = input.toByteArray();
        byte[] out = new byte[32];
        hash.hmac(secret, in, 0, in.length, out, 0);
        // HMAC notes its key; what came out is noted whole as the key of the next.
        hash.hmac(out, new byte[0], 0, 0, new byte[32], 0);
        return out;
    }

    private void openMessage(byte[] key) {
        secrets.aead(AeadAlgorithm.AES_128_GCM).orElseThrow().seal(key, new byte[12], new byte[0], new byte[4], 0, 4);
    }

    private static RecordLifetimes.Stored ofGroup(RecordKey key, byte[] secret) {
        return new RecordLifetimes.Stored(space("group", GROUP), key.toBytes(), around(secret));
    }

    private static Bytes space(String name, Bytes of) {
        return new TlsWriter()
                .uint8(0)
                .vector(name.getBytes(StandardCharsets.UTF_8))
                .vector(of)
                .toBytes();
    }

    private static byte[] around(byte[] secret) {
        byte[] out = new byte[secret.length + 10];
        System.arraycopy(secret, 0, out, 7, secret.length);
        return out;
    }

    private Set<String> faults(RecordLifetimes.Stored... records) throws DecodeException {
        RecordLifetimes judge = new RecordLifetimes(secrets);
        judge.check(Arrays.asList(records));
        return judge.faults();
    }

    @Test
    void aKeyMayWaitForItsMessageAndIsGoneAfterIt() throws DecodeException {
        byte[] key = fresh(16);
        RecordLifetimes.Stored record = ofGroup(new RecordKey.MessageKey(3, 1, 1, 7), key);
        hash.hmac(key, new byte[0], 0, 0, new byte[32], 0); // known, and not used
        assertThat(faults(PRESENT, record)).isEmpty();
        openMessage(key);
        assertThat(faults(PRESENT, record)).singleElement().asString().contains("1 of " + UsedSecrets.AEAD_KEY);
    }

    @Test
    void aSecretOfTheTreeIsGoneOnceItsSuccessorsAreThere() throws DecodeException {
        byte[] node = fresh(32);
        RecordLifetimes.Stored record = ofGroup(new RecordKey.SecretNode(3, 1), node);
        hash.hmac(node, new byte[0], 0, 0, new byte[32], 0);
        assertThat(faults(PRESENT, record)).isEmpty();
        derive(node, "tree");
        assertThat(faults(PRESENT, record)).singleElement().asString().contains(UsedSecrets.SPENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"joiner", "welcome", "epoch", "path", "node", "derived psk"})
    void whatIsOfACallAloneIsInNoRecord(String label) throws DecodeException {
        byte[] derived = derive(fresh(32), label);
        assertThat(faults(ofGroup(new RecordKey.Epoch(3), derived)))
                .singleElement()
                .asString()
                .contains("1 of " + label);
    }

    @ParameterizedTest
    @ValueSource(strings = {"init", "exporter", "external", "confirm", "membership"})
    void oneEpochHasItsSecrets(String label) throws DecodeException {
        RecordLifetimes.Stored present = ofGroup(new RecordKey.Epoch(3), derive(fresh(32), label));
        RecordLifetimes.Stored past = ofGroup(new RecordKey.Epoch(2), derive(fresh(32), label));
        assertThat(faults(present)).isEmpty();
        assertThat(faults(present, past)).singleElement().asString().contains("2 of " + label);
        assertThat(faults(new RecordLifetimes.Stored(space("message", GROUP), Bytes.EMPTY, past.value())))
                .singleElement()
                .asString()
                .contains(label + " in message");
    }

    @Test
    void recordsOfAnEpochAreGoneAfterTwoMore() throws DecodeException {
        RecordLifetimes.Stored present = ofGroup(new RecordKey.Epoch(5), new byte[20]);
        for (RecordKey kept : ofMessages(3)) {
            assertThat(faults(present, ofGroup(kept, new byte[20]))).isEmpty();
        }
        for (RecordKey old : ofMessages(2)) {
            assertThat(faults(present, ofGroup(old, new byte[20]))).hasSize(1);
        }
    }

    private static List<RecordKey> ofMessages(long epoch) {
        return List.of(
                new RecordKey.Epoch(epoch),
                new RecordKey.SecretNode(epoch, 1),
                new RecordKey.Ratchet(epoch, 1, 1),
                new RecordKey.MessageKey(epoch, 1, 1, 7));
    }

    @Test
    void privateKeysAreWhereTheyBelong() throws DecodeException {
        byte[] key = secrets.diffieHellman(NamedCurve.X25519)
                .orElseThrow()
                .generate()
                .privateKey();
        assertThat(faults(ofGroup(new RecordKey.TreeKey(0), key))).isEmpty();
        assertThat(faults(ofGroup(new RecordKey.Epoch(3), key)))
                .singleElement()
                .asString()
                .contains(UsedSecrets.PRIVATE_KEY);
        assertThat(faults(new RecordLifetimes.Stored(space("key-package", Bytes.EMPTY), Bytes.EMPTY, around(key))))
                .isEmpty();
        assertThat(faults(new RecordLifetimes.Stored(space("message", Bytes.EMPTY), Bytes.EMPTY, around(key))))
                .hasSize(1);
    }
}
