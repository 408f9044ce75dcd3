package org.coppice.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationInfoTest {
    private static final ConversationInfo INFO =
            new ConversationInfo("grün", HandshakePolicy.PUBLIC, ConversationInfo.ExternalJoins.RESYNC);
    private static final String NAME = "056772c3bc6e";

    private static Extensions extensions(String hex) {
        return Extensions.of(new Extension(ConversationInfo.TYPE, Bytes.fromHex(hex)));
    }

    @Test
    void theEncodingIsTheDocumentedOne() {
        Extension extension = INFO.toExtension();
        String handshakes = Bytes.wrap(HandshakePolicy.PUBLIC.encoded()).toHex();
        assertThat(extension.data().toHex()).isEqualTo("01" + NAME + handshakes + "00");
        assertThat(ConversationInfo.find(Extensions.of(extension))).hasValue(INFO);
        assertThat(ConversationInfo.find(Extensions.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "02" + NAME + "0100", // another version
                "01" + NAME + "01", // cut short
                "01" + NAME + "010000", // something behind it
                "01" + NAME + "0107", // who may join is unknown
                "01" + "02c328" + "0100", // a name that is no UTF-8
            })
    void whatIsMalformedSaysNothing(String hex) {
        assertThat(ConversationInfo.find(extensions("01" + NAME + "0100"))).hasValue(INFO);
        assertThat(ConversationInfo.find(extensions(hex))).isEmpty();
    }

    @Test
    void aNameIsATextOfLimitedLength() {
        assertThat(INFO.withName("ü".repeat(128)).name()).hasSize(128);
        assertThatThrownBy(() -> INFO.withName("ü".repeat(128) + "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> INFO.withName("\ud83c")).isInstanceOf(IllegalArgumentException.class);
    }
}
