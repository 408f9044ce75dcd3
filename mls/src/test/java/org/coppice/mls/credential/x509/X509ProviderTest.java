package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;

import java.io.InputStream;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CRL;
import java.security.cert.CertPath;
import java.security.cert.CertPathParameters;
import java.security.cert.CertPathValidatorResult;
import java.security.cert.CertPathValidatorSpi;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateFactorySpi;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;

/** The platform behind path validation: which one, and what it may throw. */
class X509ProviderTest {
    private final TestCertificate root = TestCertificate.root("CN=root", "Ed25519");
    private final TestCertificate authority = root.authority("CN=authority");
    private final TestCertificate alice = authority.leaf("CN=alice");

    private X509CredentialValidator with(Provider provider) {
        return X509CredentialValidator.builder(CLOCK)
                .trust(root.certificate())
                .intermediates(CertificateSource.of(List.of(authority.certificate())))
                .provider(provider)
                .build();
    }

    @Test
    void validatesWithTheProviderGiven() throws ValidationException {
        X509CredentialValidator other = with(new BouncyCastleProvider());

        accepts(other, alice.claim(authority, root), alice.claim());
        rejects(
                other,
                "",
                TestCertificate.root("CN=root", "Ed25519").leaf("CN=alice").claim());
    }

    @Test
    void refusesProvidersWithoutPathValidation() {
        assertThatThrownBy(() -> with(Security.getProvider("SunEC"))).isInstanceOf(IllegalArgumentException.class);
    }

    /** This provider reads BER and verifies signatures over what it makes DER of that: two encodings of one certificate. */
    @Test
    void rejectsInnerLengthsInALongerFormWhateverTheProvider() throws Refusal {
        Bytes changed = withLongerSubject(alice.der());
        IdentityClaim claim =
                new IdentityClaim(new Credential.X509(List.of(changed)), alice.signatureKey(), IdentityClaim.Event.ADD);

        rejects(with(new BouncyCastleProvider()), "not the DER encoding of a certificate", claim);
        rejects(
                X509CredentialValidator.builder(CLOCK)
                        .trust(authority.certificate())
                        .build(),
                Rule.CREDENTIAL_REJECTED,
                "",
                claim);
    }

    /** The same certificate with the first length inside the subject in two bytes instead of one. */
    private static Bytes withLongerSubject(Bytes certificate) throws Refusal {
        Der outer = new Der(Der.only(Der.SEQUENCE, certificate));
        Der tbs = new Der(outer.read(Der.SEQUENCE));
        TlsWriter out = new TlsWriter();
        out.raw(tbs.readWhole(0xa0)).raw(tbs.readWhole(Der.INTEGER));
        for (int i = 0; i < 3; i++) {
            out.raw(tbs.readWhole(Der.SEQUENCE));
        }
        Bytes name = Der.only(0x31, tbs.read(Der.SEQUENCE));
        out.raw(encode(
                Der.SEQUENCE,
                new TlsWriter().uint8(0x31).uint8(0x81).uint8(name.length()).raw(name)));
        out.raw(tbs.readWhole(Der.SEQUENCE));
        return encode(
                Der.SEQUENCE,
                new TlsWriter()
                        .raw(encode(Der.SEQUENCE, out))
                        .raw(outer.readWhole(Der.SEQUENCE))
                        .raw(outer.readWhole(Der.BIT_STRING)));
    }

    private static Bytes encode(int tag, TlsWriter content) {
        TlsWriter out = new TlsWriter().uint8(tag);
        if (content.size() >= 0x80) {
            out.uint8(0x81);
        }
        return out.uint8(content.size()).raw(content.toBytes()).toBytes();
    }

    @Test
    void refusesCertificatesThatTheProviderFailsToRead() {
        rejects(with(new Faulty(true)), "certificate 0: malformed certificate", alice.claim(authority));
    }

    @Test
    void refusesPathsThatTheProviderFailsToValidate() {
        rejects(with(new Faulty(false)), "path validation failed", alice.claim(authority));
    }

    @Test
    void checksSignaturesOfStoredCertificatesWithTheProviderGiven() {
        // This one has no signatures at all, so the store's certificate is not even tried.
        rejects(with(new Faulty(false)), "no path to a trust anchor", alice.claim());
    }

    /** Throws what no platform should; without certificates as asked, and always for paths. */
    private static final class Faulty extends Provider {
        private static final long serialVersionUID = 1L;

        private final boolean certificatesToo;

        Faulty(boolean certificatesToo) {
            super("Faulty", "1", "for this test");
            this.certificatesToo = certificatesToo;
            putService(new Service(this, "CertificateFactory", "X.509", "here", null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new FaultyFactory(Faulty.this.certificatesToo);
                }
            });
            putService(new Service(this, "CertPathValidator", "PKIX", "here", null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new FaultyPaths();
                }
            });
        }
    }

    private static final class FaultyFactory extends CertificateFactorySpi {
        private final boolean faulty;

        FaultyFactory(boolean faulty) {
            this.faulty = faulty;
        }

        @Override
        public Certificate engineGenerateCertificate(InputStream in) throws CertificateException {
            if (faulty) {
                throw new IllegalStateException("on purpose");
            }
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }

        @Override
        public CertPath engineGenerateCertPath(List<? extends Certificate> certificates) throws CertificateException {
            return CertificateFactory.getInstance("X.509").generateCertPath(certificates);
        }

        @Override
        public Collection<? extends Certificate> engineGenerateCertificates(InputStream in) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CRL engineGenerateCRL(InputStream in) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Collection<? extends CRL> engineGenerateCRLs(InputStream in) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class FaultyPaths extends CertPathValidatorSpi {
        @Override
        public CertPathValidatorResult engineValidate(CertPath path, CertPathParameters parameters) {
            throw new IllegalStateException("on purpose");
        }
    }
}
