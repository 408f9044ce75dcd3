package org.coppice.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorReaderTest {
    private static List<VectorCase> read(String name, String json) throws IOException, VectorFormatException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (VectorReader reader = VectorReader.open(new ByteArrayInputStream(bytes), name)) {
            return reader.readAll();
        }
    }

    @Test
    void recognisesTheKindFromTheFields() throws Exception {
        assertThat(read("a.json", "[{\"vlbytes_header\":\"00\",\"length\":0}]"))
                .extracting(VectorCase::kind)
                .containsExactly(VectorKind.DESERIALIZATION);
    }

    @Test
    void tellsPassiveClientsApartByTheirHistory() throws Exception {
        String joins = "{\"initial_epoch_authenticator\":\"00\",\"epochs\":[]}";
        String follows = "{\"initial_epoch_authenticator\":\"00\",\"epochs\":[{},{}]}";
        assertThat(read("a.json", "[" + joins + "," + follows + "]"))
                .extracting(VectorCase::kind)
                .containsExactly(VectorKind.PASSIVE_CLIENT_WELCOME, VectorKind.PASSIVE_CLIENT_HANDLING_COMMIT);
    }

    @Test
    void letsTheNameDecideBetweenKindsOfTheSameFields() throws Exception {
        String joins = "{\"initial_epoch_authenticator\":\"00\",\"epochs\":[]}";
        assertThat(read("passive-client-random-2.json", joins))
                .extracting(VectorCase::kind)
                .containsExactly(VectorKind.PASSIVE_CLIENT_RANDOM);
    }

    @Test
    void takesOneObjectForOneCase() throws Exception {
        assertThat(read("a.json", "{\"cipher_suite\":4,\"psks\":[],\"psk_secret\":\"00\"}"))
                .singleElement()
                .satisfies(vector -> {
                    assertThat(vector.kind()).isEqualTo(VectorKind.PSK_SECRET);
                    assertThat(vector.suite()).hasValue(4);
                    assertThat(vector.name()).isEqualTo("psk_secret suite 4 #0");
                });
    }

    @Test
    void namesAnUnknownKindByFileAndIndex() {
        assertThatThrownBy(() -> read("a.json", "[{\"vlbytes_header\":\"00\",\"length\":0},{\"x\":1}]"))
                .isInstanceOf(VectorFormatException.class)
                .hasMessage("a.json #1 is of no known kind of vector");
    }

    @Test
    void readsOnBehindACaseOfAnUnknownKind() throws Exception {
        byte[] json = "[{\"x\":1},{\"vlbytes_header\":\"00\",\"length\":0}]".getBytes(StandardCharsets.UTF_8);
        try (VectorReader reader = VectorReader.open(new ByteArrayInputStream(json), "a.json")) {
            assertThatThrownBy(reader::read)
                    .isInstanceOfSatisfying(
                            VectorFormatException.class,
                            e -> assertThat(e.unknownCase()).hasValue(0));
            assertThat(reader.read()).map(VectorCase::index).contains(1);
            assertThat(reader.read()).isEmpty();
        }
    }

    @Test
    void namesThePlaceWhereJsonEnds() {
        assertThatThrownBy(() -> read("a.json", "[\n {\"x\": 1"))
                .isInstanceOfSatisfying(
                        VectorFormatException.class,
                        e -> assertThat(e.unknownCase()).isEmpty())
                .hasMessageMatching("a.json is no JSON: line 2, column [0-9]+: it ends too early");
        assertThatThrownBy(() -> read("a.json", ""))
                .isInstanceOf(VectorFormatException.class)
                .hasMessage("a.json ends too early");
        assertThatThrownBy(() -> read("a.json", "17"))
                .isInstanceOf(VectorFormatException.class)
                .hasMessage("a.json holds neither a list of cases nor a case");
    }

    @Test
    void anEmptyListHasNoCases() throws Exception {
        assertThat(read("a.json", "[]")).isEmpty();
    }
}
