package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An authority below a root whose key is kept elsewhere. */
class IntermediateTest extends AuthorityTestBase {
    private final KeyPair rootKeys = TestRequest.generate("Ed25519");
    private final X509Certificate rootCertificate =
            certificate("CN=Root", rootKeys, "CN=Root", rootKeys, KeyUsage.keyCertSign, true);

    private X509Certificate certificate(
            String subject, KeyPair keys, String issuer, KeyPair issuerKeys, int usage, boolean authority) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(clock.instant().minus(Duration.ofDays(1))),
                    Date.from(clock.instant().plus(Duration.ofDays(1000))),
                    new X500Name(subject),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("Ed25519").build(issuerKeys.getPrivate())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Tag("A-8.4.3-01")
    void issuesUnderTheRootWithKeysOfEveryAlgorithm() throws Exception {
        for (String algorithm : TestRequest.ALGORITHMS) {
            KeyPair keys = TestRequest.generate(algorithm);
            X509Certificate own = certificate(
                    "CN=Issuer " + algorithm, keys, "CN=Root", rootKeys, KeyUsage.keyCertSign | KeyUsage.cRLSign, true);
            Authority authority =
                    authority(AuthorityConfig.of(IssuerKey.of(keys.getPrivate(), List.of(own, rootCertificate))));
            assertThat(authority.anchor()).isEqualTo(rootCertificate);
            UserName user = user("alice");
            TestRequest request = TestRequest.of(user + "/laptop");
            IssuedChain chain = enrol(authority, user, request);
            assertThat(chain.certificates()).hasSize(2);
            authority.validator().validate(List.of(claim(chain, request)));
            authority.revoke(new ClientId(user, "laptop"), RevocationReason.UNSPECIFIED);
            assertThatThrownBy(() -> authority.validator().validate(List.of(claim(chain, request))))
                    .isInstanceOf(ValidationException.class);
            X509CRL list = list(authority);
            list.verify(own.getPublicKey());
            assertThat(list.getRevokedCertificate(certificate(chain))).isNotNull();
        }
    }

    @Test
    void aCertificateThatIsNotForThatIsRefused() {
        KeyPair keys = TestRequest.generate("Ed25519");
        for (X509Certificate wrong : List.of(
                certificate("CN=Issuer", keys, "CN=Root", rootKeys, KeyUsage.keyCertSign, true),
                certificate("CN=Issuer", keys, "CN=Root", rootKeys, KeyUsage.cRLSign, true),
                certificate("CN=Issuer", keys, "CN=Root", rootKeys, KeyUsage.keyCertSign | KeyUsage.cRLSign, false))) {
            assertThatThrownBy(() -> IssuerKey.of(keys.getPrivate(), List.of(wrong, rootCertificate)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
