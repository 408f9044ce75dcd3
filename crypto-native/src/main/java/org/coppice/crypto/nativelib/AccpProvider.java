package org.coppice.crypto.nativelib;

import java.util.Optional;
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
 * Primitives of the Amazon Corretto Crypto Provider, that is of AWS-LC: Ed25519, the P-curves with ECDSA, AES-GCM. Not its
 * hashes, which lose against the platform's on short inputs. It has no X25519, X448, Ed448 and ChaCha20. Thread safe.
 *
 * <p>The library is an optional dependency: who wants it adds its jar for the platform at hand. It is not put into the JVM's list
 * of security providers.
 *
 * <p>Loading it sets the system property {@code com.amazon.corretto.crypto.provider.registerEdKeyFactory} to "true", unless the
 * application has set it: the library reads it once, and without it cannot import Ed25519 keys.
 */
public final class AccpProvider implements CryptoProvider {
    // A lambda: a method reference would link the class here, and fail where the jar is missing.
    private final NativeLibrary library = new NativeLibrary(() -> AccpLibrary.load());

    /** Loads nothing yet. */
    public AccpProvider() {}

    @Override
    public String name() {
        return "accp";
    }

    @Override
    public int preference(Primitive primitive) {
        if (primitive == AeadAlgorithm.AES_128_GCM || primitive == AeadAlgorithm.AES_256_GCM) {
            return 200;
        }
        if (primitive == SignatureAlgorithm.ED25519
                || primitive instanceof NamedCurve curve && curve.order().isPresent()
                || primitive instanceof SignatureAlgorithm algorithm && algorithm.isEcdsa()) {
            return 400;
        }
        return 0;
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        if (preference(algorithm) <= 0) {
            return Optional.empty();
        }
        return library.make(algorithm, provider -> new JcaAead(algorithm, "AES/GCM/NoPadding", provider));
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        if (preference(curve) <= 0) {
            return Optional.empty();
        }
        return library.make(
                curve, provider -> JcaDiffieHellman.of(curve, "ECDH", provider, new AccpEcKeys(curve, provider)));
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        if (preference(algorithm) <= 0) {
            return Optional.empty();
        }
        Optional<NamedCurve> curve = algorithm.ecdsaCurve();
        return library.make(
                algorithm,
                provider -> curve.isPresent()
                        ? JcaSignatures.of(algorithm, provider, new AccpEcKeys(curve.get(), provider))
                        : new AccpEd25519(JcaSignatures.of(algorithm, provider, new AccpEd25519Keys(provider))));
    }

    @Override
    public Optional<String> unavailableReason(Primitive primitive) {
        return library.reason(primitive);
    }
}
