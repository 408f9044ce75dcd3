package org.coppice.mls.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.coppice.mls.error.CryptoException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A scheme keeps a copy of a private key to sign with. Closing the pair has to take it from whoever holds a signer. */
class SignatureKeyPairTest {
    private final CountingScheme scheme = new CountingScheme();
    private SuiteCrypto crypto;
    private SignatureKeyPair keys;

    @BeforeEach
    void makeKeys() throws CryptoException {
        SuiteParts parts = CryptoProviders.jdk()
                .suite(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519)
                .orElseThrow();
        scheme.platform = parts.signatures();
        crypto = new SuiteCrypto(
                new SuiteParts(parts.suite(), parts.kem(), parts.hash(), parts.aead(), scheme), Randomness.system());
        keys = crypto.generateSignatureKeyPair();
    }

    @Test
    void closingAPairClosesWhatItsSignersKeep() throws CryptoException {
        List<Signer> signers = List.of(crypto.signer(keys), crypto.signer(keys));
        for (Signer signer : signers) {
            assertThat(signer.sign(new byte[1])).isNotEmpty();
        }
        assertThat(scheme.closed).isZero();
        keys.close();
        assertThat(scheme.closed).isEqualTo(2);
        for (Signer signer : signers) {
            assertThatThrownBy(() -> signer.sign(new byte[1])).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aSignatureOfAKeyThatIsClosedMeanwhileIsNotHandedOut() throws CryptoException {
        Signer signer = crypto.signer(keys);
        scheme.whileSigning = keys::close;
        assertThatThrownBy(() -> signer.sign(new byte[1])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedPairHasNoSigner() {
        keys.close();
        assertThatThrownBy(() -> crypto.signer(keys)).isInstanceOf(IllegalStateException.class);
    }

    /** The platform's, with a count of the private keys that were closed. */
    private static final class CountingScheme implements SignatureScheme {
        private SignatureScheme platform;
        private Runnable whileSigning = () -> {};
        private int closed;

        @Override
        public SignatureAlgorithm algorithm() {
            return platform.algorithm();
        }

        @Override
        public RawKeyPair generate(Randomness randomness) {
            return platform.generate(randomness);
        }

        @Override
        public byte[] publicKey(byte[] privateKey) throws CryptoException {
            return platform.publicKey(privateKey);
        }

        @Override
        public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
            SigningKey key = platform.loadPrivate(privateKey, publicKey);
            return new SigningKey() {
                @Override
                public byte[] sign(byte[] message, Randomness randomness) throws CryptoException {
                    byte[] signature = key.sign(message, randomness);
                    whileSigning.run();
                    return signature;
                }

                @Override
                public void close() {
                    closed++;
                    key.close();
                }
            };
        }

        @Override
        public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
            return platform.loadPublic(publicKey);
        }
    }
}
