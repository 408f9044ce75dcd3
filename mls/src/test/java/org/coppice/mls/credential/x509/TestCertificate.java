package org.coppice.mls.credential.x509;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CRL;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;

/** A certificate with its key pair, made at test time. The signer may be another than the named issuer. */
record TestCertificate(X500Name subject, KeyPair keys, String algorithm, X509Certificate certificate) {
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final Duration DAY = Duration.ofDays(1);

    private static final AtomicLong SERIAL = new AtomicLong(1);

    /** A self-signed authority. */
    static TestCertificate root(String name, String algorithm) {
        return template(name, algorithm).authority().selfSigned();
    }

    static Template template(String name, String algorithm) {
        return new Template(name, algorithm);
    }

    /** An authority below this one. */
    TestCertificate authority(String name) {
        return template(name, algorithm).authority().issuedBy(this);
    }

    /** An end entity below this authority. */
    TestCertificate leaf(String name) {
        return template(name, algorithm).issuedBy(this);
    }

    Bytes der() {
        try {
            return Bytes.wrap(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The raw key, found by another parser than the one under test. */
    SignaturePublicKey signatureKey() {
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
        return new SignaturePublicKey(Bytes.wrap(info.getPublicKeyData().getBytes()));
    }

    /** This certificate and its issuers as a claim for this certificate's key. */
    IdentityClaim claim(TestCertificate... issuers) {
        return claim(IdentityClaim.Event.KEY_PACKAGE, issuers);
    }

    IdentityClaim claim(IdentityClaim.Event event, TestCertificate... issuers) {
        List<Bytes> chain = new ArrayList<>(List.of(der()));
        for (TestCertificate issuer : issuers) {
            chain.add(issuer.der());
        }
        return new IdentityClaim(new Credential.X509(chain), signatureKey(), event);
    }

    /** A revocation list of this authority, current at {@link #NOW}. */
    X509CRL revoking(TestCertificate... revoked) {
        return revokingAt(NOW, revoked);
    }

    X509CRL revokingAt(Instant time, TestCertificate... revoked) {
        X509v2CRLBuilder builder = new X509v2CRLBuilder(subject, Date.from(time.minus(DAY)));
        builder.setNextUpdate(Date.from(time.plus(DAY)));
        for (TestCertificate entry : revoked) {
            builder.addCRLEntry(entry.certificate.getSerialNumber(), Date.from(time.minus(DAY)), 0);
        }
        try {
            CRL list = new JcaX509CRLConverter().getCRL(builder.build(signer(this)));
            return (X509CRL) list;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair generate(String algorithm) {
        try {
            if (!algorithm.startsWith("secp")) {
                return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(algorithm));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static ContentSigner signer(TestCertificate signer) {
        String name = switch (signer.algorithm) {
            case "secp256r1" -> "SHA256withECDSA";
            case "secp384r1" -> "SHA384withECDSA";
            case "secp521r1" -> "SHA512withECDSA";
            default -> signer.algorithm;
        };
        try {
            return new JcaContentSignerBuilder(name).build(signer.keys.getPrivate());
        } catch (OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** What a certificate is to say; by default an end entity's without a name extension, valid for a month around now. */
    static final class Template {
        private final X500Name subject;
        private final String algorithm;
        private final List<Extension> extensions = new ArrayList<>();
        private KeyPair keys;
        private SubjectPublicKeyInfo keyInfo;
        private Instant notBefore = NOW.minus(DAY.multipliedBy(30));
        private Instant notAfter = NOW.plus(DAY.multipliedBy(30));

        private Template(String name, String algorithm) {
            this.subject = new X500Name(name);
            this.algorithm = algorithm;
        }

        Template authority() {
            return extension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
        }

        Template usage(int bits) {
            return extension(Extension.keyUsage, true, new KeyUsage(bits));
        }

        Template names(GeneralName... names) {
            return extension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }

        Template dns(String name) {
            return names(new GeneralName(GeneralName.dNSName, name));
        }

        Template extension(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
            try {
                extensions.add(
                        new Extension(oid, critical, value.toASN1Primitive().getEncoded()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return this;
        }

        Template extension(ASN1ObjectIdentifier oid, boolean critical, byte[] value) {
            extensions.add(new Extension(oid, critical, value));
            return this;
        }

        Template keys(KeyPair keys) {
            this.keys = keys;
            return this;
        }

        Template keyInfo(SubjectPublicKeyInfo keyInfo) {
            this.keyInfo = keyInfo;
            return this;
        }

        Template valid(Instant notBefore, Instant notAfter) {
            this.notBefore = notBefore;
            this.notAfter = notAfter;
            return this;
        }

        TestCertificate selfSigned() {
            KeyPair own = keys != null ? keys : generate(algorithm);
            keys = own;
            return build(subject, new TestCertificate(subject, own, algorithm, null));
        }

        TestCertificate issuedBy(TestCertificate issuer) {
            return build(issuer.subject, issuer);
        }

        /** The encoding alone, of a certificate that the platform may be unable to read. */
        Bytes derIssuedBy(TestCertificate issuer) {
            try {
                return Bytes.wrap(holder(issuer.subject, issuer, keyInfo).getEncoded());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private TestCertificate build(X500Name issuer, TestCertificate signer) {
            KeyPair own = keys != null ? keys : generate(algorithm);
            SubjectPublicKeyInfo info = keyInfo != null
                    ? keyInfo
                    : SubjectPublicKeyInfo.getInstance(own.getPublic().getEncoded());
            try {
                X509Certificate certificate =
                        new JcaX509CertificateConverter().getCertificate(holder(issuer, signer, info));
                return new TestCertificate(subject, own, algorithm, certificate);
            } catch (GeneralSecurityException | IOException e) {
                throw new AssertionError(e);
            }
        }

        private X509CertificateHolder holder(X500Name issuer, TestCertificate signer, SubjectPublicKeyInfo info)
                throws IOException {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(notBefore),
                    Date.from(notAfter),
                    subject,
                    info);
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            return builder.build(signer(signer));
        }
    }
}
