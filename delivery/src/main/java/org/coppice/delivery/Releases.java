package org.coppice.delivery;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.account.Accounts;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.ca.Authority;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.group.Released;
import org.coppice.delivery.hint.HintHub;
import org.coppice.delivery.inbox.Inbox;
import org.coppice.delivery.keypackage.KeyPackages;
import org.coppice.delivery.request.Requests;

/**
 * Gives names back, for the operator: a name with basic credentials whose last key is lost could be had by nobody any more.
 *
 * <p>Whoever registers the name next is somebody else, whatever the name says. So nothing of the one before is left to that client:
 * neither tokens, credentials, key packages, Welcomes, answers, certificates and codes, nor any right in groups. Only the leaf in each
 * group stays, as nobody but a member can take it away. Thread safe.
 */
final class Releases {
    private final Engine engine;
    private final Optional<Authority> authority;
    private final HintHub hub;

    Releases(Engine engine, Optional<Authority> authority, HintHub hub) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.authority = Objects.requireNonNull(authority, "authority");
        this.hub = Objects.requireNonNull(hub, "hub");
    }

    /**
     * Gives a name back, and returns the clients that had it.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if nobody has it
     */
    List<ClientId> release(UserName user) throws DeliveryException, IOException {
        List<ClientId> clients = engine.write(tx -> {
            if (authority.isPresent()) {
                authority.get().release(tx, user);
            }
            List<ClientId> had = Accounts.release(tx, user);
            for (ClientId client : had) {
                KeyPackages.dropAll(tx, client);
                Inbox.dropAll(tx, client);
                Requests.dropAll(tx, client);
                // After the client's row is gone: who was about to admit the client has done so, or finds nobody.
                Released.mark(tx, client);
            }
            return had;
        });
        clients.forEach(hub::loginsMoved);
        return clients;
    }
}
