package org.coppice.crypto.nativelib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import java.util.Random;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Messages of more than 1 MiB, such as the GroupInfo of some five thousand members with its tree. ACCP threw an unchecked
 * exception at them, for signer and verifier alike, so that with it nobody could be welcomed to a large group.
 */
class LongMessageTest {
    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void signsAndVerifiesAsThePlatformDoes(SignatureAlgorithm algorithm) throws CryptoException {
        for (CryptoProvider provider : new CryptoProvider[] {new AccpProvider(), new ConscryptProvider()}) {
            Optional<SignatureScheme> scheme = provider.signatures(algorithm).map(SignatureScheme::checked);
            if (scheme.isPresent()) {
                check(scheme.get());
            }
        }
    }

    private static void check(SignatureScheme scheme) throws CryptoException {
        Optional<SignatureScheme> other = CryptoProviders.jdk().signatures(scheme.algorithm());
        assumeTrue(other.isPresent());
        RawKeyPair pair = scheme.generate(Randomness.system());
        for (int length : new int[] {(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000}) {
            byte[] message = new byte[length];
            new Random(length).nextBytes(message);
            byte[] signature;
            try (SignatureScheme.SigningKey key = scheme.loadPrivate(pair.privateKey(), pair.publicKey())) {
                signature = key.sign(message, Randomness.system());
            }
            SignatureScheme.VerifyingKey own = scheme.loadPublic(pair.publicKey());
            assertThat(own.verify(message, signature)).isTrue();
            assertThat(other.get().loadPublic(pair.publicKey()).verify(message, signature))
                    .isTrue();
            message[length / 2]++;
            assertThat(own.verify(message, signature)).isFalse();
        }
    }
}
