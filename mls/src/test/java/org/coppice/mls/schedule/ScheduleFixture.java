package org.coppice.mls.schedule;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.SuiteParts;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.state.StateChange;

/** Suites, vectors and dumps that the tests of this package share. */
final class ScheduleFixture {
    static final Bytes GROUP = Bytes.fromHex("01");
    static final CryptoProvider PROVIDER = CryptoProviders.jdk();
    static final SuiteCrypto SUITE_1 = crypto(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519);

    private ScheduleFixture() {}

    static SuiteCrypto crypto(CipherSuite suite) {
        try {
            return SuiteCrypto.of(suite, PROVIDER, Randomness.system());
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    /** The suite over a hash that watches, from now on, what secrets are derived from. */
    static SuiteCrypto watched(SuiteCrypto crypto, WatchingHash hash) {
        SuiteParts parts = crypto.parts();
        SuiteCrypto out = new SuiteCrypto(
                new SuiteParts(parts.suite(), parts.kem(), hash, parts.aead(), parts.signatures()),
                crypto.randomness());
        // HPKE computes its constants at once.
        hash.reset();
        return out;
    }

    /** The official vectors of a family; the test is skipped where they are not at hand. */
    static JsonNode vectors(String family) throws IOException {
        String directory = System.getProperty("mls.vectors", "");
        Path file = Path.of(directory, family + ".json");
        assumeTrue(!directory.isEmpty() && Files.isRegularFile(file), "no official vectors in " + directory);
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    static SuiteCrypto crypto(JsonNode vector) {
        return crypto(new CipherSuite(vector.get("cipher_suite").asInt()));
    }

    static Bytes bytes(JsonNode object, String field) {
        return Bytes.fromHex(object.get(field).asText());
    }

    static Secret secret(JsonNode object, String field) {
        return Secret.wrap(bytes(object, field).toByteArray());
    }

    static Bytes exposed(Secret secret) {
        return Bytes.wrap(secret.exposeCopy());
    }

    /** A secret of Nh bytes that a seed determines. */
    static Secret seeded(SuiteCrypto crypto, long seed) {
        byte[] out = new byte[crypto.hashLength()];
        new Random(seed).nextBytes(out);
        return Secret.wrap(out);
    }

    /** All that a tree would store. */
    static Map<Bytes, Bytes> dump(SecretTree tree, long epoch) {
        Map<Bytes, Bytes> out = new TreeMap<>();
        try (StateChange change = changeOfAll(tree, epoch)) {
            change.puts().forEach(put -> out.put(put.key(), Bytes.copyOf(put.value())));
        }
        return out;
    }

    static StateChange changeOfAll(SecretTree tree, long epoch) {
        StateChange.Builder builder = StateChange.builder(GROUP);
        tree.recordAll(builder, epoch);
        return builder.build();
    }
}
