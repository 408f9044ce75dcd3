package org.coppice.delivery.contract;

import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.mls.crypto.Signer;

/** A running service, reached in one way or another: what the contract's tests need of it. */
public interface TestServer {
    /**
     * Registers a client, or logs it in if it is registered, and opens a session.
     *
     * @param signer of the credential's key
     */
    DeliverySession session(ClientId client, RegisteredCredential credential, Signer signer) throws Exception;
}
