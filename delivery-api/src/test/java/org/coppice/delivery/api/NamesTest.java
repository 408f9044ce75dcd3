package org.coppice.delivery.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.DecodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a name, as text and on the wire. */
class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "0",
                "alice",
                "a.b_c-d",
                "a--",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void takesUserNames(String name) {
        assertThat(new UserName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".a",
                "-a",
                "_a",
                "Alice",
                "a b",
                "a/b",
                "é",
                "a\u0000",
                "\uff41",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void refusesOtherUserNames(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new UserName(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "alice/",
                "/laptop",
                "alice/Laptop",
                "alice/a/b",
                "alice/-a",
                "alice/a.b",
                "alice/é",
                "alice/012345678901234567890123456789012"
            })
    void refusesWhatNamesNoClient(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ClientId.parse(text));
        assertThat(ClientId.ofIdentity(Bytes.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .isEmpty();
    }

    @Test
    void findsTheClientInTheIdentityOfItsCredential() {
        ClientId client = ClientId.parse("alice/laptop");
        assertThat(ClientId.ofIdentity(client.identity())).contains(client);
        assertThat(client.uri()).isEqualTo("coppice:alice/laptop");
    }

    @Test
    void refusesBytesOutsideAsciiInNames() {
        Decoder<UserName> decoder = UserName::decode;
        // 0xC5 0xBF is UTF-8 of a letter whose upper case is S: no byte of it may become part of a name.
        assertThatThrownBy(() -> decoder.decodeAll(Bytes.fromHex("0361c5bf"), MediaTypes.LIMITS))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void givesRequestIdsOneText() {
        RequestId id = RequestId.random(Randomness.system());
        assertThat(RequestId.parse(id.toString())).isEqualTo(id);
        assertThat(RequestId.random(Randomness.system())).isNotEqualTo(id);
        assertThatIllegalArgumentException().isThrownBy(() -> RequestId.parse("1-2-3-4-5"));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestId.parse("0A020304-0506-0708-090a-0b0c0d0e0f10"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lower", "A B", "A\nB"})
    void refusesRuleNamesThatCouldCarryContent(String rule) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CannotProcess(Bytes.EMPTY, 1, rule));
    }

    @Test
    void sortsClientsByUserThenDevice() {
        assertThat(ClientId.parse("a/z")).isLessThan(ClientId.parse("b/a"));
        assertThat(ClientId.parse("a/a")).isLessThan(ClientId.parse("a/b"));
    }
}
