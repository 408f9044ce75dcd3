package org.coppice.mls.schedule;

import java.nio.charset.StandardCharsets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;

/**
 * The way down the secret tree to a leaf whose ratchets nobody has used (RFC 9420 §9), derived beside the tree.
 *
 * <pre>
 *           S             S is the nearest node above the leaf whose secret the tree still holds.
 *         /   \           Using the leaf consumes S and all nodes on the way (§9.2);
 *        x     s1         s1 and s2 take the place of S and lead to all other leaves,
 *       / \               L becomes its two ratchets.
 *     s2   L
 * </pre>
 */
final class LeafPath implements AutoCloseable {
    private static final Bytes LEFT = Bytes.wrap("left".getBytes(StandardCharsets.US_ASCII));
    private static final Bytes RIGHT = Bytes.wrap("right".getBytes(StandardCharsets.US_ASCII));

    final long source;
    final Secret sourceSecret;
    final long[] siblings;
    final Secret[] siblingSecrets;
    final SenderRatchets ratchets;

    /** @param sourceSecret stays the tree's */
    LeafPath(long source, Secret sourceSecret, long leaf, SuiteCrypto crypto) {
        this.source = source;
        this.sourceSecret = sourceSecret;
        int level = level(source);
        siblings = new long[level];
        siblingSecrets = new Secret[level];
        long node = source;
        Secret secret = sourceSecret;
        for (int i = 0; level > 0; i++, level--) {
            long left = node ^ 1L << level - 1;
            long right = node ^ 3L << level - 1;
            Secret leftSecret = crypto.expandWithLabel(secret, "tree", LEFT, crypto.hashLength());
            Secret rightSecret = crypto.expandWithLabel(secret, "tree", RIGHT, crypto.hashLength());
            closeDerived(secret);
            boolean goesLeft = 2 * leaf < node;
            siblings[i] = goesLeft ? right : left;
            siblingSecrets[i] = goesLeft ? rightSecret : leftSecret;
            node = goesLeft ? left : right;
            secret = goesLeft ? leftSecret : rightSecret;
        }
        ratchets = new SenderRatchets(
                begin(leaf, RatchetType.HANDSHAKE, secret, crypto),
                begin(leaf, RatchetType.APPLICATION, secret, crypto));
        closeDerived(secret);
    }

    private static Ratchet begin(long leaf, RatchetType type, Secret leafSecret, SuiteCrypto crypto) {
        return new Ratchet(
                leaf, type, crypto.expandWithLabel(leafSecret, type.label(), Bytes.EMPTY, crypto.hashLength()), 0);
    }

    private void closeDerived(Secret secret) {
        if (secret != sourceSecret) {
            secret.close();
        }
    }

    /** Adds what the step changes in storage, except for the ratchets. */
    void record(StateChange.Builder changes, long epoch) {
        changes.delete(new RecordKey.SecretNode(epoch, source));
        for (int i = 0; i < siblings.length; i++) {
            recordNode(changes, epoch, siblings[i], siblingSecrets[i]);
        }
    }

    static void recordNode(StateChange.Builder changes, long epoch, long node, Secret secret) {
        try (SecretWriter out = new SecretWriter(secret.length() + 2)) {
            secret.exposeTo(out);
            changes.put(new RecordKey.SecretNode(epoch, node), out.toByteArray());
        }
    }

    /** How far a node is above the leaves (RFC 9420 appendix C). */
    static int level(long node) {
        return Long.numberOfTrailingZeros(~node);
    }

    /** The node above; {@code node} is not the root. */
    static long parent(long node) {
        int level = level(node);
        return (node | 1L << level) & ~(1L << level + 1);
    }

    /** Wipes what was derived, for a step that is not taken. */
    @Override
    public void close() {
        for (Secret sibling : siblingSecrets) {
            sibling.close();
        }
        ratchets.close();
    }
}
