package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The secrets and keys of a new path (RFC 9420 §7.4), by its formulas. */
class PathKeysTest {
    /** Gives 0101.., 0202.. and so on, one draw after the other; draw {@code odd} gives something else. */
    private static SuiteCrypto drawing(int odd) {
        Randomness draws = new Randomness() {
            private int count;

            @Override
            public void fill(byte[] out) {
                count++;
                Arrays.fill(out, (byte) (count == odd ? 0x70 : count));
            }
        };
        return TreeFixture.crypto(TreeFixture.SUITE_1, draws);
    }

    private static Bytes deriveSecret(Bytes secret, String label) {
        // DeriveSecret is one block of HKDF-Expand here: HMAC(secret, KDFLabel ++ 0x01).
        SuiteCrypto crypto = drawing(0);
        Bytes info = new TlsWriter()
                .uint16(32)
                .vector(("MLS 1.0 " + label).getBytes(StandardCharsets.US_ASCII))
                .vector(new byte[0])
                .uint8(1)
                .toBytes();
        return crypto.mac(Secret.wrap(secret.toByteArray()), info);
    }

    private static Bytes exposed(Secret secret) {
        return Bytes.wrap(secret.exposeCopy());
    }

    @Test
    @Tag("R-7.4-02")
    @Tag("R-7.4-03")
    void eachSecretFollowsFromTheOneBelow() throws MlsException {
        SuiteCrypto crypto = drawing(0);
        try (PathBuilder.PathKeys keys = new PathBuilder.PathKeys(3, crypto)) {
            Bytes expected = exposed(keys.pathSecret(0));
            assertThat(expected.length()).isEqualTo(32);
            for (int i = 0; i < 3; i++) {
                assertThat(exposed(keys.pathSecret(i))).isEqualTo(expected);
                Bytes nodeSecret = deriveSecret(expected, "node");
                HpkeKeyPair pair = crypto.deriveHpkeKeyPair(Secret.wrap(nodeSecret.toByteArray()));
                assertThat(keys.pair(i).publicKey()).isEqualTo(pair.publicKey());
                expected = deriveSecret(expected, "path");
            }
            assertThat(exposed(keys.commitSecret())).isEqualTo(expected);
        }
    }

    @Test
    @Tag("R-7.4-02")
    @Tag("R-7.4-04")
    void theLeafKeyAndThePathSecretHaveRandomnessOfTheirOwn() {
        try (PathBuilder.PathKeys keys = new PathBuilder.PathKeys(2, drawing(0));
                PathBuilder.PathKeys otherLeaf = new PathBuilder.PathKeys(2, drawing(1));
                PathBuilder.PathKeys otherPath = new PathBuilder.PathKeys(2, drawing(2))) {
            assertThat(exposed(keys.pathSecret(0))).isEqualTo(Bytes.fromHex("02".repeat(32)));
            assertThat(otherLeaf.leafKey().publicKey())
                    .isNotEqualTo(keys.leafKey().publicKey());
            assertThat(otherLeaf.publicKeys()).isEqualTo(keys.publicKeys());
            assertThat(otherPath.leafKey().publicKey()).isEqualTo(keys.leafKey().publicKey());
            assertThat(otherPath.publicKeys()).doesNotContain(keys.publicKeys());
        }
    }

    @Test
    void closingWipesAllKeysAndWhatTheyCameFrom() {
        PathBuilder.PathKeys keys = new PathBuilder.PathKeys(2, drawing(0));
        keys.close();
        assertThat(keys.leafKey().privateKey().isClosed()).isTrue();
        assertThat(keys.commitSecret().isClosed()).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThat(keys.pathSecret(i).isClosed()).isTrue();
            assertThat(keys.pair(i).privateKey().isClosed()).isTrue();
        }
    }
}
