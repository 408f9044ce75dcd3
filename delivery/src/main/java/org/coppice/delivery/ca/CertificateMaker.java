package org.coppice.delivery.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.coppice.delivery.api.CertifiedClient;
import org.coppice.mls.crypto.Randomness;

/** Writes and signs certificates and revocation lists (RFC 5280). Thread safe. */
final class CertificateMaker {
    /** Clocks of clients may be behind. */
    private static final Duration BACKDATED = Duration.ofMinutes(10);

    private static final X500Name NO_NAME = new X500Name(new RDN[0]);
    private static final KeyPurposeId MESSAGING = KeyPurposeId.getInstance(
            new org.bouncycastle.asn1.ASN1ObjectIdentifier(CertifiedClient.EXTENDED_KEY_USAGE));
    private static final int SERIAL_BYTES = 16;

    private final IssuerKey issuer;
    private final Randomness randomness;
    private final X500Name issuerName;

    CertificateMaker(IssuerKey issuer, Randomness randomness) {
        this.issuer = issuer;
        this.randomness = randomness;
        issuerName = X500Name.getInstance(
                issuer.certificate().getSubjectX500Principal().getEncoded());
    }

    /**
     * A certificate for the client and key of a checked request: the name is a URI among the alternative names, the subject is empty.
     *
     * @param lifetime how long it is to be valid; no longer than the issuer's own certificate
     */
    X509Certificate certificate(CertificateRequest request, Instant now, Duration lifetime) {
        Instant end =
                earlier(now.plus(lifetime), issuer.certificate().getNotAfter().toInstant());
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuerName,
                serial(),
                Date.from(now.minus(BACKDATED)),
                Date.from(end.truncatedTo(ChronoUnit.SECONDS)),
                NO_NAME,
                request.keyInfo());
        GeneralName name = new GeneralName(
                GeneralName.uniformResourceIdentifier, request.client().uri());
        try {
            // RFC 5280 §4.2.1.6: critical, as the subject is empty.
            builder.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(name));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(MESSAGING));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(issuer.certificate().getPublicKey()));
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot write certificates", e);
        }
    }

    /**
     * A certificate that counts no more.
     *
     * @param serial its number
     * @param since when it was revoked
     * @param reason why
     */
    record Revoked(BigInteger serial, Instant since, RevocationReason reason) {}

    /** A complete list of what is revoked. */
    X509CRL revocationList(long number, Instant now, Instant nextUpdate, List<Revoked> revoked) {
        X509v2CRLBuilder builder = new X509v2CRLBuilder(issuerName, Date.from(now));
        builder.setNextUpdate(Date.from(nextUpdate));
        for (Revoked entry : revoked) {
            builder.addCRLEntry(
                    entry.serial(), Date.from(entry.since()), entry.reason().code());
        }
        try {
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(issuer.certificate().getPublicKey()));
            return new JcaX509CRLConverter().getCRL(builder.build(signer()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot write revocation lists", e);
        }
    }

    private ContentSigner signer() {
        try {
            return new JcaContentSignerBuilder(issuer.algorithm()).build(issuer.key());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("the authority's key does not sign", e);
        }
    }

    /** RFC 5280 §4.1.2.2: positive, at most 20 bytes; random, so that it tells nothing. */
    private BigInteger serial() {
        byte[] random = randomness.bytes(SERIAL_BYTES);
        return new BigInteger(1, random).add(BigInteger.ONE);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
