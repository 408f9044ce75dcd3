package org.coppice.delivery.crash;

import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.contract.Device;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.framing.MlsMessage;

/** Adds one client to a group of its own and removes it again, over and over. */
final class Host implements Load {
    private final Client client;
    private final ClientId joiner;

    Host(Client client, ClientId joiner) {
        this.client = client;
        this.joiner = joiner;
    }

    @Override
    public void run() throws Exception {
        client.create(Bytes.wrap(Randomness.system().bytes(16)));
        while (true) {
            ClaimResult result =
                    ((Outcome.OfClaim) client.ask(Journal.Kind.CLAIM, ClaimRequest.of(joiner, Device.SUITE))).result();
            if (result.claimed().isEmpty()) {
                Thread.sleep(5);
                continue;
            }
            MlsMessage.KeyPackage body =
                    (MlsMessage.KeyPackage) result.claimed().get(0).keyPackage().body();
            client.commit(client.group()
                    .commit()
                    .add(body.keyPackage())
                    .withoutTreeInWelcome()
                    .build());
            Member other = client.group().roster().stream()
                    .filter(member -> !member.leafIndex().equals(client.group().ownLeaf()))
                    .findFirst()
                    .orElseThrow();
            client.inform();
            client.commit(client.group().commit().remove(other.leafIndex()).build());
        }
    }
}
