package org.coppice.mls.credential.x509;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignatureAlgorithm;

/**
 * Finds the raw public key in a certificate (RFC 5280 §4.1), in the form that {@code signature_key} has.
 *
 * <p>By a walk over the DER bytes and not by the platform's key objects: those know only the algorithms that the platform
 * knows, and some of them accept points in other forms than RFC 9420 §5.1.1 has.
 */
final class SubjectKey {
    /**
     * A kind of key that a certificate may be for.
     *
     * @param identifier the whole AlgorithmIdentifier in DER; its parameters are compared with it
     * @param length of the raw key in bytes
     * @param point whether the key is a point that must be uncompressed
     */
    record Algorithm(Bytes identifier, int length, boolean point) {
        private static Algorithm of(SignatureAlgorithm algorithm, String identifier) {
            return new Algorithm(Bytes.fromHex(identifier), algorithm.publicLength(), algorithm.isEcdsa());
        }
    }

    /** Those of the standard suites: RFC 8410 §3 for EdDSA (no parameters), RFC 5480 §2.1.1 for ECDSA (a named curve). */
    static final List<Algorithm> STANDARD = List.of(
            Algorithm.of(SignatureAlgorithm.ED25519, "300506032b6570"),
            Algorithm.of(SignatureAlgorithm.ED448, "300506032b6571"),
            Algorithm.of(SignatureAlgorithm.ECDSA_SECP256R1_SHA256, "301306072a8648ce3d020106082a8648ce3d030107"),
            Algorithm.of(SignatureAlgorithm.ECDSA_SECP384R1_SHA384, "301006072a8648ce3d020106052b81040022"),
            Algorithm.of(SignatureAlgorithm.ECDSA_SECP521R1_SHA512, "301006072a8648ce3d020106052b81040023"));

    private static final int VERSION = 0xa0;
    private static final int UNCOMPRESSED = 4;

    private SubjectKey() {}

    /** Checks that {@code certificate} is one DER value of the outer shape of a Certificate, and gives its first part. */
    static Bytes toBeSigned(Bytes certificate) throws Refusal {
        Der in = new Der(Der.only(Der.SEQUENCE, certificate));
        Bytes toBeSigned = in.read(Der.SEQUENCE);
        in.read(Der.SEQUENCE);
        // Platforms overlook unused bits of a signature, which would give one certificate several encodings.
        if (wholeBytes(in.read(Der.BIT_STRING)).isEmpty()) {
            throw Refusal.because("malformed DER");
        }
        in.expectEnd();
        return toBeSigned;
    }

    /** The raw key that {@code certificate} is for, which must be of one of these algorithms. */
    static Bytes of(Bytes certificate, List<Algorithm> algorithms) throws Refusal {
        Der in = new Der(subjectPublicKeyInfo(certificate));
        Bytes identifier = in.readWhole(Der.SEQUENCE);
        Bytes bits = in.read(Der.BIT_STRING);
        in.expectEnd();
        for (Algorithm algorithm : algorithms) {
            if (algorithm.identifier().equals(identifier)) {
                return check(wholeBytes(bits), algorithm);
            }
        }
        throw Refusal.keyMismatch("the key is of no signature algorithm in use");
    }

    private static Bytes check(Bytes key, Algorithm algorithm) throws Refusal {
        // §5.1.1: points are uncompressed.
        if (key.length() != algorithm.length() || algorithm.point() && key.at(0) != UNCOMPRESSED) {
            throw Refusal.keyMismatch("the key has not the form of its algorithm");
        }
        return key;
    }

    /** The bytes of a BIT STRING; none if the last byte has unused bits, which the first one counts. */
    private static Bytes wholeBytes(Bytes bits) {
        return bits.isEmpty() || bits.at(0) != 0 ? Bytes.EMPTY : bits.slice(1, bits.length() - 1);
    }

    private static Bytes subjectPublicKeyInfo(Bytes certificate) throws Refusal {
        Der in = new Der(toBeSigned(certificate));
        if (in.tag() == VERSION) {
            in.read(VERSION);
        }
        in.read(Der.INTEGER); // serialNumber
        in.read(Der.SEQUENCE); // signature
        in.read(Der.SEQUENCE); // issuer
        in.read(Der.SEQUENCE); // validity
        in.read(Der.SEQUENCE); // subject
        return in.read(Der.SEQUENCE);
    }
}
