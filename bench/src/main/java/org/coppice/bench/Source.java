package org.coppice.bench;

import java.util.Set;
import java.util.stream.Collectors;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CompositeCryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;

/** Where primitives come from. */
public enum Source {
    /** The Java platform alone. */
    JDK(CryptoProviders.jdk()),
    /** The fastest of everything on the class path, the native libraries first. */
    NATIVE(CryptoProviders.best());

    /** All measurements are of suite 1. */
    public static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private static final Set<Primitive> USED =
            Set.of(HashAlgorithm.SHA_256, AeadAlgorithm.AES_128_GCM, NamedCurve.X25519, SignatureAlgorithm.ED25519);

    private final CompositeCryptoProvider provider;
    private final SuiteCrypto crypto;

    Source(CompositeCryptoProvider provider) {
        this.provider = provider;
        try {
            this.crypto = SuiteCrypto.of(
                    CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, provider, Randomness.system());
        } catch (CryptoException e) {
            throw new IllegalStateException("suite 1 does not work here", e);
        }
    }

    /** Suite 1 by this source. */
    public SuiteCrypto crypto() {
        return crypto;
    }

    /** Which library serves suite 1. */
    public String describe() {
        return provider.report().choices().stream()
                .filter(choice -> USED.contains(choice.primitive()))
                .map(choice ->
                        choice.primitive().label() + " by " + choice.provider().orElse("none"))
                .collect(Collectors.joining(", "));
    }

    /** Everyone is believed, nothing is stored, one thread. */
    public Environment.Builder environment() {
        return Environment.builder().provider(provider).validator(CredentialValidator.acceptAll());
    }
}
