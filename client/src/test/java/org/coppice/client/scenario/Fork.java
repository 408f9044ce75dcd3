package org.coppice.client.scenario;

import java.util.List;
import java.util.function.UnaryOperator;
import org.coppice.client.Between;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.mls.codec.Bytes;

/**
 * A service that forks a group: it takes bob's Commit and shows it to bob alone, while the others see a Commit of alice's at the same
 * place; afterwards it shows everybody the same log.
 */
final class Fork {
    private final World world;
    private final Bytes groupId;
    private LogEntry forged;

    Fork(World world, Bytes groupId) {
        this.world = world;
        this.groupId = groupId;
    }

    void run() {
        UnaryOperator<DeliverySession> honest = world.network;
        world.network = this::forking;
        world.restart("bob");
        world.conversation("bob", groupId).refresh();
        world.network = honest;
        world.restart("bob");
        world.conversation("alice", groupId).refresh();
        // Bob goes on after the entry that it was shown; alice's stands there.
    }

    private DeliverySession forking(DeliverySession session) {
        return Between.put(DeliverySession.class, session, call -> {
            if (call.is("commit")) {
                CommitBundle bundle = (CommitBundle) call.argument(1);
                long seq = world.service.log(groupId).size() + 1;
                long epoch = session.groups().get(0).epoch();
                forged = new LogEntry(
                        seq,
                        EntryKind.COMMIT,
                        epoch,
                        0,
                        Bytes.wrap(bundle.commit().encoded()));
                return new Appended(seq, epoch + 1, List.of(), false);
            }
            if (call.is("read") && forged != null && (long) call.argument(1) == forged.seq() - 1) {
                return new LogPage(forged.seq(), forged.epoch() + 1, List.of(forged));
            }
            return call.go();
        });
    }
}
