package org.coppice.cli.tree;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.coppice.mls.codec.Bytes;

/** Names in certificates, for people to read; nothing is verified. */
final class Certificates {
    private Certificates() {}

    /** The common name of the subject. */
    static Optional<String> subject(Bytes der) {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(String::valueOf)
                            .map(name -> name.replaceAll("\\p{C}", "?"))
                            .findFirst();
        } catch (CertificateException | InvalidNameException e) {
            return Optional.empty();
        }
    }
}
