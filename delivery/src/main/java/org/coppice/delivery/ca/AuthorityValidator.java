package org.coppice.delivery.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.coppice.delivery.account.DirectoryUnavailableException;
import org.coppice.delivery.api.CertifiedClient;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.x509.X509CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.ValidationException;

/**
 * What the service believes of X.509 credentials: those of its own authority that are valid now and not revoked, as its own database has
 * it at this moment.
 */
final class AuthorityValidator implements CredentialValidator {
    private final RevocationLists lists;
    private final X509CredentialValidator delegate;
    private volatile Set<BigInteger> revoked = Set.of();

    AuthorityValidator(IssuerKey key, RevocationLists lists, Environment environment) {
        this.lists = lists;
        X500Principal issuer = key.certificate().getSubjectX500Principal();
        this.delegate = X509CredentialValidator.builder(environment.clock())
                .trust(key.anchor())
                .identity(CertifiedClient::identity)
                .requireExtendedKeyUsage(CertifiedClient.EXTENDED_KEY_USAGE)
                // Serial numbers are of one issuer.
                .revocation(chain -> chain.endEntity().getIssuerX500Principal().equals(issuer)
                        && revoked.contains(chain.endEntity().getSerialNumber()))
                .workers(environment.workers())
                .build();
    }

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        try {
            // Newer knowledge of another thread does no harm: it holds all that this one has.
            revoked = lists.revokedNow();
        } catch (DeliveryException | IOException e) {
            throw new DirectoryUnavailableException(e);
        }
        delegate.validate(claims);
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return delegate.identity(claim);
    }
}
