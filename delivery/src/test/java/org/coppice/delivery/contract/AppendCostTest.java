package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.coppice.delivery.DeliveryService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a Commit writes does not grow with the group, but for the depth of its tree. */
class AppendCostTest {
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
}
