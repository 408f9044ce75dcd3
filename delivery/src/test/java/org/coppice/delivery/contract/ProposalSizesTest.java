package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

/** How much of what nobody has committed a group may keep in the service's memory. */
class ProposalSizesTest {
    private static final int LONGEST = 16 << 10;
    private static final SizeLimits SIZES = new SizeLimits(
            LONGEST, 16 << 20, 64 << 20, 64 << 10, 500, 128, 10_000, 1000, 8 << 20, Duration.ofSeconds(60));

    /** Only their number was bounded. */
    @Test
    void longProposalsAreRefusedUntilSomebodyCommits() throws Exception {
        try (Nodes nodes = Nodes.start(Nodes.Kind.SQLITE, Servers.config().withSizes(SIZES))) {
            Device alice = nodes.device("alice");
            alice.create();
            int taken = SIZES.proposals() / (LONGEST / 2);
            for (int i = 0; i < taken; i++) {
                propose(alice, i);
            }
            ContractTest.refuses("PROPOSAL_REFUSED_BY_POLICY", () -> propose(alice, taken));
            assertThat(alice.log(0)).hasSize(taken);
            alice.commit();
            propose(alice, taken);
        }
    }

    /** More than half as long as the longest. */
    private static void propose(Device device, int number) throws Exception {
        byte[] id = new byte[LONGEST / 2];
        id[0] = (byte) number;
        device.session().send(Device.request(), device.group().proposeExternalPsk(Bytes.wrap(id)));
    }
}
