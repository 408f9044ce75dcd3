package org.coppice.mls.schedule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.state.StateChange;

/** The use of a generation that its ratchet has not reached yet: the next one, or one further on. */
final class AdvancingKey extends PendingKey {
    private final SecretTree tree;
    private final LeafPath path;
    private final Ratchet ratchet;
    private final int version;
    private final RatchetLimits limits;
    private final List<SkippedKey> skipped;
    private final Secret key;
    private final Secret nonce;
    private final Secret next;
    /** Skipped keys that make room for new ones; null until it is known that this key will be used. */
    private Set<SkippedKey> dropped;

    /**
     * @param path the way to the sender at its first use, otherwise null
     * @param ratchet the tree's, or that of {@code path}
     * @param generation at least that of the ratchet, which is not at its end
     */
    AdvancingKey(SecretTree tree, LeafPath path, Ratchet ratchet, long generation, RatchetLimits limits) {
        super(generation);
        this.tree = tree;
        this.path = path;
        this.ratchet = ratchet;
        this.version = ratchet.version;
        this.limits = limits;
        SuiteCrypto crypto = tree.crypto();
        long distance = generation - ratchet.generation;
        long kept = Math.min(distance, Math.min(limits.maxSkippedPerRatchet(), limits.maxSkippedTotal()));
        this.skipped = kept == 0 ? List.of() : new ArrayList<>((int) kept);
        Secret secret = ratchet.secret();
        for (long g = ratchet.generation; g < generation; g++) {
            // §9.2: the keys of skipped generations are kept, not the secrets they come from.
            if (generation - g <= kept) {
                skipped.add(new SkippedKey(ratchet, g, key(crypto, secret, g), nonce(crypto, secret, g)));
            }
            Secret following = next(crypto, secret, g);
            closeDerived(secret);
            secret = following;
        }
        this.nonce = nonce(crypto, secret, generation);
        this.key = key(crypto, secret, generation);
        this.next = generation == Ratchet.END - 1 ? null : next(crypto, secret, generation);
        closeDerived(secret);
    }

    // A cast keeps the bits of a generation from 2^31 on, which is what is encoded.
    private static Secret nonce(SuiteCrypto crypto, Secret secret, long generation) {
        return crypto.deriveTreeSecret(
                secret, "nonce", (int) generation, crypto.parts().aead().nonceLength());
    }

    private static Secret key(SuiteCrypto crypto, Secret secret, long generation) {
        return crypto.deriveTreeSecret(
                secret, "key", (int) generation, crypto.parts().aead().keyLength());
    }

    private static Secret next(SuiteCrypto crypto, Secret secret, long generation) {
        return crypto.deriveTreeSecret(secret, "secret", (int) generation, crypto.hashLength());
    }

    private void closeDerived(Secret secret) {
        if (secret != ratchet.secret()) {
            secret.close();
        }
    }

    @Override
    Secret keySecret() {
        return key;
    }

    @Override
    Secret nonceSecret() {
        return nonce;
    }

    @Override
    boolean isCurrent() {
        return path == null
                ? ratchet.version == version && !tree.isClosed()
                : tree.holds(path.source, path.sourceSecret);
    }

    @Override
    void recordUse(StateChange.Builder changes, long epoch) {
        settle();
        if (path != null) {
            path.record(changes, epoch);
            RatchetType other = ratchet.type == RatchetType.HANDSHAKE ? RatchetType.APPLICATION : RatchetType.HANDSHAKE;
            path.ratchets.of(other).record(changes, epoch);
        }
        changes.put(ratchet.recordKey(epoch), Ratchet.encode(generation() + 1, next));
        for (SkippedKey entry : dropped) {
            changes.delete(entry.recordKey(epoch));
        }
        for (SkippedKey entry : skipped) {
            entry.record(changes, epoch);
        }
    }

    @Override
    void apply() {
        settle();
        if (path != null) {
            tree.take(path);
        }
        ratchet.advance(next, generation() + 1);
        dropped.forEach(tree::drop);
        skipped.forEach(tree::keep);
    }

    /** Numbers the new skipped keys and chooses the old ones that make room for them, once, so that storage and memory agree. */
    private void settle() {
        if (dropped != null) {
            return;
        }
        dropped = skipped.isEmpty() ? Set.of() : new LinkedHashSet<>();
        if (skipped.isEmpty()) {
            return;
        }
        for (SkippedKey entry : skipped) {
            entry.order = tree.nextOrder();
        }
        int excess = ratchet.skipped().size() + skipped.size() - limits.maxSkippedPerRatchet();
        ratchet.skipped().values().stream().limit(Math.max(0, excess)).forEach(dropped::add);
        excess = tree.skippedCount() - dropped.size() + skipped.size() - limits.maxSkippedTotal();
        tree.skippedByAge()
                .filter(entry -> !dropped.contains(entry))
                .limit(Math.max(0, excess))
                .forEach(dropped::add);
    }

    @Override
    void discard() {
        if (path != null) {
            path.close();
        }
        if (next != null) {
            next.close();
        }
        skipped.forEach(SkippedKey::close);
    }

    @Override
    void wipe() {
        key.close();
        nonce.close();
    }
}
