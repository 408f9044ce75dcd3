package org.coppice.mls.schedule;

import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;

/** Key and nonce of a generation that messages of later generations ran past (RFC 9420 §15.3). Compared by identity. */
final class SkippedKey implements AutoCloseable {
    final Ratchet ratchet;
    final long generation;
    final Secret key;
    final Secret nonce;
    /** Which of the tree's skipped keys is the oldest: the one with the least number. */
    long order;

    SkippedKey(Ratchet ratchet, long generation, Secret key, Secret nonce) {
        this.ratchet = ratchet;
        this.generation = generation;
        this.key = key;
        this.nonce = nonce;
    }

    RecordKey.MessageKey recordKey(long epoch) {
        return new RecordKey.MessageKey(epoch, ratchet.leaf, ratchet.type.code(), generation);
    }

    void record(StateChange.Builder changes, long epoch) {
        try (SecretWriter out = new SecretWriter(8 + key.length() + nonce.length() + 4)) {
            out.uint64(order);
            key.exposeTo(out);
            nonce.exposeTo(out);
            changes.put(recordKey(epoch), out.toByteArray());
        }
    }

    static SkippedKey restore(Ratchet ratchet, long generation, TlsReader in, SuiteCrypto crypto)
            throws DecodeException {
        long order = in.uint64();
        SkippedKey out = new SkippedKey(ratchet, generation, Secret.decode(in), Secret.decode(in));
        out.order = order;
        if (generation >= ratchet.generation
                || out.key.length() != crypto.parts().aead().keyLength()
                || out.nonce.length() != crypto.parts().aead().nonceLength()) {
            throw in.error(Rule.STORED_STATE, "a skipped key that does not fit its ratchet or suite");
        }
        return out;
    }

    @Override
    public void close() {
        key.close();
        nonce.close();
    }
}
