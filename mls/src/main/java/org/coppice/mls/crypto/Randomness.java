package org.coppice.mls.crypto;

import java.security.SecureRandom;

/**
 * Where random bytes come from: the system's generator, or one that an application or a test chose so that a run can be
 * replayed. Implementations are thread safe.
 */
public interface Randomness {
    /** Fills {@code target} with random bytes. */
    void fill(byte[] target);

    /**
     * Whether this is the system's own generator. Only then may a provider draw keys from a generator of its own, which some
     * do several times faster than from given bytes.
     */
    default boolean isSystem() {
        return false;
    }

    /** {@code length} random bytes in a new array. */
    default byte[] bytes(int length) {
        byte[] out = new byte[length];
        fill(out);
        return out;
    }

    /** The system's generator. */
    static Randomness system() {
        SecureRandom random = new SecureRandom();
        return new Randomness() {
            @Override
            public void fill(byte[] target) {
                random.nextBytes(target);
            }

            @Override
            public boolean isSystem() {
                return true;
            }
        };
    }
}
