package org.coppice.client.identity;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;

/**
 * What an authentication service can be asked. Enrolling and renewing again with the same request is safe: it gives the same certificate.
 * Thread safe.
 *
 * <p>Every method throws {@link DeliveryException} if the service refuses, and {@link IOException} if it cannot be reached.
 */
public interface AuthorityService {
    /** The certificate that the service says is to be trusted, in DER: worth what the connection is worth that it came over. */
    Bytes anchor() throws DeliveryException, IOException;

    /** The present revocation list, in DER. */
    Bytes revocationList() throws DeliveryException, IOException;

    /**
     * A first certificate, by a one-time code.
     *
     * @param request a certification request (PKCS #10) in DER
     * @return certificates in DER, the client's first, without the anchor
     */
    List<Bytes> enrolByCode(Bytes request, String code) throws DeliveryException, IOException;

    /** A first certificate, by an ID token of the OpenID provider that the service has; otherwise as {@link #enrolByCode}. */
    List<Bytes> enrolByToken(Bytes request, String token) throws DeliveryException, IOException;

    /**
     * A further certificate, for the same key or a new one.
     *
     * @param identity who asks, by the certificate that it has; signs {@link org.coppice.delivery.api.ConsentStatement#toRenewal}
     */
    List<Bytes> renew(Identity identity, Bytes request) throws DeliveryException, IOException;

    /**
     * A one-time code for another device of the same user.
     *
     * @param identity who asks, by a key that it is registered with; signs {@link org.coppice.delivery.api.ConsentStatement#toCode}
     * @param device the only device that it is for; empty for any
     */
    String makeCode(Identity identity, Optional<String> device) throws DeliveryException, IOException;

    /**
     * Revokes the certificates of a device of the same user, such as one that was lost.
     *
     * @param identity who asks, by a key that it is registered with; signs {@link org.coppice.delivery.api.ConsentStatement#toRevocation}
     * @param compromised whether somebody else may have its key
     * @return how many certificates were revoked now; 0 if it has none that is valid
     */
    int revoke(Identity identity, ClientId device, boolean compromised) throws DeliveryException, IOException;
}
