package org.coppice.mls.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.coppice.mls.error.DecodeException;
import org.junit.jupiter.api.Test;

class DecodedSecretsTest {
    /** Two secrets, the second in a vector. */
    private static final Bytes INPUT = Bytes.fromHex("02aabb" + "0302ccdd" + "01ee");

    private static byte[] readAll(TlsReader in) throws DecodeException {
        byte[] first = in.secret();
        byte[] second = in.sub().secret();
        return new byte[] {first[0], first[1], second[0], second[1]};
    }

    @Test
    void wipesWhatAllItsReadersRead() throws DecodeException {
        DecodedSecrets decoded = new DecodedSecrets();
        try (decoded) {
            TlsReader in = decoded.reader(INPUT, DecodeLimits.DEFAULT);
            assertThat(Bytes.wrap(readAll(in))).isEqualTo(Bytes.fromHex("aabbccdd"));
            assertThat(in.vector()).isEqualTo(Bytes.fromHex("ee"));
            decoded.reader(INPUT, DecodeLimits.DEFAULT).secret();
            assertThat(DecodedArrays.of(decoded)).hasSize(3).noneMatch(DecodedArrays::isWiped);
        }
        assertThat(DecodedArrays.of(decoded)).hasSize(3).allMatch(DecodedArrays::isWiped);
        assertThat(INPUT).isEqualTo(Bytes.fromHex("02aabb0302ccdd01ee"));
    }

    @Test
    void leavesWhatWasHandedOver() throws DecodeException {
        DecodedSecrets decoded = new DecodedSecrets();
        byte[] secret;
        try (decoded) {
            secret = decoded.reader(INPUT, DecodeLimits.DEFAULT).secret();
            decoded.handOver();
        }
        assertThat(Bytes.wrap(secret)).isEqualTo(Bytes.fromHex("aabb"));
    }

    @Test
    void otherReadersLeaveTheirSecretsToTheCaller() throws DecodeException {
        assertThat(Bytes.wrap(readAll(new TlsReader(INPUT, DecodeLimits.DEFAULT))))
                .isEqualTo(Bytes.fromHex("aabbccdd"));
    }
}
