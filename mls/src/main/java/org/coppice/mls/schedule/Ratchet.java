package org.coppice.mls.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;

/**
 * One hash ratchet of a sender (RFC 9420 §9.1): the secret of the next generation that nobody has used, and the keys of those
 * that were skipped. Earlier secrets are gone.
 */
final class Ratchet implements AutoCloseable {
    /** Generations are uint32; this one, after the last, marks a ratchet at its end. */
    static final long END = 1L << 32;

    final long leaf;
    final RatchetType type;

    /** By generation, in increasing order, which is also the order of age. Most ratchets never skip, and have no map. */
    private Map<Long, SkippedKey> skipped = Map.of();

    private Secret secret;
    long generation;
    /** Grows with each change, so that a key which was derived before another was used is known to be out of date. */
    int version;

    /** @param secret that of {@code generation}; null at the end of the ratchet */
    Ratchet(long leaf, RatchetType type, Secret secret, long generation) {
        this.leaf = leaf;
        this.type = type;
        this.secret = secret;
        this.generation = generation;
    }

    /** The secret of the next generation; not there at the end. */
    Secret secret() {
        return secret;
    }

    /** Moves on; {@code next} is null at the end of the ratchet. */
    void advance(Secret next, long nextGeneration) {
        // §9.2: what a consumed key came from is consumed.
        secret.close();
        secret = next;
        generation = nextGeneration;
        version++;
    }

    Map<Long, SkippedKey> skipped() {
        return skipped;
    }

    void keep(SkippedKey entry) {
        if (!(skipped instanceof LinkedHashMap)) {
            skipped = new LinkedHashMap<>();
        }
        skipped.put(entry.generation, entry);
    }

    void drop(SkippedKey entry) {
        // It may have been dropped before: the map of no keys cannot be changed.
        if (skipped.containsKey(entry.generation)) {
            skipped.remove(entry.generation);
        }
    }

    RecordKey.Ratchet recordKey(long epoch) {
        return new RecordKey.Ratchet(epoch, leaf, type.code());
    }

    void record(StateChange.Builder changes, long epoch) {
        changes.put(recordKey(epoch), encode(generation, secret));
    }

    static byte[] encode(long generation, Secret secret) {
        try (SecretWriter out = new SecretWriter(8 + 2 + (secret == null ? 0 : secret.length()))) {
            out.uint64(generation);
            if (secret == null) {
                out.length(0);
            } else {
                secret.exposeTo(out);
            }
            return out.toByteArray();
        }
    }

    static Ratchet restore(long leaf, RatchetType type, TlsReader in, SuiteCrypto crypto) throws DecodeException {
        long generation = in.uint64();
        Secret secret = Secret.decode(in);
        int expected = generation == END ? 0 : crypto.hashLength();
        if (generation < 0 || generation > END || secret.length() != expected) {
            throw in.error(Rule.STORED_STATE, "a ratchet that does not fit the suite");
        }
        return new Ratchet(leaf, type, generation == END ? null : secret, generation);
    }

    @Override
    public void close() {
        if (secret != null) {
            secret.close();
        }
        skipped.values().forEach(SkippedKey::close);
        skipped = Map.of();
    }
}
