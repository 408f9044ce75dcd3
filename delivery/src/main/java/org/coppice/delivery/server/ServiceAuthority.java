package org.coppice.delivery.server;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.Agreement;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.ca.Authority;
import org.coppice.delivery.ca.IssuedChain;
import org.coppice.delivery.ca.IssuedCode;
import org.coppice.delivery.ca.RevocationReason;
import org.coppice.delivery.http.AuthorityBackend;
import org.coppice.mls.codec.Bytes;

/**
 * The authentication service as the HTTP front sees it: strangers are limited by where they come from.
 *
 * @param service counts strangers
 * @param authority what is asked
 */
record ServiceAuthority(DeliveryService service, Authority authority) implements AuthorityBackend {
    @Override
    public X509Certificate anchor() {
        return authority.anchor();
    }

    @Override
    public Bytes revocationList() throws DeliveryException, IOException {
        return authority.revocationList();
    }

    @Override
    public IssuedChain enrolByCode(Bytes request, String code, String origin) throws DeliveryException, IOException {
        service.countLogin(origin);
        return authority.enrolByCode(request, code);
    }

    @Override
    public IssuedChain enrolByToken(Bytes request, String token, String origin) throws DeliveryException, IOException {
        service.countLogin(origin);
        return authority.enrolByToken(request, token);
    }

    @Override
    public IssuedChain renew(ClientId client, Bytes request, Bytes consent) throws DeliveryException, IOException {
        return authority.renew(client, request, consent);
    }

    @Override
    public IssuedCode makeCode(ClientId maker, Optional<String> device, Consent consent)
            throws DeliveryException, IOException {
        Agreement agreed =
                service.requireConsentNow(ConsentStatement.toCode(maker, consent.challenge(), device), consent);
        return authority.makeCode(maker, device, agreed::useUp);
    }

    @Override
    public int revokeOwn(ClientId by, ClientId client, RevocationReason reason, Consent consent)
            throws DeliveryException, IOException {
        Agreement agreed = service.requireConsentNow(
                ConsentStatement.toRevocation(by, consent.challenge(), client, reason.text()), consent);
        // May come again after a lost answer, and changes nothing then.
        return authority.revokeOwn(by, client, reason, agreed::requireStill);
    }

    @Override
    public void requireOperator(String token, String origin) throws DeliveryException {
        service.countLogin(origin);
        authority.requireOperator(token);
    }

    @Override
    public IssuedCode makeCode(UserName user, Optional<String> device) throws DeliveryException, IOException {
        return authority.makeCode(user, device);
    }

    @Override
    public int revoke(ClientId client, RevocationReason reason) throws DeliveryException, IOException {
        return authority.revoke(client, reason);
    }
}
