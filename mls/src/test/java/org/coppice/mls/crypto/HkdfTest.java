package org.coppice.mls.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

/** The vectors of RFC 5869 §A. */
class HkdfTest {
    private final Hkdf hkdf =
            new Hkdf(CryptoProviders.jdk().hash(HashAlgorithm.SHA_256).orElseThrow());

    @Test
    void basicCase() {
        byte[] prk = hkdf.extract(hex("000102030405060708090a0b0c"), filled(22, 0x0b));
        assertThat(prk).isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
        assertThat(hkdf.expand(prk, hex("f0f1f2f3f4f5f6f7f8f9"), 42))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    }

    @Test
    void longInputsAndOutputs() {
        byte[] prk = hkdf.extract(count(0x60, 80), count(0, 80));
        assertThat(prk).isEqualTo(hex("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244"));
        assertThat(hkdf.expand(prk, count(0xb0, 80), 82))
                .isEqualTo(hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    }

    @Test
    void noSaltAndNoInfo() {
        byte[] prk = hkdf.extract(new byte[0], filled(22, 0x0b));
        assertThat(prk).isEqualTo(hex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"));
        assertThat(hkdf.expand(prk, new byte[0], 42))
                .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    }

    @Test
    void givesUpTo255Blocks() {
        byte[] prk = filled(32, 1);
        byte[] all = hkdf.expand(prk, new byte[0], 255 * 32);
        assertThat(Arrays.copyOf(all, 100)).isEqualTo(hkdf.expand(prk, new byte[0], 100));
        assertThat(hkdf.expand(prk, new byte[0], 0)).isEmpty();
        assertThatThrownBy(() -> hkdf.expand(prk, new byte[0], 255 * 32 + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] filled(int length, int value) {
        byte[] out = new byte[length];
        Arrays.fill(out, (byte) value);
        return out;
    }

    private static byte[] count(int from, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) (from + i);
        }
        return out;
    }

    private static byte[] hex(String hex) {
        return Bytes.fromHex(hex).toByteArray();
    }
}
