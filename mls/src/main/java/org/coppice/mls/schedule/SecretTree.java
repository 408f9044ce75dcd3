package org.coppice.mls.schedule;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;

/**
 * The keys of all messages of one epoch (RFC 9420 §9): a tree of secrets over the leaves of the ratchet tree, and two ratchets
 * for each sender that was heard of.
 *
 * <p>It holds just what is not consumed. At first that is the root; the first message of a sender replaces the node above it by
 * the siblings along the way down and by the sender's two ratchets. So every leaf is below exactly one node held, or has its
 * ratchets; a secret that something consumed was derived from is nowhere (§9.2). Memory is O(log n) for each sender used, and
 * a message costs three derivations, whatever the size of the group.
 *
 * <p>Using a key takes three steps that {@link PendingKey} describes. One owner, who wipes all with {@link #close()}. Not thread
 * safe.
 */
public final class SecretTree implements AutoCloseable {
    private final long leafCount;
    private final SuiteCrypto crypto;
    private final Map<Long, Secret> nodes = new HashMap<>();
    private final Map<Long, SenderRatchets> senders = new HashMap<>();
    /** All skipped keys, the oldest first. */
    private final Set<SkippedKey> skipped = new LinkedHashSet<>();

    private long nextOrder;
    private boolean closed;

    private SecretTree(long leafCount, SuiteCrypto crypto) {
        if (leafCount < 1 || leafCount > 1L << 32 || Long.bitCount(leafCount) != 1) {
            throw new IllegalArgumentException("a tree has a power of two of leaves, at most 2^32, not " + leafCount);
        }
        this.leafCount = leafCount;
        this.crypto = Objects.requireNonNull(crypto, "crypto");
    }

    /**
     * The tree of a new epoch.
     *
     * @param encryptionSecret taken over
     * @param leafCount how many leaves the ratchet tree has, blank ones included: a power of two
     */
    public static SecretTree of(Secret encryptionSecret, long leafCount, SuiteCrypto crypto) {
        SecretTree tree = new SecretTree(leafCount, crypto);
        tree.nodes.put(leafCount - 1, Objects.requireNonNull(encryptionSecret, "encryptionSecret"));
        return tree;
    }

    // ---- keys

    /**
     * Key and nonce of the next message that this client sends; the caller's to close.
     *
     * @param own this client's leaf
     * @throws IllegalArgumentException if it is outside the tree
     * @throws IllegalStateException if all 2^32 generations are used, so that only a new epoch helps
     */
    public PendingKey nextSendingKey(LeafIndex own, RatchetType type) {
        checkOpen();
        if (own.value() >= leafCount) {
            throw new IllegalArgumentException("leaf " + own + " of a tree of " + leafCount);
        }
        long generation = nextGeneration(own, type);
        if (generation == Ratchet.END) {
            throw new IllegalStateException("all generations of this epoch are used: a Commit is needed");
        }
        // Nothing is skipped, so no limit applies.
        return advance(own.value(), type, generation, RatchetLimits.DEFAULT);
    }

    /**
     * Key and nonce of a message that was received; the caller's to close.
     *
     * @param sender from the sender data of the message
     * @param generation uint32, from the sender data of the message
     * @throws DuplicateMessageException if the generation was used before, or its key was dropped
     * @throws ValidationException if the generation is too far ahead ({@link Rule#GENERATION_TOO_FAR}), or the sender is outside
     *     the tree ({@link Rule#SENDER_DATA_LEAF}); nothing was derived
     */
    public PendingKey receivingKey(LeafIndex sender, RatchetType type, long generation, RatchetLimits limits)
            throws ValidationException {
        checkOpen();
        if (generation < 0 || generation >= Ratchet.END) {
            throw new IllegalArgumentException(generation + " is no uint32");
        }
        if (sender.value() >= leafCount) {
            throw new ValidationException(Rule.SENDER_DATA_LEAF, "leaf " + sender);
        }
        long next = nextGeneration(sender, type);
        if (generation < next) {
            SkippedKey entry = senders.get(sender.value()).of(type).skipped().get(generation);
            if (entry == null) {
                throw new DuplicateMessageException();
            }
            return new SkippedKeyUse(this, entry);
        }
        // §15.3: refused before anything is derived, or one message could cost billions of derivations.
        if (generation - next > limits.maxForward()) {
            throw new ValidationException(Rule.GENERATION_TOO_FAR, "generation " + generation + ", next is " + next);
        }
        return advance(sender.value(), type, generation, limits);
    }

    private PendingKey advance(long leaf, RatchetType type, long generation, RatchetLimits limits) {
        SenderRatchets known = senders.get(leaf);
        if (known != null) {
            return new AdvancingKey(this, null, known.of(type), generation, limits);
        }
        long node = 2 * leaf;
        while (!nodes.containsKey(node)) {
            // Every leaf without ratchets is below a node that is held: there is no need to look above the root.
            if (node == leafCount - 1) {
                throw new AssertionError("leaf " + leaf + " is below no node");
            }
            node = LeafPath.parent(node);
        }
        LeafPath path = new LeafPath(node, nodes.get(node), leaf, crypto);
        return new AdvancingKey(this, path, path.ratchets.of(type), generation, limits);
    }

    /** The generation after the highest one used in a ratchet: 0 before the first, 2^32 after the last. */
    public long nextGeneration(LeafIndex leaf, RatchetType type) {
        SenderRatchets known = senders.get(leaf.value());
        return known == null ? 0 : known.of(type).generation;
    }

    /** How many leaves the tree has. */
    public long leafCount() {
        return leafCount;
    }

    /** How many keys of skipped generations are kept. */
    public int skippedCount() {
        return skipped.size();
    }

    // ---- storage

    /** Adds all that the tree holds: for the beginning of an epoch, when it is one record. */
    public void recordAll(StateChange.Builder changes, long epoch) {
        checkOpen();
        nodes.forEach((node, secret) -> LeafPath.recordNode(changes, epoch, node, secret));
        senders.values().forEach(ratchets -> {
            ratchets.handshake().record(changes, epoch);
            ratchets.application().record(changes, epoch);
        });
        skipped.forEach(entry -> entry.record(changes, epoch));
    }

    /** Deletes all records of the tree: for an epoch that is not kept any longer. Comes before {@link #close()}. */
    public void deleteAll(StateChange.Builder changes, long epoch) {
        checkOpen();
        nodes.keySet().forEach(node -> changes.delete(new RecordKey.SecretNode(epoch, node)));
        senders.values().forEach(ratchets -> {
            changes.delete(ratchets.handshake().recordKey(epoch));
            changes.delete(ratchets.application().recordKey(epoch));
        });
        skipped.forEach(entry -> changes.delete(entry.recordKey(epoch)));
    }

    /**
     * The tree as it was when the last of its records was written; the caller's to close.
     *
     * @param leafCount how many leaves the ratchet tree has: a power of two
     * @param epoch the epoch of the tree
     * @param records records of the group; those of other kinds and epochs are passed over. Values are copied
     * @throws DecodeException if records are missing, damaged or do not fit together ({@link Rule#STORED_STATE})
     */
    public static SecretTree restore(long leafCount, long epoch, Map<Bytes, byte[]> records, SuiteCrypto crypto)
            throws DecodeException {
        StoredSecretTree stored = StoredSecretTree.read(leafCount, epoch, records, crypto);
        SecretTree tree = new SecretTree(leafCount, crypto);
        tree.nodes.putAll(stored.nodes());
        tree.senders.putAll(stored.senders());
        stored.skipped().forEach(entry -> {
            tree.keep(entry);
            tree.nextOrder = entry.order + 1;
        });
        return tree;
    }

    // ---- for pending keys

    SuiteCrypto crypto() {
        return crypto;
    }

    boolean holds(long node, Secret secret) {
        return nodes.get(node) == secret;
    }

    /** Replaces a node by what was derived from it. */
    void take(LeafPath path) {
        nodes.remove(path.source).close();
        for (int i = 0; i < path.siblings.length; i++) {
            nodes.put(path.siblings[i], path.siblingSecrets[i]);
        }
        senders.put(path.ratchets.handshake().leaf, path.ratchets);
    }

    void keep(SkippedKey entry) {
        entry.ratchet.keep(entry);
        skipped.add(entry);
    }

    void drop(SkippedKey entry) {
        entry.ratchet.drop(entry);
        skipped.remove(entry);
        entry.close();
    }

    Stream<SkippedKey> skippedByAge() {
        return skipped.stream();
    }

    long nextOrder() {
        return nextOrder++;
    }

    // ---- the end

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** Wipes all that is left; keys that are pending can no longer be confirmed. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        nodes.values().forEach(Secret::close);
        nodes.clear();
        senders.values().forEach(SenderRatchets::close);
        senders.clear();
        skipped.clear();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the secret tree was wiped");
        }
    }

    /** Counts, never a secret. */
    @Override
    public String toString() {
        return "SecretTree[" + leafCount + " leaves, " + nodes.size() + " nodes, " + senders.size() + " senders, "
                + skipped.size() + " skipped keys]";
    }
}
