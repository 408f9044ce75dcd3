package org.coppice.testkit.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.coppice.testkit.SeededRandomness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a secret is found, wherever it was cut off and however it was written. */
class WindowSearchTest {
    private static final int WINDOW = 16;
    private static final int LENGTH = 48;

    private final SeededRandomness random = new SeededRandomness("remnants");
    private final List<byte[]> secrets = new ArrayList<>();
    private final WindowSearch<Integer> search = new WindowSearch<>();

    WindowSearchTest() {
        // More than the table begins with.
        for (int i = 0; i < 200; i++) {
            secrets.add(random.bytes(LENGTH));
            search.add(i, "bytes", secrets.get(i), WINDOW);
            TextForms.addTo(search, i, secrets.get(i), WINDOW);
        }
    }

    private byte[] part(int secret, int from, int to) {
        return Arrays.copyOfRange(secrets.get(secret), from, to);
    }

    /** In a file of other bytes, from place 100 on. */
    private byte[] fileWith(byte[] remnant) {
        byte[] out = random.bytes(1000);
        System.arraycopy(remnant, 0, out, 100, remnant.length);
        return out;
    }

    private byte[] fileWith(String remnant) {
        return fileWith(remnant.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aWholeSecretIsFoundAtEachPlaceWhereAPartOfItBegins() {
        List<WindowSearch.Hit<Integer>> hits = search.in(fileWith(secrets.get(7)));
        assertThat(hits).hasSize(LENGTH - WINDOW + 1);
        assertThat(hits.get(0)).isEqualTo(new WindowSearch.Hit<>(7, "bytes", 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, LENGTH - WINDOW})
    void sixteenBytesFromAnywhereAreFoundAndFifteenAreNot(int from) {
        assertThat(search.in(fileWith(part(150, from, from + WINDOW))))
                .containsExactly(new WindowSearch.Hit<>(150, "bytes", 100));
        assertThat(search.in(fileWith(part(150, from, from + WINDOW - 1)))).isEmpty();
    }

    @Test
    void aPartAtTheEndsOfAFileIsFound() {
        byte[] tail = part(3, LENGTH - WINDOW, LENGTH);
        assertThat(search.in(tail)).hasSize(1);
        byte[] file = random.bytes(100);
        System.arraycopy(tail, 0, file, 100 - WINDOW, WINDOW);
        assertThat(search.in(file)).containsExactly(new WindowSearch.Hit<>(3, "bytes", 100 - WINDOW));
        assertThat(search.in(Arrays.copyOf(file, 99))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, LENGTH - WINDOW})
    void hexadecimalOfAPartIsFoundInEitherCase(int from) {
        byte[] part = part(9, from, from + WINDOW);
        for (HexFormat format : List.of(HexFormat.of(), HexFormat.of().withUpperCase())) {
            assertThat(search.in(fileWith(format.formatHex(part))))
                    .containsExactly(new WindowSearch.Hit<>(9, "hexadecimal", 100));
        }
    }

    /** Whatever lies around it in what is encoded. */
    @Test
    void base64OfAPartIsFoundWhereverItBegins() {
        for (int secret = 0; secret < 50; secret++) {
            for (int before = 0; before < 6; before++) {
                int from = random.below(LENGTH - WINDOW + 1);
                byte[] around = random.bytes(before + WINDOW + 5);
                System.arraycopy(secrets.get(secret), from, around, before, WINDOW);
                for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                    assertThat(search.in(fileWith(encoder.encodeToString(around))))
                            .as("secret %s from %s after %s bytes", secret, from, before)
                            .isNotEmpty()
                            .extracting(WindowSearch.Hit::value)
                            .containsOnly(secret);
                }
            }
        }
    }

    @Test
    void ofAShortSecretAllIsLookedForAndOfLessThanEightBytesNothing() {
        WindowSearch<String> few = new WindowSearch<>();
        byte[] eight = random.bytes(8);
        few.add("eight", "bytes", eight, WINDOW);
        few.add("seven", "bytes", random.bytes(7), WINDOW);
        assertThat(few.in(fileWith(eight))).containsExactly(new WindowSearch.Hit<>("eight", "bytes", 100));
        assertThat(few.in(fileWith(Arrays.copyOf(eight, 7)))).isEmpty();
    }

    @Test
    void otherBytesAreNotFound() {
        assertThat(search.in(random.bytes(100_000))).isEmpty();
        assertThat(search.in(new byte[1000])).isEmpty();
    }
}
