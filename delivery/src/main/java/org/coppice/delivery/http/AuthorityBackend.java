package org.coppice.delivery.http;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.ca.IssuedChain;
import org.coppice.delivery.ca.IssuedCode;
import org.coppice.delivery.ca.RevocationReason;
import org.coppice.mls.codec.Bytes;

/**
 * What the HTTP front needs of the authentication service; see {@link org.coppice.delivery.ca.Authority}. Calls come on many threads at
 * once and may block. Requests of strangers bring their origin, by which they are limited.
 */
public interface AuthorityBackend {
    /** The certificate that clients trust. */
    X509Certificate anchor();

    /** The present revocation list in DER. */
    Bytes revocationList() throws DeliveryException, IOException;

    /** Enrols a client by a one-time code. */
    IssuedChain enrolByCode(Bytes request, String code, String origin) throws DeliveryException, IOException;

    /** Enrols a client by an ID token. */
    IssuedChain enrolByToken(Bytes request, String token, String origin) throws DeliveryException, IOException;

    /** Renews the certificate of a client that is logged in and has signed that it agrees. */
    IssuedChain renew(ClientId client, Bytes request, Bytes consent) throws DeliveryException, IOException;

    /** Makes a code for another device of a client's user, by a consent of {@code maker}. */
    IssuedCode makeCode(ClientId maker, Optional<String> device, Consent consent) throws DeliveryException, IOException;

    /** Revokes what a client of the same user has, by a consent of {@code by}; returns how many certificates that were. */
    int revokeOwn(ClientId by, ClientId client, RevocationReason reason, Consent consent)
            throws DeliveryException, IOException;

    /**
     * Returns if somebody is the operator.
     *
     * @throws DeliveryException {@link org.coppice.delivery.api.ProblemKind#UNAUTHENTICATED} if not
     */
    void requireOperator(String token, String origin) throws DeliveryException;

    /** Makes a code by the operator's will. */
    IssuedCode makeCode(UserName user, Optional<String> device) throws DeliveryException, IOException;

    /** Revokes what a client has, by the operator's will. */
    int revoke(ClientId client, RevocationReason reason) throws DeliveryException, IOException;
}
