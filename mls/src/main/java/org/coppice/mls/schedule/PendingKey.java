package org.coppice.mls.schedule;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.state.StateChange;

/**
 * Key and nonce of one message, derived beside the tree: nothing is consumed before {@link #confirm()}.
 *
 * <pre>{@code
 * try (PendingKey key = tree.receivingKey(sender, RatchetType.APPLICATION, generation, limits)) {
 *     byte[] plaintext = crypto.open(key.key(), key.guardedNonce(reuseGuard), aad, ciphertext);  // may fail
 *     ...                                                                                        // so may other checks
 *     key.record(changes, epoch);
 *     store.apply(changes.build());                                                              // so may the store
 *     key.confirm();                                                                             // does not fail
 * }
 * }</pre>
 *
 * <p>A key that is closed without being confirmed leaves the tree as it was, so that the genuine message still opens after a
 * forged one. A key is out of date as soon as another one of the same ratchet was confirmed, or, at the first use of a sender,
 * another one whose derivation began at the same node: then {@link #record} and {@link #confirm()} throw
 * {@link IllegalStateException} and change nothing. Not thread safe.
 */
public abstract sealed class PendingKey implements AutoCloseable permits AdvancingKey, SkippedKeyUse {
    private final long generation;
    private boolean done;

    PendingKey(long generation) {
        this.generation = generation;
    }

    /** The generation of the message within its ratchet, uint32. */
    public final long generation() {
        return generation;
    }

    /** The key, Nk bytes; it stays this object's. */
    public final Secret key() {
        checkOpen();
        return keySecret();
    }

    /** The nonce of the ratchet, Nn bytes, before any reuse guard; it stays this object's. */
    public final Secret nonce() {
        checkOpen();
        return nonceSecret();
    }

    /**
     * The nonce to encrypt or decrypt with, in a new array: the first four bytes are those of the ratchet's nonce XOR the reuse
     * guard (RFC 9420 §6.3.1).
     *
     * @param reuseGuard 4 bytes, fresh and random for each message that is sent
     * @throws IllegalArgumentException if it has another length
     */
    public final byte[] guardedNonce(Bytes reuseGuard) {
        if (reuseGuard.length() != 4) {
            throw new IllegalArgumentException("a reuse guard has 4 bytes, not " + reuseGuard.length());
        }
        byte[] nonce = nonce().exposeCopy();
        for (int i = 0; i < 4; i++) {
            nonce[i] ^= reuseGuard.at(i);
        }
        return nonce;
    }

    /**
     * Adds what the use of this key changes in storage: O(log n) records at the first use of a sender, one afterwards, and one for
     * each generation that is skipped.
     *
     * @param epoch the epoch that the tree belongs to, part of the records' keys
     * @throws IllegalStateException if the key is out of date, confirmed or closed
     */
    public final void record(StateChange.Builder changes, long epoch) {
        checkUsable();
        recordUse(changes, epoch);
    }

    /**
     * Consumes the key in memory: it, all that it was derived from and this object are wiped (RFC 9420 §9.2).
     *
     * @throws IllegalStateException if the key is out of date, confirmed or closed; the tree is left as it was
     */
    public final void confirm() {
        checkUsable();
        done = true;
        apply();
        wipe();
    }

    /** Wipes what was derived. Unless {@link #confirm()} was called, the tree is as if the key had never been asked for. */
    @Override
    public final void close() {
        if (!done) {
            done = true;
            discard();
            wipe();
        }
    }

    /** Whether {@link #record} and {@link #confirm()} can still be called. */
    public final boolean isUsable() {
        return !done && isCurrent();
    }

    private void checkOpen() {
        if (done) {
            throw new IllegalStateException("the key was confirmed or closed");
        }
    }

    private void checkUsable() {
        checkOpen();
        if (!isCurrent()) {
            throw new IllegalStateException("the key is out of date: its ratchet was used or closed since");
        }
    }

    abstract Secret keySecret();

    abstract Secret nonceSecret();

    /** Whether the tree still is, for this ratchet, as it was when the key was derived. */
    abstract boolean isCurrent();

    abstract void recordUse(StateChange.Builder changes, long epoch);

    abstract void apply();

    /** Wipes what {@link #apply} would have handed to the tree. */
    abstract void discard();

    /** Wipes the key itself, unless the tree still owns it. */
    abstract void wipe();

    /** The generation, never the key. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[generation " + generation + "]";
    }
}
