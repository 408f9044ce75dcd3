package org.coppice.delivery.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the key and certificate of an authority that nobody has set up: P-256, which every platform verifies, for ten years. */
final class RootMaker {
    private static final Duration LIFETIME = Duration.ofDays(3653);
    private static final Duration BACKDATED = Duration.ofHours(1);

    private RootMaker() {}

    /** A new authority. */
    record Root(PrivateKey key, X509Certificate certificate) {
        @Override
        public String toString() {
            return "Root[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    /** By the platform's own generator, whatever the service's randomness is: nobody replays the making of an authority. */
    static Root make(Clock clock) {
        SecureRandom random = new SecureRandom();
        // A name of its own, so that the anchors of two services are not taken for each other.
        X500Name name = new X500Name("CN=Coppice authority " + String.format("%08x", random.nextInt()));
        Instant now = clock.instant();
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair keys = generator.generateKeyPair();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(126, random).add(BigInteger.ONE),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(LIFETIME)),
                    name,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return new Root(
                    keys.getPrivate(),
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new AssertionError("every Java platform has P-256", e);
        }
    }
}
