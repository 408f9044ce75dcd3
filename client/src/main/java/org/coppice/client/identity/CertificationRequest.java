package org.coppice.client.identity;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.CryptoException;

/**
 * A request for a certificate (PKCS #10, RFC 2986), signed by whoever holds the key, which stays there. It asks for one name, the URI of
 * the client among the subject alternative names. Immutable.
 *
 * <p>The bytes that are signed begin with the tag of a SEQUENCE and a number; those of every signature of MLS with the length of a label
 * and "MLS 1.0" (RFC 9420 §5.1.2). So neither can be taken for the other.
 */
public final class CertificationRequest {
    // RFC 8410 §3.
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");
    private static final ASN1ObjectIdentifier ED448 = new ASN1ObjectIdentifier("1.3.101.113");

    private final Bytes der;
    private final Bytes keyHash;

    private CertificationRequest(Bytes der, Bytes keyHash) {
        this.der = der;
        this.keyHash = keyHash;
    }

    /**
     * Makes a request.
     *
     * @param algorithm the signature algorithm of {@code signer}
     * @throws CryptoException if the signer does not sign
     */
    public static CertificationRequest of(ClientId client, SignatureAlgorithm algorithm, Signer signer)
            throws CryptoException {
        try {
            SubjectPublicKeyInfo key = new SubjectPublicKeyInfo(
                    keyAlgorithm(algorithm), signer.publicKey().data().toByteArray());
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, client.uri())));
            Attribute wanted =
                    new Attribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new DERSet(extensions.generate()));
            CertificationRequestInfo info =
                    new CertificationRequestInfo(new X500Name(new RDN[0]), key, new DERSet(wanted));
            byte[] signature = signer.sign(info.getEncoded(ASN1Encoding.DER));
            byte[] der = new org.bouncycastle.asn1.pkcs.CertificationRequest(
                            info, signatureAlgorithm(algorithm), new DERBitString(signature))
                    .getEncoded(ASN1Encoding.DER);
            return new CertificationRequest(
                    Bytes.wrap(der),
                    Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(key.getEncoded(ASN1Encoding.DER))));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError("memory can be written, and every platform has SHA-256", e);
        }
    }

    /** The request in DER. */
    public Bytes der() {
        return der;
    }

    /**
     * The {@code nonce} to ask an OpenID provider for a token with, so that it can enrol this key and no other: the SHA-256 hash of the
     * SubjectPublicKeyInfo in base64url without padding.
     */
    public String nonce() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(keyHash.toByteArray());
    }

    private static AlgorithmIdentifier keyAlgorithm(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ED25519 -> new AlgorithmIdentifier(ED25519);
            case ED448 -> new AlgorithmIdentifier(ED448);
            case ECDSA_SECP256R1_SHA256 -> onCurve(SECObjectIdentifiers.secp256r1);
            case ECDSA_SECP384R1_SHA384 -> onCurve(SECObjectIdentifiers.secp384r1);
            case ECDSA_SECP521R1_SHA512 -> onCurve(SECObjectIdentifiers.secp521r1);
        };
    }

    private static AlgorithmIdentifier onCurve(ASN1ObjectIdentifier curve) {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve);
    }

    private static AlgorithmIdentifier signatureAlgorithm(SignatureAlgorithm algorithm) {
        return new AlgorithmIdentifier(
                switch (algorithm) {
                    case ED25519 -> ED25519;
                    case ED448 -> ED448;
                    case ECDSA_SECP256R1_SHA256 -> X9ObjectIdentifiers.ecdsa_with_SHA256;
                    case ECDSA_SECP384R1_SHA384 -> X9ObjectIdentifiers.ecdsa_with_SHA384;
                    case ECDSA_SECP521R1_SHA512 -> X9ObjectIdentifiers.ecdsa_with_SHA512;
                });
    }
}
