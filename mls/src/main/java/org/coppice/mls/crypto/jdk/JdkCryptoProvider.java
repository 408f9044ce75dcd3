package org.coppice.mls.crypto.jdk;

import java.security.GeneralSecurityException;
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

/**
 * All primitives of the seven standard suites from the Java platform, without any other library. Where the platform lacks one,
 * as Android does with X25519, the answer is empty. Thread safe.
 *
 * <p>Its hashes are the fastest there are on a JVM, and so is its AEAD on JDK 25; its curves are the slowest.
 */
public final class JdkCryptoProvider implements CryptoProvider {
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
        return load(() -> new JdkAead(algorithm));
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        boolean montgomery = curve.order().isEmpty();
        return load(() -> DiffieHellman.checked(montgomery ? new JdkXdh(curve) : new JdkEcdh(curve)));
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return load(
                () -> SignatureScheme.checked(algorithm.isEcdsa() ? new JdkEcdsa(algorithm) : new JdkEddsa(algorithm)));
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
