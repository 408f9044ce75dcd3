package org.coppice.mls.framing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9420 §17.10. */
class MediaTypeTest {
    @ParameterizedTest
    @ValueSource(strings = {"message/mls", "message/mls;version=1.0", "Message/MLS ; version=2.0", " message/mls"})
    void announcesAMessage(String contentType) {
        assertThat(MediaType.isMessage(contentType)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";message/mls", "message/mlsx", "application/json", "text/plain;message/mls"})
    void announcesSomethingElse(String contentType) {
        assertThat(MediaType.isMessage(contentType)).isFalse();
    }
}
