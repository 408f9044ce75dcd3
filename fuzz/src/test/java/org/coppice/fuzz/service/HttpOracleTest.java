package org.coppice.fuzz.service;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Optional;
import org.coppice.fuzz.Escape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void aRefusalThatChangesTheTablesEscapes(@TempDir Path directory) throws Exception {
        Wire.Answer refusal = new Wire.Answer(409, "HTTP/1.1 409 Conflict", new byte[0]);
        Wire.Answer accepted = new Wire.Answer(200, "HTTP/1.1 200 OK", new byte[0]);
        Path file = directory.resolve("service.sqlite");
        try (Connection service = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = service.createStatement()) {
            sql.execute("PRAGMA journal_mode = WAL");
            sql.execute("CREATE TABLE code (name TEXT, attempts INTEGER)");
            sql.execute("INSERT INTO code VALUES ('a', 0)");
            try (Tables tables = new Tables(file)) {
                tables.haveChanged();
                assertThatCode(() -> HttpTarget.judgeTables(refusal, tables)).doesNotThrowAnyException();
                sql.execute("UPDATE code SET attempts = attempts + 1");
                assertThatCode(() -> HttpTarget.judgeTables(refusal, tables)).doesNotThrowAnyException();
                sql.execute("UPDATE code SET name = 'b'");
                assertThatThrownBy(() -> HttpTarget.judgeTables(refusal, tables))
                        .isInstanceOf(Escape.class)
                        .hasMessageContaining("409");
                sql.execute("DELETE FROM code");
                assertThatCode(() -> HttpTarget.judgeTables(accepted, tables)).doesNotThrowAnyException();
            }
        }
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
