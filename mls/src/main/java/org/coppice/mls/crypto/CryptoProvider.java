package org.coppice.mls.crypto;

import java.util.Optional;

/**
 * Brings implementations of primitives. Found by {@link java.util.ServiceLoader} or handed over by the application; see
 * {@link CryptoProviders}. Thread safe.
 *
 * <p>A provider loads what it needs on the first call for a primitive, not when it is constructed. A primitive that it cannot
 * load here (a native library without a build for this platform) it answers with empty.
 */
public interface CryptoProvider {
    /** A short name for reports, such as "jdk". */
    String name();

    /**
     * How much this provider wants to be the one for a primitive: the largest number wins, 100 is the JDK's for everything but
     * hashes; 0 or less means that it does not offer the primitive. Answered without loading anything heavy.
     */
    int preference(Primitive primitive);

    /** Why this provider answers empty for a primitive that it has a preference for; empty if it does not know or works. */
    default Optional<String> unavailableReason(Primitive primitive) {
        return Optional.empty();
    }

    /** Its implementation of a hash, if it works here. */
    default Optional<Hash> hash(HashAlgorithm algorithm) {
        return Optional.empty();
    }

    /** Its implementation of an AEAD, if it works here. */
    default Optional<Aead> aead(AeadAlgorithm algorithm) {
        return Optional.empty();
    }

    /** Its implementation of Diffie-Hellman on a curve, if it works here. */
    default Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return Optional.empty();
    }

    /** Its implementation of a signature algorithm, if it works here. */
    default Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return Optional.empty();
    }

    /**
     * The parts of a whole suite: for the seven standard ones composed from the primitives above. A provider overrides this to
     * bring suites of its own.
     */
    default Optional<SuiteParts> suite(CipherSuite suite) {
        return StandardSuite.of(suite).flatMap(standard -> {
            Optional<Hash> hash = hash(standard.hash());
            Optional<Hash> kemHash = hash(standard.curve().kemHash());
            Optional<Aead> aead = aead(standard.aead());
            Optional<DiffieHellman> dh = diffieHellman(standard.curve());
            Optional<SignatureScheme> signatures = signatures(standard.signature());
            if (hash.isEmpty() || kemHash.isEmpty() || aead.isEmpty() || dh.isEmpty() || signatures.isEmpty()) {
                return Optional.empty();
            }
            Kem kem = new DhKem(DiffieHellman.checked(dh.get()), kemHash.get());
            return Optional.of(
                    new SuiteParts(suite, kem, hash.get(), aead.get(), SignatureScheme.checked(signatures.get())));
        });
    }
}
