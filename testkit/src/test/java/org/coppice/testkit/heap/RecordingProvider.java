package org.coppice.testkit.heap;

import java.util.Arrays;
import java.util.Optional;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.testkit.crypto.ForwardingDiffieHellman;
import org.coppice.testkit.crypto.ForwardingHash;
import org.coppice.testkit.crypto.ForwardingProvider;

/**
 * Another provider's primitives; what passes through HMAC, from which every secret of MLS and HPKE is derived, and each new key of
 * Diffie-Hellman goes to a log.
 */
final class RecordingProvider extends ForwardingProvider {
    private final SecretLog log;

    RecordingProvider(CryptoProvider provider, SecretLog log) {
        super(provider);
        this.log = log;
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return super.hash(algorithm).map(RecordedHash::new);
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return super.diffieHellman(curve).map(RecordedDiffieHellman::new);
    }

    private final class RecordedHash extends ForwardingHash {
        RecordedHash(Hash hash) {
            super(hash);
        }

        @Override
        public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
            // Input and output may be the same array.
            byte[] result = new byte[length()];
            super.hmac(key, in, offset, length, result, 0);
            log.hmac(key, in, offset, length, result);
            System.arraycopy(result, 0, out, outOffset, result.length);
            Arrays.fill(result, (byte) 0);
        }
    }

    private final class RecordedDiffieHellman extends ForwardingDiffieHellman {
        RecordedDiffieHellman(DiffieHellman dh) {
            super(dh);
        }

        @Override
        public RawKeyPair generate() {
            RawKeyPair pair = super.generate();
            log.bytes(isEphemeral() ? SecretLog.Kind.EPHEMERAL_KEY : SecretLog.Kind.HPKE_KEY, pair.privateKey());
            return pair;
        }

        /** Whether HPKE asks, for one message, and not a client for a key of its own. */
        private static boolean isEphemeral() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals("encapsulate")));
        }
    }
}
