package org.coppice.testkit.heap;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.crypto.ExtendedDigest;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is looked for is what a provider would keep. */
class SecretFormsTest {
    /** FIPS 180-4 §5.3: the words that a hash begins with, of which the first and the last are here. */
    @ParameterizedTest
    @CsvSource({
        "32, 6a09e667, 5be0cd19",
        "48, cbbb9d5dc1059ed8, 47b5481dbefa4fa4",
        "64, 6a09e667f3bcc908, 5be0cd19137e2179"
    })
    void theStateOfAHashIsItsEightWords(int length, String first, String last) {
        ExtendedDigest hash = SecretForms.hashOf(length).orElseThrow();
        String state = Bytes.wrap(SecretForms.stateOf(hash)).toHex();
        assertThat(state).startsWith(first).endsWith(last).hasSize(8 * first.length());
        hash.update(new byte[hash.getByteLength()], 0, hash.getByteLength());
        assertThat(Bytes.wrap(SecretForms.stateOf(hash)).toHex()).isNotEqualTo(state);
    }
}
