package org.coppice.testkit.crypto;

import java.util.Objects;
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
 * Another provider's primitives, each as it is unless a subclass puts something before it. Suites are put together from what this class
 * and the subclass return. As safe for threads as the other provider.
 */
public abstract class ForwardingProvider implements CryptoProvider {
    private final CryptoProvider provider;

    /** In front of {@code provider}. */
    protected ForwardingProvider(CryptoProvider provider) {
        this.provider = Objects.requireNonNull(provider, "provider");
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public int preference(Primitive primitive) {
        return provider.preference(primitive);
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return provider.hash(algorithm);
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        return provider.aead(algorithm);
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return provider.diffieHellman(curve);
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return provider.signatures(algorithm);
    }
}
