package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice between two media types. */
class AcceptTest {
    private static boolean prefersJson(String... accept) {
        return Accept.prefers(List.of(accept), "application/json", "application/cbor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/JSON",
                "text/html, application/json",
                "application/json;q=0.5, application/cbor;q=0.4",
                "application/json;q=0.001",
                "application/json ; charset=utf-8 ; q=1.000",
                "application/cbor;q=0, application/json;q=0.5",
                ";;;,,, application/json",
                "application/json;",
                "application/json;;;q=1"
            })
    void takesWhatIsAskedForByName(String accept) {
        assertThat(prefersJson(accept)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                ";",
                ";;;,,",
                " ; , ",
                "*/*",
                "application/*",
                "application/cbor",
                "application/json;q=0",
                "application/json;q=0.5, application/cbor",
                "application/json;q=",
                "application/json;q=x",
                "application/json;q=NaN",
                "application/json;q=Infinity",
                "application/json;q=1e9",
                "application/json;q=0x1p3",
                "application/json;q=2",
                "application/json;q=-1",
                "application/json;q=0.9999",
                "application/jsonx"
            })
    void givesTheOtherToWhoDoesNotCareOrSaysNothingThatCounts(String accept) {
        assertThat(prefersJson(accept)).isFalse();
    }

    @Test
    void readsAllFieldsOfTheName() {
        assertThat(prefersJson("text/html", "application/json")).isTrue();
        assertThat(prefersJson()).isFalse();
    }
}
