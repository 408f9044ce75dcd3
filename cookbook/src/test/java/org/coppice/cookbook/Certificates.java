package org.coppice.cookbook;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.coppice.mls.crypto.SignaturePublicKey;

/** A certification authority for the recipes: in life, somebody else runs it. */
final class Certificates {
    private static final AtomicInteger SERIALS = new AtomicInteger();

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate anchor;

    private Certificates(String name) throws GeneralSecurityException {
        this.name = new X500Name("CN=" + name);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        this.keys = generator.generateKeyPair();
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
        this.anchor = sign(builder(this.name, info), true);
    }

    static Certificates authority(String name) throws GeneralSecurityException {
        return new Certificates(name);
    }

    /** What others trust. */
    X509Certificate anchor() {
        return anchor;
    }

    /** A certificate for an Ed25519 signature key. */
    X509Certificate certify(String subject, SignaturePublicKey key) throws GeneralSecurityException {
        SubjectPublicKeyInfo info = new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                key.data().toByteArray());
        return sign(builder(new X500Name("CN=" + subject), info), false);
    }

    /** A certificate by which a P-256 key pair answers for itself, as key stores want one for each key. */
    static X509Certificate selfSigned(String subject, KeyPair keys) throws GeneralSecurityException {
        X500Name name = new X500Name("CN=" + subject);
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
        return sign(builder(name, name, info), keys.getPrivate());
    }

    private X509v3CertificateBuilder builder(X500Name subject, SubjectPublicKeyInfo key) {
        return builder(name, subject, key);
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, SubjectPublicKeyInfo key) {
        Instant now = Instant.now();
        return new X509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(SERIALS.incrementAndGet()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                subject,
                key);
    }

    private X509Certificate sign(X509v3CertificateBuilder builder, boolean isAuthority)
            throws GeneralSecurityException {
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return sign(builder, keys.getPrivate());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
