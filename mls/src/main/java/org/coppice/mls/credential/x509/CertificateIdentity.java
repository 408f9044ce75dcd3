package org.coppice.mls.credential.x509;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;

/**
 * Which of the names in a certificate is the client's identity: the application's choice (RFC 9420 §5.3, "reference
 * identifier"). Thread safe, and the same answer for the same certificate.
 *
 * <p>An application of mailboxes might answer with the one rfc822Name, in lower case, and with nothing for a certificate that
 * has none or several.
 */
@FunctionalInterface
public interface CertificateIdentity {
    /**
     * The identity that {@code endEntity} is for, in an encoding where equal means the same client; empty if the certificate
     * names no client that the application would accept. Whether the certificate is valid is not to be asked here: this is
     * also called for certificates that expired since they were accepted.
     */
    Optional<Bytes> of(X509Certificate endEntity);

    /**
     * All names of the subject, in an encoding that does not depend on their order:
     *
     * <ul>
     *   <li>the byte 1, then the names of the SubjectAltName extension, if there is one: each its tag and {@code opaque<V>}
     *       content, host names in lower case, sorted, none twice;
     *   <li>otherwise the byte 2 and the subject's distinguished name in its DER encoding.
     * </ul>
     *
     * <p>Empty if the extension is malformed or holds no name, or if there is neither extension nor subject. A certificate with
     * one more name is another identity under this rule; so an application that renews certificates with changed names writes
     * its own.
     */
    static CertificateIdentity subjectNames() {
        return SubjectNames::of;
    }
}
