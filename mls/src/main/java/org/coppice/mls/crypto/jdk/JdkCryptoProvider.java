package org.coppice.mls.crypto.jdk;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.crypto.jca.JcaAead;
import org.coppice.mls.crypto.jca.JcaDiffieHellman;
import org.coppice.mls.crypto.jca.JcaKeys;
import org.coppice.mls.crypto.jca.JcaSignatures;

/**
 * All primitives of the seven standard suites from the Java platform, without any other library. Where the platform lacks one,
 * as Android does with X25519, the answer is empty. Thread safe.
 *
 * <p>Its hashes are the fastest there are on a JVM, and so is its AEAD on JDK 25; its curves are the slowest.
 */
public final class JdkCryptoProvider implements CryptoProvider {
    /** Loads nothing yet. */
    public JdkCryptoProvider() {}

    private static final int MEASURED_FAST_AEAD = 25;

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public int preference(Primitive primitive) {
        if (primitive instanceof HashAlgorithm) {
            // Inlined and intrinsic: a call into native code costs more than a short hash.
            return 1000;
        }
        if (primitive instanceof AeadAlgorithm && javaRelease() >= MEASURED_FAST_AEAD) {
            return 300;
        }
        return 100;
    }

    /** The release of the Java platform, 0 on Android, whose own number is "0.9". */
    private static int javaRelease() {
        String release = System.getProperty("java.specification.version", "0");
        int dot = release.indexOf('.');
        try {
            return Integer.parseInt(dot < 0 ? release : release.substring(0, dot));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return load(() -> new JdkHash(algorithm));
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        String name = algorithm == AeadAlgorithm.CHACHA20_POLY1305 ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding";
        Optional<Aead> found = load(() -> new JcaAead(algorithm, name, Jca.providerOf("Cipher", name)));
        if (found.isEmpty() && algorithm == AeadAlgorithm.CHACHA20_POLY1305) {
            String android = "ChaCha20/Poly1305/NoPadding";
            return load(() -> new JcaAead(algorithm, android, Jca.providerOf("Cipher", android)));
        }
        return found;
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        boolean montgomery = curve.order().isEmpty();
        String name = montgomery ? curve.label() : "ECDH";
        return load(() -> {
            Provider provider = Jca.providerOf("KeyAgreement", name);
            JcaKeys keys = montgomery ? new JdkXdhKeys(curve, provider) : new JdkEcKeys(curve);
            return JcaDiffieHellman.of(curve, name, provider, keys);
        });
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        Optional<NamedCurve> curve = algorithm.ecdsaCurve();
        return load(() -> {
            Provider provider = Jca.providerOf("Signature", JcaSignatures.nameOf(algorithm));
            JcaKeys keys = curve.isPresent() ? new JdkEcKeys(curve.get()) : new JdkEddsaKeys(algorithm, provider);
            return JcaSignatures.of(algorithm, provider, keys);
        });
    }

    /** What the platform lacks shows as an algorithm unknown to its JCA, or as a class that does not link. */
    private static <T> Optional<T> load(Loader<T> loader) {
        try {
            return Optional.of(loader.load());
        } catch (GeneralSecurityException | LinkageError e) {
            return Optional.empty();
        }
    }

    private interface Loader<T> {
        T load() throws GeneralSecurityException;
    }
}
