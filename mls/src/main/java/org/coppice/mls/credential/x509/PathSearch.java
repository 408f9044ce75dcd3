package org.coppice.mls.credential.x509;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the way from the certificates that were sent to a trust anchor, for one credential.
 *
 * <pre>
 *   sent:     end entity -> issuer -> issuer        each the issuer of the one before, or the chain is refused
 *                             |          |
 *   anchor?                 (first)    (then)       what is sent behind an anchor's child need only be linked
 *                                        |
 *   store:                               +-> candidate -> candidate -> ...   until an anchor's name appears
 * </pre>
 *
 * <p>By hand, since {@code CertPathBuilder} takes certificates in any order and leaves out what it does not need, where RFC 9420
 * §5.3 fixes the order. Not thread safe.
 */
final class PathSearch {
    /** How many signatures of stored certificates are tried: names alone cost little, but may be those of many. */
    private static final int MAX_STEPS = 32;

    private final CertificatePlatform platform;
    private final PathValidation validation;
    private final CertificateSource store;
    private final int maxLength;
    private final Duration grace;
    private int steps;
    private Refusal first;

    PathSearch(
            CertificatePlatform platform,
            PathValidation validation,
            CertificateSource store,
            int maxLength,
            Duration grace) {
        this.platform = platform;
        this.validation = validation;
        this.store = store;
        this.maxLength = maxLength;
        this.grace = grace;
    }

    /** The validated chain from the first of {@code sent} to the nearest anchor, beyond which nothing is kept. */
    CertificateChain find(List<X509Certificate> sent) throws Refusal {
        checkLinks(sent);
        for (int length = 1; length < sent.size(); length++) {
            CertificateChain chain = tryPath(sent.subList(0, length));
            if (chain != null) {
                checkSignatures(sent, length);
                return chain;
            }
        }
        CertificateChain chain = extend(sent);
        if (chain != null) {
            return chain;
        }
        throw first != null ? first : Refusal.because("no path to a trust anchor");
    }

    /** R-5.3-01: each certificate is followed by its issuer's. */
    private static void checkLinks(List<X509Certificate> sent) throws Refusal {
        for (int i = 1; i < sent.size(); i++) {
            boolean repeated = sent.subList(0, i).contains(sent.get(i));
            if (repeated || !isNamedIssuer(sent.get(i - 1), sent.get(i))) {
                throw Refusal.because("not the issuer of the certificate before it")
                        .at(i);
            }
        }
    }

    /** Path validation looked at the first {@code validated} certificates only. */
    private void checkSignatures(List<X509Certificate> sent, int validated) throws Refusal {
        for (int i = validated; i < sent.size(); i++) {
            if (!platform.isSignedBy(sent.get(i - 1), sent.get(i))) {
                throw Refusal.because("not the issuer of the certificate before it")
                        .at(i);
            }
        }
    }

    /** The chain through {@code path} and stored certificates, or {@code null}. */
    private CertificateChain extend(List<X509Certificate> path) {
        CertificateChain chain = tryPath(path);
        if (chain != null || path.size() == maxLength) {
            return chain;
        }
        X509Certificate last = path.get(path.size() - 1);
        for (X509Certificate issuer : store.withSubject(last.getIssuerX500Principal())) {
            if (!isNamedIssuer(last, issuer) || path.contains(issuer)) {
                continue;
            }
            if (steps == MAX_STEPS) {
                return null;
            }
            steps++;
            if (platform.isSignedBy(last, issuer)) {
                List<X509Certificate> longer = new ArrayList<>(path);
                longer.add(issuer);
                chain = extend(longer);
                if (chain != null) {
                    return chain;
                }
            }
        }
        return null;
    }

    private CertificateChain tryPath(List<X509Certificate> path) {
        if (!validation.mayEndAt(path.get(path.size() - 1))) {
            return null;
        }
        try {
            return validation.validate(path, grace);
        } catch (Refusal refusal) {
            // The reason of the shortest path is the one to tell; another path may still pass.
            first = first != null ? first : refusal;
            return null;
        }
    }

    private static boolean isNamedIssuer(X509Certificate certificate, X509Certificate issuer) {
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    }
}
