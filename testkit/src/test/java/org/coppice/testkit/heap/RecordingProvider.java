package org.coppice.testkit.heap;

import java.util.Arrays;
import java.util.Optional;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/**
 * Another provider's primitives; what passes through HMAC, from which every secret of MLS and HPKE is derived, and each new key of
 * Diffie-Hellman goes to a log.
 */
final class RecordingProvider implements CryptoProvider {
    private final CryptoProvider provider;
    private final SecretLog log;

    RecordingProvider(CryptoProvider provider, SecretLog log) {
        this.provider = provider;
        this.log = log;
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
        return provider.hash(algorithm).map(hash -> new RecordedHash(hash, log));
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        return provider.aead(algorithm);
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return provider.diffieHellman(curve).map(dh -> new RecordedDiffieHellman(dh, log));
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return provider.signatures(algorithm);
    }

    private record RecordedHash(Hash hash, SecretLog log) implements Hash {
        @Override
        public HashAlgorithm algorithm() {
            return hash.algorithm();
        }

        @Override
        public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
            hash.hash(in, offset, length, out, outOffset);
        }

        @Override
        public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
            // Input and output may be the same array.
            byte[] result = new byte[length()];
            hash.hmac(key, in, offset, length, result, 0);
            log.hmac(key, in, offset, length, result);
            System.arraycopy(result, 0, out, outOffset, result.length);
            Arrays.fill(result, (byte) 0);
        }
    }

    private record RecordedDiffieHellman(DiffieHellman dh, SecretLog log) implements DiffieHellman {
        @Override
        public NamedCurve curve() {
            return dh.curve();
        }

        @Override
        public RawKeyPair generate() {
            RawKeyPair pair = dh.generate();
            log.bytes(isEphemeral() ? SecretLog.Kind.EPHEMERAL_KEY : SecretLog.Kind.HPKE_KEY, pair.privateKey());
            return pair;
        }

        /** Whether HPKE asks, for one message, and not a client for a key of its own. */
        private static boolean isEphemeral() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals("encapsulate")));
        }

        @Override
        public byte[] publicKey(byte[] privateKey) throws CryptoException {
            return dh.publicKey(privateKey);
        }

        @Override
        public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
            return dh.agree(privateKey, ownPublicKey, peerPublicKey);
        }
    }
}
