package org.coppice.mls.credential.x509;

/**
 * The application's knowledge of revoked certificates (RFC 9420 §5.3.2): a list of its own, a cache of OCSP answers, a call to
 * its authentication service. Thread safe.
 *
 * <p>It is asked while a message is processed, and that waits for the answer: once for each chain that passed path validation. A
 * checker that uses the network decides by itself how long that may take, and what an answer that does not come is to mean.
 */
@FunctionalInterface
public interface RevocationChecker {
    /** Whether a certificate of {@code chain} is revoked; the chain is then refused. */
    boolean isRevoked(CertificateChain chain);

    /** Takes no certificate for revoked. */
    static RevocationChecker none() {
        return chain -> false;
    }
}
