package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.testkit.crypto.Samples.Implementation;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider's Diffie-Hellman, against published answers and each other. */
class DiffieHellmanContractTest {
    private static final List<Implementation<DiffieHellman>> ALL =
            Samples.implementations(NamedCurve.values(), p -> p::diffieHellman);

    static Stream<Named<DiffieHellman>> curves() {
        return Samples.named(ALL);
    }

    /** RFC 7748 §5.2, first vectors; RFC 5903 §8, the responder's side. */
    @ParameterizedTest
    @MethodSource("curves")
    void givesThePublishedSecret(DiffieHellman dh) throws Exception {
        String[] v = switch (dh.curve()) {
            case X25519 ->
                new String[] {
                    "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                    "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                    "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
                };
            case X448 ->
                new String[] {
                    "3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121"
                            + "700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3",
                    "06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9"
                            + "814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086",
                    "ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239f"
                            + "e14fbaadeb445fc66a01b0779d98223961111e21766282f73dd96b6f"
                };
            case P256 ->
                new String[] {
                    "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
                    "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
                            + "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
                    "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"
                };
            case P384 ->
                new String[] {
                    "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc",
                    "04667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa"
                            + "9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c",
                    "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746"
                };
            case P521 ->
                new String[] {
                    "0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9c67"
                            + "7d600b343757a3bdbf2a3163e4c2f869cca7458aa4a4effc311f5cb151685eb9",
                    "040015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbee1"
                            + "e3bf42e00b8e380aeae57c2d107564941885942af5a7f4601723c4195d176ced3e"
                            + "017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10a"
                            + "d8a788015ac405d7799dc75e7b7d5b6cf2261a6a7f1507438bf01beb6ca3926f9582",
                    "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d142"
                            + "7e73ca4baa240a34786859810c06b3c715a3a8cc3151f2bee417996d19f3ddea"
                };
        };
        byte[] privateKey = Samples.hex(v[0]);
        assertThat(dh.agree(privateKey, dh.publicKey(privateKey), Samples.hex(v[1])))
                .isEqualTo(Samples.hex(v[2]));
    }

    @Test
    void allProvidersAgreeOnRandomKeys() throws Exception {
        Random random = Samples.random("DiffieHellmanContractTest");
        for (NamedCurve curve : NamedCurve.values()) {
            List<DiffieHellman> providers = of(curve);
            for (int i = 0; i < 5; i++) {
                byte[] a = curve.drawPrivateKey(Samples.randomness(random));
                byte[] b = curve.drawPrivateKey(Samples.randomness(random));
                byte[] publicA = providers.get(0).publicKey(a);
                byte[] publicB = providers.get(0).publicKey(b);
                byte[] secret = providers.get(0).agree(a, publicA, publicB);
                assertThat(secret).hasSize(curve.sharedLength());
                for (DiffieHellman dh : providers) {
                    assertThat(dh.publicKey(a)).isEqualTo(publicA);
                    assertThat(dh.agree(a, publicA, publicB)).isEqualTo(secret);
                    assertThat(dh.agree(b, publicB, publicA)).isEqualTo(secret);
                }
            }
        }
    }

    /** Scalars with many zeros in front, where a number's shortest form loses bytes. */
    @Test
    void allProvidersAgreeOnSmallAndLargeScalars() throws Exception {
        for (NamedCurve curve : NamedCurve.values()) {
            BigInteger order = curve.order().orElse(BigInteger.ONE.shiftLeft(8 * curve.privateLength()));
            List<DiffieHellman> providers = of(curve);
            byte[] peer = providers.get(0).publicKey(scalar(curve, BigInteger.valueOf(12345)));
            for (BigInteger k : List.of(
                    BigInteger.ONE,
                    BigInteger.TWO,
                    BigInteger.valueOf(255),
                    BigInteger.ONE.shiftLeft(64),
                    order.subtract(BigInteger.TWO),
                    order.subtract(BigInteger.ONE))) {
                byte[] key = scalar(curve, k);
                byte[] publicKey = providers.get(0).publicKey(key);
                byte[] secret = providers.get(0).agree(key, publicKey, peer);
                for (DiffieHellman dh : providers) {
                    assertThat(dh.publicKey(key)).isEqualTo(publicKey);
                    assertThat(dh.agree(key, publicKey, peer)).isEqualTo(secret);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("curves")
    void generatesDistinctPairsThatFit(DiffieHellman dh) throws Exception {
        RawKeyPair a = dh.generate();
        RawKeyPair b = dh.generate();
        assertThat(a.privateKey()).hasSize(dh.curve().privateLength()).isNotEqualTo(b.privateKey());
        assertThat(a.publicKey()).isEqualTo(dh.publicKey(a.privateKey()));
        dh.checkPublicKey(a.publicKey());
        assertThat(dh.agree(a.privateKey(), a.publicKey(), b.publicKey()))
                .isEqualTo(dh.agree(b.privateKey(), b.publicKey(), a.publicKey()));
    }

    @ParameterizedTest
    @MethodSource("curves")
    void leavesItsInputsAlone(DiffieHellman dh) throws Exception {
        // Not from the generator, which may have clamped it already, as some do in place.
        byte[] drawn = dh.curve().drawPrivateKey(Samples.randomness(Samples.random("DiffieHellmanContractTest.in")));
        // Clamping would clear this bit.
        drawn[0] |= (byte) (dh.curve().order().isEmpty() ? 1 : 0);
        byte[] privateKey = drawn.clone();
        byte[] publicKey = dh.publicKey(privateKey);
        assertThat(privateKey).isEqualTo(drawn);
        byte[] own = publicKey.clone();
        byte[] peer = publicKey.clone();
        dh.agree(privateKey, own, peer);
        assertThat(privateKey).isEqualTo(drawn);
        assertThat(own).isEqualTo(publicKey);
        assertThat(peer).isEqualTo(publicKey);
    }

    private static List<DiffieHellman> of(NamedCurve curve) {
        return ALL.stream()
                .filter(i -> i.primitive() == curve)
                .map(Implementation::value)
                .toList();
    }

    private static byte[] scalar(NamedCurve curve, BigInteger k) {
        byte[] signed = k.toByteArray();
        byte[] out = new byte[curve.privateLength()];
        int count = Math.min(signed.length, out.length);
        System.arraycopy(signed, signed.length - count, out, out.length - count, count);
        return out;
    }
}
