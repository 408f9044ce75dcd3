package org.coppice.crypto.nativelib;

import java.util.Optional;
import org.conscrypt.Conscrypt;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.crypto.jca.JcaAead;
import org.coppice.mls.crypto.jca.JcaDiffieHellman;
import org.coppice.mls.crypto.jca.JcaSignatures;

/**
 * Primitives of Conscrypt, that is of BoringSSL: AEADs, X25519, Ed25519, and the P-curves with ECDSA. Not its hashes, which lose
 * against the platform's on short inputs. It has no X448 and no Ed448. Thread safe.
 *
 * <p>Conscrypt is not put into the JVM's list of security providers.
 */
public final class ConscryptProvider implements CryptoProvider {
    // A lambda: a method reference would link the class here, and fail where the jar is missing.
    private final NativeLibrary library = new NativeLibrary(() -> Conscrypt.newProvider());

    /** Loads nothing yet. */
    public ConscryptProvider() {}

    @Override
    public String name() {
        return "conscrypt";
    }

    @Override
    public int preference(Primitive primitive) {
        if (primitive instanceof AeadAlgorithm) {
            return 250;
        }
        if (primitive == NamedCurve.X25519
                || primitive == NamedCurve.P256
                || primitive == SignatureAlgorithm.ED25519
                || primitive == SignatureAlgorithm.ECDSA_SECP256R1_SHA256) {
            return 300;
        }
        if (primitive == NamedCurve.P384
                || primitive == NamedCurve.P521
                || primitive == SignatureAlgorithm.ECDSA_SECP384R1_SHA384
                || primitive == SignatureAlgorithm.ECDSA_SECP521R1_SHA512) {
            // Generic code in the library: slower than good Java, faster than the platform's.
            return 150;
        }
        return 0;
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        String name =
                algorithm == AeadAlgorithm.CHACHA20_POLY1305 ? "ChaCha20/Poly1305/NoPadding" : "AES/GCM/NoPadding";
        return library.make(algorithm, provider -> new JcaAead(algorithm, name, provider));
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        if (preference(curve) <= 0) {
            return Optional.empty();
        }
        return library.make(
                curve,
                provider -> curve == NamedCurve.X25519
                        ? JcaDiffieHellman.of(curve, "XDH", provider, new ConscryptX25519Keys(provider))
                        : JcaDiffieHellman.of(curve, "ECDH", provider, new ConscryptEcKeys(curve, provider)));
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        if (preference(algorithm) <= 0) {
            return Optional.empty();
        }
        Optional<NamedCurve> curve = algorithm.ecdsaCurve();
        return library.make(
                algorithm,
                provider -> JcaSignatures.of(
                        algorithm,
                        provider,
                        curve.isPresent()
                                ? new ConscryptEcKeys(curve.get(), provider)
                                : new ConscryptEd25519Keys(provider)));
    }

    @Override
    public Optional<String> unavailableReason(Primitive primitive) {
        return library.reason(primitive);
    }
}
