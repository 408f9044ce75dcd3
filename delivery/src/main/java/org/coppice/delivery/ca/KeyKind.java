package org.coppice.delivery.ca;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;

/**
 * The signature algorithms of the seven suites as X.509 writes them (RFC 8410 §3, RFC 5480 §2.1.1, RFC 5758 §3.2).
 *
 * @param key the algorithm of a public key, parameters included
 * @param signature the algorithm of a signature by such a key, the one that MLS uses it with
 * @param suite a cipher suite with it
 */
record KeyKind(AlgorithmIdentifier key, AlgorithmIdentifier signature, CipherSuite suite) {
    private static final List<KeyKind> ALL = List.of(
            edwards(EdECObjectIdentifiers.id_Ed25519, CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519),
            edwards(EdECObjectIdentifiers.id_Ed448, CipherSuite.MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448),
            ecdsa(
                    SECObjectIdentifiers.secp256r1,
                    X9ObjectIdentifiers.ecdsa_with_SHA256,
                    CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256),
            ecdsa(
                    SECObjectIdentifiers.secp384r1,
                    X9ObjectIdentifiers.ecdsa_with_SHA384,
                    CipherSuite.MLS_256_DHKEMP384_AES256GCM_SHA384_P384),
            ecdsa(
                    SECObjectIdentifiers.secp521r1,
                    X9ObjectIdentifiers.ecdsa_with_SHA512,
                    CipherSuite.MLS_256_DHKEMP521_AES256GCM_SHA512_P521));

    private static KeyKind edwards(ASN1ObjectIdentifier algorithm, CipherSuite suite) {
        return new KeyKind(new AlgorithmIdentifier(algorithm), new AlgorithmIdentifier(algorithm), suite);
    }

    private static KeyKind ecdsa(ASN1ObjectIdentifier curve, ASN1ObjectIdentifier signature, CipherSuite suite) {
        return new KeyKind(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve),
                new AlgorithmIdentifier(signature),
                suite);
    }

    /** What kind of key it is; empty for any other, also for one of these curves with other parameters. */
    static Optional<KeyKind> of(SubjectPublicKeyInfo info) {
        return ALL.stream().filter(kind -> same(kind.key, info.getAlgorithm())).findFirst();
    }

    boolean isSignedWith(AlgorithmIdentifier algorithm) {
        return same(signature, algorithm);
    }

    /** Byte for byte: a NULL where nothing belongs is another algorithm to members. */
    private static boolean same(AlgorithmIdentifier one, AlgorithmIdentifier other) {
        try {
            return Bytes.wrap(one.getEncoded(ASN1Encoding.DER)).equals(Bytes.wrap(other.getEncoded(ASN1Encoding.DER)));
        } catch (IOException e) {
            return false;
        }
    }
}
