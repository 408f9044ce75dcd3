package org.coppice.mls.credential.x509;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** Path validation (RFC 5280 §6) as of one moment, by the platform. Once set up, it may be shared by threads. */
final class PathValidation {
    private final CertificatePlatform platform;
    private final PKIXParameters parameters;
    private final Instant now;

    PathValidation(CertificatePlatform platform, Set<TrustAnchor> anchors, Instant now) {
        this.platform = platform;
        this.now = now;
        try {
            parameters = new PKIXParameters(anchors);
        } catch (InvalidAlgorithmParameterException e) {
            throw new AssertionError("the builder lets no empty set pass", e);
        }
        // Otherwise the platform would want a CRL of every authority.
        parameters.setRevocationEnabled(false);
    }

    /** From now on a certificate passes only if one of these lists, current and of its issuer, does not name it. */
    void useRevocationLists(Collection<? extends X509CRL> lists) {
        try {
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.copyOf(lists))));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every platform has collections", e);
        }
        parameters.setRevocationEnabled(true);
    }

    /** From now on the platform's own checker is asked too; each validation works with a copy of it. */
    void useRevocationChecker(PKIXRevocationChecker checker) {
        parameters.addCertPathChecker(checker);
    }

    /** Whether an anchor has the name that {@code certificate} gives for its issuer. */
    boolean mayEndAt(X509Certificate certificate) {
        X500Principal issuer = certificate.getIssuerX500Principal();
        for (TrustAnchor anchor : parameters.getTrustAnchors()) {
            X509Certificate trusted = anchor.getTrustedCert();
            if (issuer.equals(trusted != null ? trusted.getSubjectX500Principal() : anchor.getCA())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Validates {@code path} up to an anchor.
     *
     * @param path the end entity's certificate first, without the anchor's
     * @param grace how long ago the first certificate of the path to expire may have done so
     */
    CertificateChain validate(List<X509Certificate> path, Duration grace) throws Refusal {
        Instant time = time(path, grace);
        PKIXParameters atTime = (PKIXParameters) parameters.clone();
        atTime.setDate(Date.from(time));
        try {
            PKIXCertPathValidatorResult result =
                    (PKIXCertPathValidatorResult) platform.validator().validate(platform.path(path), atTime);
            return new CertificateChain(path, result.getTrustAnchor(), time);
        } catch (CertPathValidatorException e) {
            Refusal refusal = Refusal.because(reason(e.getReason()));
            throw e.getIndex() >= 0 ? refusal.at(e.getIndex()) : refusal;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw Refusal.because("path validation failed");
        }
    }

    /** Now, or within the grace the last moment at which no certificate of {@code path} had expired. */
    private Instant time(List<X509Certificate> path, Duration grace) {
        Instant end = now;
        for (X509Certificate certificate : path) {
            Instant notAfter = certificate.getNotAfter().toInstant();
            end = notAfter.isBefore(end) ? notAfter : end;
        }
        return Duration.between(end, now).compareTo(grace) <= 0 ? end : now;
    }

    /** The platform's texts quote names; its constants do not. */
    private static String reason(CertPathValidatorException.Reason reason) {
        boolean known = reason instanceof PKIXReason || reason instanceof BasicReason;
        return known && reason != BasicReason.UNSPECIFIED
                ? ((Enum<?>) reason).name().toLowerCase(Locale.ROOT).replace('_', ' ')
                : "path validation failed";
    }
}
