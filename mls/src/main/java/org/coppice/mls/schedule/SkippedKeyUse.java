package org.coppice.mls.schedule;

import org.coppice.mls.crypto.Secret;
import org.coppice.mls.state.StateChange;

/** The use of a key that was kept for a message which came late. */
final class SkippedKeyUse extends PendingKey {
    private final SecretTree tree;
    private final SkippedKey entry;
    private final int version;

    SkippedKeyUse(SecretTree tree, SkippedKey entry) {
        super(entry.generation);
        this.tree = tree;
        this.entry = entry;
        this.version = entry.ratchet.version;
    }

    @Override
    Secret keySecret() {
        return entry.key;
    }

    @Override
    Secret nonceSecret() {
        return entry.nonce;
    }

    @Override
    boolean isCurrent() {
        // The key may also have been dropped in favour of newer ones, of other senders.
        return entry.ratchet.version == version && !entry.key.isClosed();
    }

    @Override
    void recordUse(StateChange.Builder changes, long epoch) {
        changes.delete(entry.recordKey(epoch));
    }

    @Override
    void apply() {
        tree.drop(entry);
        entry.ratchet.version++;
    }

    @Override
    void discard() {
        // The tree keeps it.
    }

    @Override
    void wipe() {
        // Dropping it wiped it; what was not dropped is the tree's.
    }
}
