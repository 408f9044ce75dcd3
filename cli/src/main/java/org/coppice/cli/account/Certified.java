package org.coppice.cli.account;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import org.coppice.cli.CommandFailure;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.identity.Anchor;
import org.coppice.client.identity.CertificateKeeper;
import org.coppice.client.identity.CertifiedMembers;
import org.coppice.client.identity.RevocationList;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;

/** What an account with a certificate has beside its store: the authority that is trusted, and its list of who is trusted no longer. */
final class Certified {
    private final AccountPlace place;
    private final Anchor anchor;
    private final RevocationList list;

    private Certified(AccountPlace place, Anchor anchor, RevocationList list) {
        this.place = place;
        this.anchor = anchor;
        this.list = list;
    }

    static boolean is(AccountPlace place) {
        return Files.exists(place.anchor());
    }

    static Certified open(AccountPlace place) {
        Anchor anchor;
        RevocationList list;
        try {
            anchor = Anchor.of(Bytes.wrap(Files.readAllBytes(place.anchor())));
            list = new RevocationList(anchor.certificate());
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.input("cannot read the authority in " + place.anchor(), "restore it from a copy");
        }
        try {
            if (Files.exists(place.revocations())) {
                list.restore(Bytes.wrap(Files.readAllBytes(place.revocations())));
            }
        } catch (IOException | RevocationList.RefusedListException e) {
            // Without it those who were revoked would count again, until the server gives another: and that may be an
            // old one.
            throw CommandFailure.input(
                    "cannot read who is revoked in " + place.revocations(),
                    "restore it from a copy; or delete it, where the server is trusted to tell it anew");
        }
        return new Certified(place, anchor, list);
    }

    Anchor anchor() {
        return anchor;
    }

    /** The environment of a client that believes this authority, and nobody else. */
    ClientEnvironment environment() {
        return ClientEnvironment.builder()
                .validator(CertifiedMembers.builder(anchor, list, Clock.systemUTC())
                        .build())
                .build();
    }

    /** Gets the present list, and a new certificate when that is due. */
    void keep(CoppiceClient client, ClientEnvironment environment, HttpDelivery server)
            throws DeliveryException, IOException {
        new CertificateKeeper(environment, server.authority(), anchor, list, client::identity, client::rotateCredential)
                .keep();
        if (list.encoded().isPresent()) {
            AccountFiles.write(place.revocations(), list.encoded().get().toByteArray());
        }
    }
}
