package org.coppice.crypto.bc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignatureScheme.VerifyingKey;

/**
 * The public keys of one algorithm that were used last, checked and ready. A member's key comes as bytes with each of its
 * messages; to check an EdDSA point takes as long as a verification, and the multiples of an ECDSA point half of one. A key that was
 * refused is never here. Thread safe.
 */
final class RecentKeys {
    /** Some 0.3 KB each for EdDSA, and up to 4 KB for ECDSA. */
    static final int MAX = 2048;

    private final Map<Bytes, VerifyingKey> keys = new Bounded();

    /** What was kept for exactly these bytes. */
    Optional<VerifyingKey> find(byte[] publicKey) {
        synchronized (keys) {
            return Optional.ofNullable(keys.get(Bytes.wrap(publicKey)));
        }
    }

    /** Keeps a key that passed all checks, in place of the one that was not used for longest; gives it back. */
    VerifyingKey keep(byte[] publicKey, VerifyingKey key) {
        synchronized (keys) {
            keys.put(Bytes.copyOf(publicKey), key);
        }
        return key;
    }

    int size() {
        synchronized (keys) {
            return keys.size();
        }
    }

    /** In the order of last use. */
    private static final class Bounded extends LinkedHashMap<Bytes, VerifyingKey> {
        private static final long serialVersionUID = 1L;

        Bounded() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, VerifyingKey> eldest) {
            return size() > MAX;
        }
    }
}
