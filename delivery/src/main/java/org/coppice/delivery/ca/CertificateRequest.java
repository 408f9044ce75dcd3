package org.coppice.delivery.ca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;

/**
 * A checked certification request (PKCS #10, RFC 2986): which client asks, and for which key, of which it has shown possession. Of all
 * else that the request says nothing gets into a certificate.
 *
 * @param client the client that it names
 * @param keyInfo the key as X.509 writes it
 * @param key the same key as MLS writes it
 */
record CertificateRequest(ClientId client, SubjectPublicKeyInfo keyInfo, SignaturePublicKey key) {
    /** Far more than a request with one name and one key has. */
    private static final int MAX_BYTES = 4096;

    private static final String SCHEME = "coppice:";

    /**
     * Reads and checks a request.
     *
     * @throws DeliveryException refused by one of the REQUEST rules of {@link AuthorityRule}
     */
    static CertificateRequest check(Bytes der, Environment environment) throws DeliveryException {
        try {
            PKCS10CertificationRequest request = decode(der);
            ClientId client = client(request);
            KeyKind kind =
                    KeyKind.of(request.getSubjectPublicKeyInfo()).orElseThrow(AuthorityRule.REQUEST_KEY::refusal);
            SignaturePublicKey key = checkProof(request, kind, environment);
            return new CertificateRequest(client, request.getSubjectPublicKeyInfo(), key);
        } catch (IOException | RuntimeException e) {
            // The parser throws what its author did not foresee, too.
            throw AuthorityRule.REQUEST_MALFORMED.refusal();
        }
    }

    private static PKCS10CertificationRequest decode(Bytes der) throws IOException, DeliveryException {
        if (der.length() > MAX_BYTES) {
            throw AuthorityRule.REQUEST_MALFORMED.refusal();
        }
        PKCS10CertificationRequest request = new PKCS10CertificationRequest(der.toByteArray());
        // The parser also takes BER; what is signed has one encoding.
        if (!Bytes.wrap(request.toASN1Structure().getEncoded(ASN1Encoding.DER)).equals(der)) {
            throw AuthorityRule.REQUEST_MALFORMED.refusal();
        }
        return request;
    }

    private static ClientId client(PKCS10CertificationRequest request) throws DeliveryException {
        List<GeneralName> names = new ArrayList<>();
        for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            for (var value : attribute.getAttributeValues()) {
                GeneralNames found =
                        GeneralNames.fromExtensions(Extensions.getInstance(value), Extension.subjectAlternativeName);
                if (found != null) {
                    names.addAll(List.of(found.getNames()));
                }
            }
        }
        if (names.size() == 1 && names.get(0).getTagNo() == GeneralName.uniformResourceIdentifier) {
            String uri = names.get(0).getName().toString();
            if (uri.startsWith(SCHEME)) {
                return ClientId.ofIdentity(
                                Bytes.wrap(uri.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8)))
                        .orElseThrow(AuthorityRule.REQUEST_NAMES::refusal);
            }
        }
        throw AuthorityRule.REQUEST_NAMES.refusal();
    }

    /** By MLS's own rules for keys and signatures, so that no key gets a certificate that members would not take. */
    private static SignaturePublicKey checkProof(
            PKCS10CertificationRequest request, KeyKind kind, Environment environment)
            throws DeliveryException, IOException {
        byte[] raw = request.getSubjectPublicKeyInfo().getPublicKeyData().getOctets();
        SignatureScheme.VerifyingKey verifier;
        try {
            SignatureScheme scheme = environment.crypto(kind.suite()).parts().signatures();
            scheme.checkPublicKey(raw);
            verifier = scheme.loadPublic(raw);
        } catch (CryptoException e) {
            throw AuthorityRule.REQUEST_KEY.refusal();
        }
        byte[] signed = request.toASN1Structure().getCertificationRequestInfo().getEncoded(ASN1Encoding.DER);
        if (!kind.isSignedWith(request.getSignatureAlgorithm()) || !verifier.verify(signed, request.getSignature())) {
            throw AuthorityRule.REQUEST_PROOF.refusal();
        }
        return new SignaturePublicKey(Bytes.wrap(raw));
    }

    /** The hash that the authority knows the key by: SHA-256 of the SubjectPublicKeyInfo, as in RFC 7469. */
    Bytes keyHash() {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(keyInfo.getEncoded(ASN1Encoding.DER)));
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new AssertionError("every platform has SHA-256, and what was decoded can be encoded", e);
        }
    }
}
