package org.coppice.delivery.crash;

import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;

/** Commits and talks in the group where all committers of all nodes are. */
final class Committer implements Load {
    private final Client client;
    private final boolean first;

    Committer(Client client, boolean first) {
        this.client = client;
        this.first = first;
    }

    @Override
    public void run() throws Exception {
        enter();
        for (int i = 0; ; i++) {
            client.catchUp();
            if (i % 3 == 0) {
                client.commit(client.group().commit().build());
            } else {
                client.say();
            }
            client.inform();
        }
    }

    private void enter() throws Exception {
        if (first) {
            try {
                client.create(LoadMain.CONTENDED);
                return;
            } catch (DeliveryException e) {
                if (e.kind() != ProblemKind.DUPLICATE_GROUP) {
                    throw e;
                }
            }
        }
        while (true) {
            try {
                client.join(LoadMain.CONTENDED);
                return;
            } catch (DeliveryException e) {
                // The first of all may still be creating the group.
                if (e.kind() != ProblemKind.UNKNOWN_GROUP) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }
}
