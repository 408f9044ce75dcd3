package org.coppice.mls.crypto;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * The number of a cipher suite (RFC 9420 §5.1, §17.1). Any number can be held; {@link CryptoProvider} says which can be used.
 *
 * @param value the code point, uint16
 */
public record CipherSuite(int value) implements Encodable, Comparable<CipherSuite> {
    /** X25519, AES-128-GCM, SHA-256, Ed25519: the suite that every implementation has. */
    public static final CipherSuite MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519 = new CipherSuite(1);
    /** P-256, AES-128-GCM, SHA-256, ECDSA on P-256. */
    public static final CipherSuite MLS_128_DHKEMP256_AES128GCM_SHA256_P256 = new CipherSuite(2);
    /** X25519, ChaCha20-Poly1305, SHA-256, Ed25519. */
    public static final CipherSuite MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519 = new CipherSuite(3);
    /** X448, AES-256-GCM, SHA-512, Ed448. */
    public static final CipherSuite MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448 = new CipherSuite(4);
    /** P-521, AES-256-GCM, SHA-512, ECDSA on P-521. */
    public static final CipherSuite MLS_256_DHKEMP521_AES256GCM_SHA512_P521 = new CipherSuite(5);
    /** X448, ChaCha20-Poly1305, SHA-512, Ed448. */
    public static final CipherSuite MLS_256_DHKEMX448_CHACHA20POLY1305_SHA512_Ed448 = new CipherSuite(6);
    /** P-384, AES-256-GCM, SHA-384, ECDSA on P-384. */
    public static final CipherSuite MLS_256_DHKEMP384_AES256GCM_SHA384_P384 = new CipherSuite(7);

    /** The seven suites of RFC 9420, in the order of their numbers. */
    public static final List<CipherSuite> STANDARD = List.of(
            MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
            MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
            MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
            MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448,
            MLS_256_DHKEMP521_AES256GCM_SHA512_P521,
            MLS_256_DHKEMX448_CHACHA20POLY1305_SHA512_Ed448,
            MLS_256_DHKEMP384_AES256GCM_SHA384_P384);

    private static final Map<Integer, String> NAMES = Map.of(
            1, "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
            2, "MLS_128_DHKEMP256_AES128GCM_SHA256_P256",
            3, "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519",
            4, "MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448",
            5, "MLS_256_DHKEMP521_AES256GCM_SHA512_P521",
            6, "MLS_256_DHKEMX448_CHACHA20POLY1305_SHA512_Ed448",
            7, "MLS_256_DHKEMP384_AES256GCM_SHA384_P384");

    /** Checks that the number is a uint16. */
    public CipherSuite {
        CodePoints.checkUint16(value);
    }

    /** The name in the registry, if the number is one of the seven. */
    public Optional<String> name() {
        return Optional.ofNullable(NAMES.get(value));
    }

    /** Reads the number of a suite, known or not. */
    public static CipherSuite decode(TlsReader in) throws DecodeException {
        return new CipherSuite(in.uint16());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint16(value);
    }

    @Override
    public int compareTo(CipherSuite other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return name().orElseGet(() -> String.format("CipherSuite(0x%04x)", value));
    }
}
