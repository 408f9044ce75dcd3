package org.coppice.crypto.bc;

import java.util.Optional;
import java.util.function.Supplier;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;

/**
 * All primitives of the seven standard suites from Bouncy Castle's lightweight classes, in pure Java; its JCA provider is not
 * used. The fastest X448 and Ed448 on a JVM, and the fastest of all curves where no native library is at hand; its symmetric
 * primitives only stand in where the platform lacks one. Thread safe.
 */
public final class BouncyCastleCryptoProvider implements CryptoProvider {
    private final CryptoProvider platform = CryptoProviders.jdk();

    /** Loads nothing yet. */
    public BouncyCastleCryptoProvider() {}

    @Override
    public String name() {
        return "bc";
    }

    @Override
    public int preference(Primitive primitive) {
        boolean symmetric = primitive instanceof HashAlgorithm || primitive instanceof AeadAlgorithm;
        return symmetric ? 50 : 200;
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return load(() -> new BcHash(algorithm));
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        return load(() -> new BcAead(algorithm));
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return load(() -> DiffieHellman.checked(
                switch (curve) {
                    case X25519 -> new BcX25519();
                    case X448 -> new BcX448();
                    case P256, P384, P521 -> new BcEcdh(curve);
                }));
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return load(() -> SignatureScheme.checked(
                switch (algorithm) {
                    case ED25519 -> new BcEd25519(platform);
                    case ED448 -> new BcEd448(platform);
                    case ECDSA_SECP256R1_SHA256, ECDSA_SECP384R1_SHA384, ECDSA_SECP521R1_SHA512 ->
                        new BcEcdsa(algorithm);
                }));
    }

    /** Empty if the library is missing or another version of it lies on the class path. */
    private static <T> Optional<T> load(Supplier<T> loader) {
        try {
            // Touches the library, which some implementations do not before their first use.
            BcHash.digest(HashAlgorithm.SHA_256);
            return Optional.of(loader.get());
        } catch (LinkageError e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> unavailableReason(Primitive primitive) {
        return Optional.of("bcprov is missing or of another version");
    }
}
