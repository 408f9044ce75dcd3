package org.coppice.delivery.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that releases before or after this one have used. */
class MigrationsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatALaterReleaseHasChangedIsLeftAlone(Dialect dialect) throws Exception {
        PostgresEngine.Address address = dialect == Dialect.SQLITE ? null : TestPostgres.database(2);
        try (Engine engine = open(address)) {
            engine.write(
                    tx -> tx.update(
                            "INSERT INTO coppice_schema (installed_rank, version, description, type, script,"
                                    + " checksum, installed_by, execution_time, success) SELECT 99, '99', 'later', type,"
                                    + " 'V99__later.sql', 1, installed_by, 0, success FROM coppice_schema WHERE installed_rank = 1"));
        }
        assertThatThrownBy(() -> open(address).close())
                .isInstanceOf(EngineStartException.class)
                .hasMessageContaining("schema");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatThisReleaseHasMadeIsOpenedAgain(Dialect dialect) throws Exception {
        PostgresEngine.Address address = dialect == Dialect.SQLITE ? null : TestPostgres.database(2);
        open(address).close();
        open(address).close();
    }

    private Engine open(PostgresEngine.Address address) throws EngineStartException {
        return address == null ? SqliteEngine.open(directory) : PostgresEngine.open(address);
    }
}
