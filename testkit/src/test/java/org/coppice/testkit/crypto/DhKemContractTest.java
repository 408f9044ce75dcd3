package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.stream.Stream;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.DhKem;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Kem;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;
import org.coppice.testkit.crypto.Samples.Implementation;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DHKEM over every provider's curves, against the vectors of RFC 9180 §A.1, §A.3 and §A.6. */
class DhKemContractTest {
    static Stream<Named<Kem>> kems() {
        return Samples.implementations(NamedCurve.values(), p -> p::diffieHellman).stream()
                .map(i -> Named.of("DHKEM, " + i, kem(i)));
    }

    private static Kem kem(Implementation<DiffieHellman> dh) {
        return new DhKem(
                dh.value(),
                CryptoProviders.jdk().hash(dh.value().curve().kemHash()).orElseThrow());
    }

    /** Of the base mode: the two key pairs with what they were derived from, and the result. */
    private record Vector(
            String ikmE, String skEm, String pkEm, String ikmR, String skRm, String pkRm, String sharedSecret) {}

    private static Optional<Vector> vector(Kem kem) {
        return Optional.ofNullable(
                switch (kem.id()) {
                    case 0x20 ->
                        new Vector(
                                "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234",
                                "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
                                "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
                                "6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037",
                                "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
                                "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
                                "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc");
                    case 0x10 ->
                        new Vector(
                                "4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e",
                                "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
                                "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9"
                                        + "8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
                                "668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550",
                                "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
                                "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82"
                                        + "6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
                                "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8");
                    case 0x12 ->
                        new Vector(
                                "7f06ab8215105fc46aceeb2e3dc5028b44364f960426eb0d8e4026c2f8b5d7e7a986688f1591abf5ab753c35"
                                        + "7a5d6f0440414b4ed4ede71317772ac98d9239f70904",
                                "014784c692da35df6ecde98ee43ac425dbdd0969c0c72b42f2e708ab9d535415a8569bdacfcc0a114c85b8e3"
                                        + "f26acf4d68115f8c91a66178cdbd03b7bcc5291e374b",
                                "040138b385ca16bb0d5fa0c0665fbbd7e69e3ee29f63991d3e9b5fa740aab8900aaeed46ed73a49055758425"
                                        + "a0ce36507c54b29cc5b85a5cee6bae0cf1c21f2731ece2013dc3fb7c8d21654bb161b463962ca19e"
                                        + "8c654ff24c94dd2898de12051f1ed0692237fb02b2f8d1dc1c73e9b366b529eb436e98a996ee522a"
                                        + "ef863dd5739d2f29b0",
                                "2ad954bbe39b7122529f7dde780bff626cd97f850d0784a432784e69d86eccaade43b6c10a8ffdb94bf943c6"
                                        + "da479db137914ec835a7e715e36e45e29b587bab3bf1",
                                "01462680369ae375e4b3791070a7458ed527842f6a98a79ff5e0d4cbde83c27196a3916956655523a6a2556a"
                                        + "7af62c5cadabe2ef9da3760bb21e005202f7b2462847",
                                "0401b45498c1714e2dce167d3caf162e45e0642afc7ed435df7902ccae0e84ba0f7d373f646b7738bbbdca11"
                                        + "ed91bdeae3cdcba3301f2457be452f271fa6837580e661012af49583a62e48d44bed350c7118c0d8"
                                        + "dc861c238c72a2bda17f64704f464b57338e7f40b60959480c0e58e6559b190d81663ed816e523b6"
                                        + "b6a418f66d2451ec64",
                                "776ab421302f6eff7d7cb5cb1adaea0cd50872c71c2d63c30c4f1d5e43653336fef33b103c67e7a98add2d3b"
                                        + "66e2fda95b5b2a667aa9dac7e59cc1d46d30e818");
                    default -> null;
                });
    }

    @ParameterizedTest
    @MethodSource("kems")
    void derivesAndEncapsulatesAsPublished(Kem kem) throws Exception {
        Optional<Vector> published = vector(kem);
        if (published.isEmpty()) {
            // The RFC has no vectors for X448 and P-384.
            return;
        }
        Vector v = published.get();
        assertPair(kem.deriveKeyPair(Samples.hex(v.ikmE)), v.skEm, v.pkEm);
        assertPair(kem.deriveKeyPair(Samples.hex(v.ikmR)), v.skRm, v.pkRm);
        byte[] secret = kem.decapsulate(Samples.hex(v.skRm), Samples.hex(v.pkRm), Samples.hex(v.pkEm));
        assertThat(secret).isEqualTo(Samples.hex(v.sharedSecret));
        Randomness fixed = target -> System.arraycopy(Samples.hex(v.ikmE), 0, target, 0, target.length);
        Kem.Encapsulation sent = kem.encapsulate(Samples.hex(v.pkRm), fixed);
        assertThat(sent.encapsulated()).isEqualTo(Samples.hex(v.pkEm));
        assertThat(sent.sharedSecret()).isEqualTo(Samples.hex(v.sharedSecret));
    }

    private static void assertPair(RawKeyPair pair, String privateKey, String publicKey) {
        assertThat(pair.privateKey()).isEqualTo(Samples.hex(privateKey));
        assertThat(pair.publicKey()).isEqualTo(Samples.hex(publicKey));
    }

    @ParameterizedTest
    @MethodSource("kems")
    void decapsulatesWhatItEncapsulated(Kem kem) throws Exception {
        RawKeyPair pair = kem.generate(Randomness.system());
        Kem.Encapsulation sent = kem.encapsulate(pair.publicKey(), Randomness.system());
        assertThat(kem.decapsulate(pair.privateKey(), pair.publicKey(), sent.encapsulated()))
                .isEqualTo(sent.sharedSecret());
        assertThat(kem.publicKey(pair.privateKey())).isEqualTo(pair.publicKey());
    }

    @ParameterizedTest
    @MethodSource("kems")
    void refusesBadEncapsulationsAndRecipients(Kem kem) {
        RawKeyPair pair = kem.generate(Randomness.system());
        byte[] zeros = new byte[kem.publicKeyLength()];
        assertThatThrownBy(() -> kem.decapsulate(pair.privateKey(), pair.publicKey(), zeros))
                .isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> kem.decapsulate(pair.privateKey(), pair.publicKey(), new byte[0]))
                .isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> kem.encapsulate(zeros, Randomness.system())).isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> kem.checkPublicKey(zeros)).isInstanceOf(CryptoException.class);
    }
}
