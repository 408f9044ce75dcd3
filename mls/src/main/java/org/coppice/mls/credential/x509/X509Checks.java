package org.coppice.mls.credential.x509;

import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;

/** What {@link X509CredentialValidator} checks of one credential, as its builder was told. Immutable. */
final class X509Checks {
    private static final String KEY_USAGE = "2.5.29.15";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final String ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

    private final Clock clock;
    private final Set<TrustAnchor> anchors;
    private final CertificateSource intermediates;
    private final RevocationChecker revocation;
    private final Supplier<? extends Collection<? extends X509CRL>> revocationLists;
    private final PKIXRevocationChecker platformRevocation;
    private final CertificateIdentity identity;
    private final Duration expiryGrace;
    private final int maxCertificates;
    private final int maxCertificateBytes;
    private final String extendedKeyUsage;
    private final List<SubjectKey.Algorithm> keyAlgorithms;
    private final CertificatePlatform platform;

    X509Checks(X509CredentialValidator.Builder builder) {
        clock = builder.clock;
        anchors = Set.copyOf(builder.anchors);
        intermediates = builder.intermediates;
        revocation = builder.revocation;
        revocationLists = builder.revocationLists;
        platformRevocation = builder.platformRevocation;
        identity = builder.identity;
        expiryGrace = builder.expiryGrace;
        maxCertificates = builder.maxCertificates;
        maxCertificateBytes = builder.maxCertificateBytes;
        extendedKeyUsage = builder.extendedKeyUsage;
        keyAlgorithms = List.copyOf(builder.keyAlgorithms);
        platform = new CertificatePlatform(builder.provider);
    }

    /** Path validation as of now, for one batch of credentials. */
    PathValidation pathValidation() {
        PathValidation validation = new PathValidation(platform, anchors, clock.instant());
        if (revocationLists != null) {
            validation.useRevocationLists(revocationLists.get());
        }
        if (platformRevocation != null) {
            validation.useRevocationChecker(platformRevocation);
        }
        return validation;
    }

    /** Cheap checks first: an attacker pays nothing for a certificate. */
    void check(Credential.X509 credential, IdentityClaim claim, PathValidation validation) throws Refusal {
        List<Bytes> encodings = credential.certificates();
        checkSizes(encodings);
        checkKey(encodings.get(0), claim);
        List<X509Certificate> sent = decode(encodings);
        X509Certificate endEntity = sent.get(0);
        checkUsage(endEntity);
        Duration grace = mayBeOld(claim.event()) ? expiryGrace : Duration.ZERO;
        CertificateChain chain = new PathSearch(platform, validation, intermediates, maxCertificates, grace).find(sent);
        if (revocation.isRevoked(chain)) {
            throw Refusal.because("revoked");
        }
        if (identity.of(endEntity).isEmpty()) {
            throw Refusal.because("no identity").at(0);
        }
    }

    /** The identity of the end entity, if its certificate can be read and has one. */
    Optional<Bytes> identity(Credential.X509 credential) {
        List<Bytes> encodings = credential.certificates();
        try {
            checkSizes(encodings);
            return identity.of(platform.decode(encodings.get(0)));
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    private void checkSizes(List<Bytes> encodings) throws Refusal {
        if (encodings.isEmpty() || encodings.size() > maxCertificates) {
            throw Refusal.because(encodings.size() + " certificates, limit " + maxCertificates);
        }
        for (int i = 0; i < encodings.size(); i++) {
            int length = encodings.get(i).length();
            if (length > maxCertificateBytes) {
                throw Refusal.because(length + " bytes, limit " + maxCertificateBytes)
                        .at(i);
            }
        }
    }

    private void checkKey(Bytes endEntity, IdentityClaim claim) throws Refusal {
        try {
            // R-5.3-02: the certificate is for the leaf's signature_key.
            if (!SubjectKey.of(endEntity, keyAlgorithms)
                    .equals(claim.signatureKey().data())) {
                throw Refusal.keyMismatch("the key is another one");
            }
        } catch (Refusal refusal) {
            throw refusal.at(0);
        }
    }

    private List<X509Certificate> decode(List<Bytes> encodings) throws Refusal {
        List<X509Certificate> out = new ArrayList<>();
        for (int i = 0; i < encodings.size(); i++) {
            try {
                out.add(platform.decode(encodings.get(i)));
            } catch (Refusal refusal) {
                throw refusal.at(i);
            }
        }
        return out;
    }

    private void checkUsage(X509Certificate endEntity) throws Refusal {
        // RFC 5280 §4.2.1.3. The platform gives no usages both for no extension and for one that it cannot read.
        boolean[] usages = endEntity.getKeyUsage();
        if (usages == null ? endEntity.getExtensionValue(KEY_USAGE) != null : !usages[DIGITAL_SIGNATURE]) {
            throw Refusal.because("the key usage does not allow digital signatures")
                    .at(0);
        }
        if (extendedKeyUsage != null && !isMeantFor(endEntity)) {
            throw Refusal.because("the extended key usage is not the one required")
                    .at(0);
        }
    }

    private boolean isMeantFor(X509Certificate endEntity) {
        try {
            List<String> uses = endEntity.getExtendedKeyUsage();
            return uses != null && (uses.contains(extendedKeyUsage) || uses.contains(ANY_EXTENDED_KEY_USAGE));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** R-5.3.2-04: what came in a message may have expired since; what is to be used or joined now may not. */
    private static boolean mayBeOld(IdentityClaim.Event event) {
        return switch (event) {
            case ADD, UPDATE, COMMIT, EXTERNAL_SENDER -> true;
            case KEY_PACKAGE, JOIN -> false;
        };
    }
}
