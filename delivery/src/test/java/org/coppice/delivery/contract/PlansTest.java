package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.engine.TestPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL chooses how it finds rows by what it believes of its tables. Whatever it believes, messages and Commits are to touch no rows
 * but their own: it is asked afterwards what it has read.
 */
class PlansTest {
    private static final int TIMES = 20;
    private static final int GROUPS = 500;

    /** A client in many groups, while most are in one: nothing in the statistics tells that. */
    private static final String BUSY = """
            INSERT INTO admission SELECT decode(lpad(to_hex(n), 8, '0'), 'hex'), 'alice/laptop', 1, NULL, NULL
              FROM generate_series(1, %1$d) n;
            INSERT INTO admission SELECT decode(lpad(to_hex(n), 8, '0'), 'hex'), 'other' || m || '-' || n || '/laptop', 1, NULL, NULL
              FROM generate_series(1, %1$d) n, generate_series(1, 40) m;
            ANALYZE""".formatted(GROUPS);

    private static final String READ = """
            SELECT 'whole ' || relname, seq_scan FROM pg_stat_user_tables
            UNION ALL SELECT 'entries of ' || indexrelname, idx_tup_read FROM pg_stat_user_indexes
            UNION ALL SELECT 'written to ' || relname, n_tup_ins FROM pg_stat_user_tables""";

    @Test
    @Tag("A-5.2-02")
    void messagesAndCommitsTouchNoRowsButTheirOwn() throws Exception {
        PostgresEngine.Address address = TestPostgres.database(2);
        try (DeliveryService service = Servers.open(Servers.postgres(address), Servers.config());
                Connection connection = DriverManager.getConnection(address.url());
                Statement statement = connection.createStatement()) {
            Device alice = device(service, "alice");
            Device bob = device(service, "bob");
            bob.publish(1);
            alice.create();
            alice.invite(bob);
            talk(alice, bob);
            statement.execute(BUSY);
            // So often that all plans are the ones that are kept.
            talk(alice, bob);
            Map<String, Long> before = settled(statement, alice);
            talk(alice, bob);
            Map<String, Long> after = settled(statement, alice);
            after.replaceAll((what, count) -> count - before.getOrDefault(what, 0L));
            assertThat(after.get("written to log")).isGreaterThan(2 * TIMES);
            assertThat(after.entrySet())
                    .filteredOn(one -> one.getKey().startsWith("whole "))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(
                            one -> assertThat(one.getValue()).as(one.getKey()).isZero());
            assertThat(after.entrySet())
                    .filteredOn(one -> one.getKey().startsWith("entries of admission"))
                    .hasSize(2)
                    .allSatisfy(
                            one -> assertThat(one.getValue()).as(one.getKey()).isLessThan(TIMES * GROUPS));
        }
    }

    private static Device device(DeliveryService service, String name) throws Exception {
        return Device.of(Servers.inProcess(service), ClientId.parse(name + "/laptop"), HandshakePolicy.PUBLIC);
    }

    private static void talk(Device alice, Device bob) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            alice.commit();
            alice.say("hello");
        }
        bob.catchUp();
    }

    /** What was read, once the server has counted it: its processes tell what they have done at the next thing that they do. */
    private static Map<String, Long> settled(Statement statement, Device alice) throws Exception {
        long entries = alice.say("the last").seq();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            alice.commit();
            return read(statement).get("written to log") > entries;
        });
        return read(statement);
    }

    private static Map<String, Long> read(Statement statement) throws SQLException {
        Map<String, Long> out = new TreeMap<>();
        try (ResultSet rows = statement.executeQuery(READ)) {
            while (rows.next()) {
                out.put(rows.getString(1), rows.getLong(2));
            }
        }
        return out;
    }
}
