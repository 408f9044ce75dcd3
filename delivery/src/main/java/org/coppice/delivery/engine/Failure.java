package org.coppice.delivery.engine;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What an error of a database means. */
enum Failure {
    /** Others were in the way: the same again may succeed. */
    CONFLICT,
    /** There is no room. */
    FULL,
    /** The database is not there, or not now. */
    ABSENT,
    /** Anything else: a fault of ours or of the database. */
    FAULT;

    private static final Logger LOG = LoggerFactory.getLogger(Failure.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    /** How long to wait where there is no room. */
    static final Duration LATER = Duration.ofSeconds(30);

    static Failure of(SQLException e) {
        if (e instanceof SQLiteException sqlite) {
            return ofSqlite(sqlite.getResultCode());
        }
        String state = e.getSQLState();
        if (state == null) {
            // The pool's own timeout has none.
            return ABSENT;
        }
        if (state.equals("40001") || state.equals("40P01") || state.equals("55P03")) {
            return CONFLICT;
        }
        if (state.equals("53100")) {
            return FULL;
        }
        // 25006: a standby, or a primary that was told to take no writes.
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53") || state.equals("25006")
                ? ABSENT
                : FAULT;
    }

    private static Failure ofSqlite(SQLiteErrorCode code) {
        // The low byte is the primary code, the rest refines it.
        return switch (code.code & 0xff) {
            case 5, 6 -> CONFLICT;
            case 13 -> FULL;
            // 8: the file, or what it lies on, has become read-only.
            case 8, 10, 14 -> ABSENT;
            default -> FAULT;
        };
    }

    /** What the caller is told of an error after which nothing was done. */
    static DeliveryException nothingDone(SQLException e) {
        Failure failure = of(e);
        if (failure == FULL) {
            LOG.warn("the database has no room left ({})", code(e));
            return new DeliveryException(
                    Problem.later(ProblemKind.OUT_OF_STORAGE, LATER, "the service has no room left"), e);
        }
        if (failure == FAULT) {
            LOG.error("the database refused ({})", code(e), e);
        } else {
            LOG.warn("the database cannot be used now ({})", code(e));
        }
        return new DeliveryException(
                Problem.later(ProblemKind.UNAVAILABLE, SOON, "the service cannot reach its data now"), e);
    }

    /** What the caller is told of an error in the very moment of confirming. */
    static IOException outcomeUnknown(SQLException e) {
        LOG.warn("the database went away while it confirmed a change ({})", code(e));
        return new OutcomeUnknownException("the service's database went away while it confirmed the change", e);
    }

    private static String code(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode().name() : String.valueOf(e.getSQLState());
    }
}
