package org.coppice.delivery.account;

import java.sql.SQLException;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.mls.codec.Bytes;

/** That a client has agreed to something a moment ago, which the transaction that does it looks at again. Thread safe. */
public final class Agreement {
    private final ClientId client;
    private final RegisteredCredential by;
    private final Bytes challenge;
    private final Challenges challenges;

    Agreement(ClientId client, RegisteredCredential by, Bytes challenge, Challenges challenges) {
        this.client = client;
        this.by = by;
        this.challenge = challenge;
        this.challenges = challenges;
    }

    /** Who has agreed. */
    public ClientId client() {
        return client;
    }

    /**
     * Returns if the key is in force still. For what may be repeated: the consent counts again, until its challenge ends.
     *
     * @throws DeliveryException {@link org.coppice.delivery.api.ProblemKind#REFUSED} if it is not
     */
    public void requireStill(Transaction tx) throws SQLException, DeliveryException {
        Consents.requireStill(tx, client, by);
    }

    /**
     * The same, and the consent counts no second time.
     *
     * @throws DeliveryException {@link org.coppice.delivery.api.ProblemKind#REFUSED} if the key is not in force, or the consent was used
     */
    public void useUp(Transaction tx) throws SQLException, DeliveryException {
        requireStill(tx);
        if (!challenges.use(tx, challenge)) {
            throw ServiceRule.CONSENT.refusal();
        }
    }
}
