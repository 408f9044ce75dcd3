package org.coppice.delivery.http;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.ca.IssuedChain;
import org.coppice.delivery.ca.IssuedCode;
import org.coppice.delivery.ca.RevocationReason;
import org.coppice.mls.codec.Bytes;

/** An authority that checks nothing and always answers the same. */
final class FakeAuthority implements AuthorityBackend {
    static final String OPERATOR = "the-token-of-the-operator";

    /** Made once with OpenSSL; nobody has its key. */
    static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBiTCCAS+gAwIBAgIUSv7UawuuuusyjIQ0XFJNVhTp5JQwCgYIKoZIzj0EAwIw
            GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTIzMDQwODQ2WhgPMjEy
            NjEwMzAwNDA4NDZaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAEVUH5+T/LrKPapCj4f9H/JY5XLdjFplEn4GRe9PXD
            TwLNE+qUEmmfvmSCsfnBBaLxi0lgTjJo3TW6m9PVpBCK3qNTMFEwHQYDVR0OBBYE
            FM6+kdBXhWA14KulY5NX8krEkgwSMB8GA1UdIwQYMBaAFM6+kdBXhWA14KulY5NX
            8krEkgwSMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAMcrNsaE
            0TwM1WqfA6oXAkE2Zz1Ge3tyzvk7L4vK8j41AiBOuaGO/T9Kz8NSzdbtX1M7zYPi
            pGqQ/ck7ar0fBfeOsA==
            -----END CERTIFICATE-----
            """;

    private static final Bytes DER = Bytes.fromHex("3003010100");
    private static final IssuedChain CHAIN =
            new IssuedChain(ClientId.parse("alice/laptop"), List.of(DER), FakeService.EXPIRES);
    private static final IssuedCode CODE = new IssuedCode("k7f3q-9tm2x-4wd8h-p5rca", FakeService.EXPIRES);

    @Override
    public X509Certificate anchor() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(PEM.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Bytes revocationList() {
        return DER;
    }

    @Override
    public IssuedChain enrolByCode(Bytes request, String code, String origin) {
        return CHAIN;
    }

    @Override
    public IssuedChain enrolByToken(Bytes request, String token, String origin) {
        return CHAIN;
    }

    @Override
    public IssuedChain renew(ClientId client, Bytes request, Bytes consent) {
        return CHAIN;
    }

    @Override
    public IssuedCode makeCode(ClientId maker, Optional<String> device, Consent consent) {
        return CODE;
    }

    @Override
    public int revokeOwn(ClientId by, ClientId client, RevocationReason reason, Consent consent) {
        return 1;
    }

    @Override
    public void requireOperator(String token, String origin) throws DeliveryException {
        if (!token.equals(OPERATOR)) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "not the operator").asException();
        }
    }

    @Override
    public IssuedCode makeCode(UserName user, Optional<String> device) {
        return CODE;
    }

    @Override
    public int revoke(ClientId client, RevocationReason reason) {
        return 1;
    }
}
