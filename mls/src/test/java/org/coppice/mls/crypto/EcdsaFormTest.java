package org.coppice.mls.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of ECDSA signatures by itself: libraries refuse some of these too, and would hide that the check does not. */
class EcdsaFormTest {
    private static final SignatureForm P256 = new EcdsaForm(WeierstrassCurve.SECP256R1);
    private static final String ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    @ParameterizedTest
    @ValueSource(strings = {"3006020101020101", "300602017f02017f", "300702020080020101", "300802020080020200ff"})
    void derIsAccepted(String hex) {
        assertThat(isSignature(hex)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', nothing",
        "30, no length",
        "3000, no numbers",
        "3003020101, one number",
        "30080201010201010500, something after the numbers",
        "30090201010201010201 01, three numbers",
        "300602010102010100, something after the sequence",
        "3007020101020101, a length too large",
        "3005020101020101, a length too small",
        "308106020101020101, a length in a longer form",
        "30820006020101020101, a length in a still longer form",
        "3080020101020101 0000, an indefinite length",
        "3106020101020101, a set",
        "3006030101020101, no integer",
        "30050200020101, an empty number",
        "3006020100020101, zero",
        "3006020101020100, zero",
        "3006020180020101, a negative number",
        "300702020001020101, a zero in front that is not needed",
        "30080203000080020101, two zeros in front",
        "3006020401020101, a number longer than its sequence",
        "3006028101020101, a number of indefinite length",
    })
    void whatIsNotDerIsRefused(String hex, String why) {
        assertThat(isSignature(hex)).as(why).isFalse();
    }

    @Test
    void numbersGoUpToTheOrderLessOne() {
        String less = ORDER.substring(0, 62) + "50";
        assertThat(isSignature("3026022100" + less + "020101")).isTrue();
        assertThat(isSignature("3026022100" + ORDER + "020101")).isFalse();
        assertThat(isSignature("3026020101022100" + less)).isTrue();
        assertThat(isSignature("3026020101022100" + ORDER)).isFalse();
        assertThat(isSignature("302702220100" + less + "020101")).isFalse();
        assertThat(isSignature("3026022101" + less + "020101")).isFalse();
    }

    /** Two numbers of P-521 need a length above 127, whose form has one byte more. */
    @Test
    void longContentHasItsLengthInTwoBytes() {
        SignatureForm p521 = new EcdsaForm(WeierstrassCurve.SECP521R1);
        String number = "0242" + "01" + "11".repeat(65);
        assertThat(p521.isSignature(bytes("308188" + number + number))).isTrue();
        assertThat(p521.isSignature(bytes("3088" + number + number))).isFalse();
        assertThat(p521.isSignature(bytes("30820088" + number + number))).isFalse();
        String shorter = "023c" + "11".repeat(60);
        assertThat(p521.isSignature(bytes("307c" + shorter + shorter))).isTrue();
        assertThat(p521.isSignature(bytes("30817c" + shorter + shorter))).isFalse();
    }

    @Test
    void noPrefixOfASignatureIsOne() {
        byte[] whole = bytes("3026022100" + ORDER.substring(0, 62) + "50" + "020101");
        assertThat(Stream.iterate(0, i -> i + 1).limit(whole.length))
                .noneMatch(length -> P256.isSignature(Arrays.copyOf(whole, length)));
    }

    private static boolean isSignature(String hex) {
        return P256.isSignature(bytes(hex));
    }

    private static byte[] bytes(String hex) {
        return Bytes.fromHex(hex.replace(" ", "")).toByteArray();
    }
}
