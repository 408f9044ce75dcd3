package org.coppice.fuzz.service;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.coppice.fuzz.Escape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a service must not do. Alone, because what it logs would be another's escape. */
@Isolated
class HttpOracleTest {
    private static final Logger LOG = LoggerFactory.getLogger(HttpOracleTest.class);

    @Test
    void aRequestWithoutAnAnswerEscapes() {
        assertThatThrownBy(() -> HttpTarget.answered(Optional.empty()))
                .isInstanceOf(Escape.class)
                .hasMessageContaining("no answer");
    }

    @Test
    void anErrorInTheLogEscapesOnce() {
        try (ErrorLog log = new ErrorLog()) {
            LOG.error("meant to be seen", new IllegalStateException("and its cause"));
            assertThatThrownBy(log::check)
                    .isInstanceOf(Escape.class)
                    .hasMessageContaining("meant to be seen")
                    .hasMessageContaining("and its cause");
            assertThatCode(log::check).doesNotThrowAnyException();
        }
    }

    @Test
    void aWarningInTheLogIsNoEscape() {
        try (ErrorLog log = new ErrorLog()) {
            LOG.warn("meant to be seen");
            assertThatCode(log::check).doesNotThrowAnyException();
        }
    }
}
