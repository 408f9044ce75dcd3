package org.coppice.delivery.engine;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the schema of this release. */
final class Migrations {
    private static final String LOCATION = "classpath:org/coppice/delivery/engine/migration";

    private Migrations() {}

    /**
     * Applies what is missing; several nodes may do so at once.
     *
     * @throws EngineStartException if the database cannot be brought there, for example because a newer release has used it
     */
    static void apply(DataSource source, Dialect dialect) throws EngineStartException {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations(LOCATION)
                    .table("coppice_schema")
                    .placeholders(Map.of("bytes", dialect.bytesType()))
                    // Unless told so, Flyway passes over what a newer release has done.
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new EngineStartException("the database cannot be brought to the schema of this release", e);
        }
    }
}
