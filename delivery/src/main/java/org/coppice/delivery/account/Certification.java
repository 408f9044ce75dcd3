package org.coppice.delivery.account;

import java.sql.SQLException;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;

/** Judges certificates, and knows of their revocation within a transaction. Thread safe. */
public interface Certification extends CredentialValidator {
    /**
     * Whether a certificate that passed {@link #validate} a moment ago has not been revoked since. Whoever revokes one of this client's
     * waits until the transaction has ended, and so finds what it has written.
     */
    boolean isStillGood(Transaction tx, ClientId client, Credential.X509 credential) throws SQLException;
}
