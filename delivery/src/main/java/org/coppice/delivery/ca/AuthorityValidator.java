package org.coppice.delivery.ca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.coppice.delivery.account.Certification;
import org.coppice.delivery.account.DirectoryUnavailableException;
import org.coppice.delivery.api.CertifiedClient;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.x509.X509CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.ValidationException;

/**
 * What the service believes of X.509 credentials: those of its own authority that are valid now and not revoked, as its own database has
 * it at this moment.
 */
final class AuthorityValidator implements Certification {
    private final RevocationLists lists;
    private final X509CredentialValidator delegate;

    AuthorityValidator(IssuerKey key, RevocationLists lists, Environment environment) {
        this.lists = lists;
        X500Principal issuer = key.certificate().getSubjectX500Principal();
        this.delegate = X509CredentialValidator.builder(environment.clock())
                .trust(key.anchor())
                .identity(CertifiedClient::identity)
                .requireExtendedKeyUsage(CertifiedClient.EXTENDED_KEY_USAGE)
                // Serial numbers are of one issuer.
                .revocation(chain -> chain.endEntity().getIssuerX500Principal().equals(issuer)
                        && lists.isRevoked(chain.endEntity().getSerialNumber()))
                .workers(environment.workers())
                .build();
    }

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        try {
            lists.learn();
        } catch (DeliveryException | IOException e) {
            throw new DirectoryUnavailableException(e);
        }
        delegate.validate(claims);
    }

    @Override
    public boolean isStillGood(Transaction tx, ClientId client, Credential.X509 credential) throws SQLException {
        CertificateTable.lock(tx, client.user());
        return !CertificateTable.isRevoked(tx, serial(credential));
    }

    private static Bytes serial(Credential.X509 credential) {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(
                            credential.certificates().get(0).toByteArray()));
            return Bytes.wrap(certificate.getSerialNumber().toByteArray());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was validated cannot be read", e);
        }
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return delegate.identity(claim);
    }
}
