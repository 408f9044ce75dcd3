package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.engine.CountedSqlite;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Commit costs does not grow with the group, but for the depth of its tree. */
class AppendCostTest {
    /** More instructions than the record of one more node on the way to the root takes. */
    private static final long NODE = 40;

    private static long records(DeliveryService service) throws Exception {
        return service.engine()
                .read(tx -> tx.first("SELECT COUNT(*) FROM group_record", row -> row.int64(1))
                        .orElseThrow());
    }

    @Test
    @Tag("A-5.2-02")
    void writesOnePathOfRecordsAndOneRowElsewhere() throws Exception {
        int members = 64;
        try (Nodes nodes = Nodes.start(Nodes.Kind.SQLITE, Servers.config())) {
            DeliveryService service = nodes.next();
            Device[] all = new Device[members];
            for (int i = 0; i < members; i++) {
                all[i] = nodes.device("member" + i);
                all[i].publish(1);
            }
            all[0].create();
            all[0].invite(Arrays.copyOfRange(all, 1, members));
            long log = all[0].log(0).size();
            long before = records(service);
            all[0].commit();
            // The header, the own leaf, and one node for each of the six levels above it.
            assertThat(records(service) - before).isLessThanOrEqualTo(2 + 6);
            assertThat(all[0].log(0)).hasSize((int) log + 1);
            long after = records(service);
            all[1].catchUp();
            all[1].say("one row");
            assertThat(records(service)).isEqualTo(after);
        }
    }

    @Test
    @Tag("A-5.2-02")
    void looksAtNoMoreRowsInALargeGroup(@TempDir Path directory) throws Exception {
        int levels = 4;
        try (CountedSqlite engine = CountedSqlite.open(directory);
                DeliveryService service = Servers.open(engine, Servers.config())) {
            long small = instructionsOfACommit(engine, service, "small", 2);
            long large = instructionsOfACommit(engine, service, "large", 2 << levels);
            assertThat(large - small).isLessThan(levels * NODE);
        }
    }

    /** Of each member, one report; and of any, as many as it likes. */
    @Test
    @Tag("A-8.1.3-01")
    void aReportLooksAtNoMoreMembersThanThereAreReports(@TempDir Path directory) throws Exception {
        try (CountedSqlite engine = CountedSqlite.open(directory);
                DeliveryService service = Servers.open(engine, Servers.config())) {
            long[] small = instructionsOfReports(engine, service, "small", 4);
            long[] large = instructionsOfReports(engine, service, "large", 64);
            assertThat(large[0] - small[0]).as("the first").isLessThan(NODE);
            assertThat(large[1] - small[1]).as("one more of the same").isLessThan(NODE);
            assertThat(large[1]).isLessThan(large[0]);
        }
    }

    private static long[] instructionsOfReports(CountedSqlite engine, DeliveryService service, String name, int members)
            throws Exception {
        Device[] all = group(service, name, members);
        long seq = all[0].commit().seq();
        long[] out = new long[2];
        for (int i = 0; i < out.length; i++) {
            long before = engine.instructions();
            all[1].session().report(Device.request(), new CannotProcess(all[0].groupId(), seq, "MISSING"));
            out[i] = engine.instructions() - before;
        }
        return out;
    }

    private static long instructionsOfACommit(CountedSqlite engine, DeliveryService service, String name, int members)
            throws Exception {
        Device[] all = group(service, name, members);
        all[0].commit();
        long before = engine.instructions();
        all[0].commit();
        return engine.instructions() - before;
    }

    private static Device[] group(DeliveryService service, String name, int members) throws Exception {
        Device[] all = new Device[members];
        for (int i = 0; i < members; i++) {
            all[i] =
                    Device.of(Servers.inProcess(service), ClientId.parse(name + i + "/laptop"), HandshakePolicy.PUBLIC);
            all[i].publish(1);
        }
        all[0].create();
        StagedCommit adding = all[0].adding(Arrays.copyOfRange(all, 1, members));
        all[0].send(adding, all[0].bundleOf(adding));
        return all;
    }
}
