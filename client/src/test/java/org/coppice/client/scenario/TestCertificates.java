package org.coppice.client.scenario;

import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that makes certificates of TLS servers. */
final class TestCertificates {
    static final String PASSWORD = "changeit";

    private static final Duration DAY = Duration.ofDays(1);

    final X509Certificate authority;
    private final X500Name name;
    private final PrivateKey key;
    private long serial = 1;

    TestCertificates(String name) throws Exception {
        this.name = new X500Name("CN=" + name);
        KeyPair keys = newKeys();
        key = keys.getPrivate();
        X509v3CertificateBuilder builder =
                builder(this.name, keys.getPublic(), Instant.now().minus(DAY), DAY.multipliedBy(9));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        authority = signed(builder);
    }

    /** A server's key and chain in a PKCS #12 file, valid now. */
    X509Certificate issue(Path file, GeneralName host) throws Exception {
        return issue(file, host, Instant.now().minus(DAY), DAY.multipliedBy(2));
    }

    X509Certificate issue(Path file, GeneralName host, Instant from, Duration lifetime) throws Exception {
        KeyPair keys = newKeys();
        X509v3CertificateBuilder builder = builder(new X500Name("CN=server"), keys.getPublic(), from, lifetime);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(host));
        X509Certificate certificate = signed(builder);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", keys.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {certificate, authority});
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return certificate;
    }

    private static KeyPair newKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private X509v3CertificateBuilder builder(X500Name subject, PublicKey subjectKey, Instant from, Duration lifetime) {
        return new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serial++),
                Date.from(from),
                Date.from(from.plus(lifetime)),
                subject,
                subjectKey);
    }

    private X509Certificate signed(X509v3CertificateBuilder builder) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }
}
