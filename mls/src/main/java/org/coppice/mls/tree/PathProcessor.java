package org.coppice.mls.tree;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/** The receivers' side of TreeKEM (RFC 9420 §7.5, §12.4.2). The public part needs no secret: an observer follows it too. */
public final class PathProcessor {
    private PathProcessor() {}

    /**
     * Checks a path against the tree and merges it. What {@link LeafNodeValidator} checks of the leaf is the caller's to ask for.
     *
     * @param provisional the validated tree after all proposals
     * @param sender the committer's leaf; for an external joiner {@link RatchetTree#nextFreeLeaf()}, which is blank
     * @param path what the Commit carries
     * @param addedLeaves the leaves that the same Commit adds
     * @throws ValidationException with {@link Rule#LEAF_SOURCE} if the leaf is not of source commit,
     *     {@link Rule#LEAF_ENCRYPTION_KEY_REUSED} if it keeps the key of the committer's present leaf, {@link Rule#PATH_KEY_TWICE}
     *     or {@link Rule#PATH_KEY_NOT_FRESH} if a key occurs twice in the path or also in the tree, {@link Rule#INVALID_KEY} if
     *     one is none of the suite, {@link Rule#PATH_LENGTH} or {@link Rule#PATH_CIPHERTEXT_COUNT} if nodes or ciphertexts are
     *     missing or too many, or {@link Rule#PARENT_HASH_OF_PATH} if the leaf's parent hash is wrong
     * @throws IllegalArgumentException if {@code sender} is blank and not the next free leaf
     */
    public static MergedPath merge(
            RatchetTree provisional, LeafIndex sender, UpdatePath path, Set<LeafIndex> addedLeaves, SuiteCrypto crypto)
            throws ValidationException {
        PathBuilder.checkSender(provisional, sender);
        LeafNode leaf = path.leafNode();
        // §12.4.2: the leaf comes from a Commit, and its key is new.
        if (!(leaf.source() instanceof LeafNodeSource.Commit source)) {
            throw new ValidationException(Rule.LEAF_SOURCE, "leaf " + sender);
        }
        Optional<HpkePublicKey> old = provisional.encryptionKey(sender.toNodeIndex());
        if (old.isPresent() && old.get().equals(leaf.encryptionKey())) {
            throw new ValidationException(Rule.LEAF_ENCRYPTION_KEY_REUSED, "leaf " + sender);
        }
        SenderPath senderPath = SenderPath.of(provisional.version(), sender.value());
        int[] levels = senderPath.filtered();
        List<UpdatePath.Node> nodes = path.nodes();
        // §7.6: one node for each of the filtered direct path..
        if (nodes.size() != levels.length) {
            throw new ValidationException(Rule.PATH_LENGTH, nodes.size() + " nodes instead of " + levels.length);
        }
        // ..and one ciphertext for each node of the resolution that is not new.
        long[] added = Resolution.sorted(addedLeaves);
        for (int i = 0; i < levels.length; i++) {
            int level = levels[i];
            int expected = Resolution.targetCount(
                    senderPath.copathChild(level), level - 1, senderPath.copathFirst(level), added);
            int actual = nodes.get(i).encryptedPathSecret().size();
            if (actual != expected) {
                throw new ValidationException(
                        Rule.PATH_CIPHERTEXT_COUNT, "path node " + i + ", " + actual + " instead of " + expected);
            }
        }
        checkKeys(provisional, path, crypto);
        HpkePublicKey[] keys =
                nodes.stream().map(UpdatePath.Node::encryptionKey).toArray(HpkePublicKey[]::new);
        SenderPath.Filled filled = senderPath.fill(keys, crypto);
        // §7.5: the leaf is tied to the path above it.
        if (!source.parentHash().equals(filled.leafParentHash())) {
            throw new ValidationException(Rule.PARENT_HASH_OF_PATH, "leaf " + sender);
        }
        RatchetTree tree = provisional.withPath(senderPath, leaf, filled.contents());
        return new MergedPath(senderPath, nodes, added, tree, crypto);
    }

    private static void checkKeys(RatchetTree provisional, UpdatePath path, SuiteCrypto crypto)
            throws ValidationException {
        Set<HpkePublicKey> seen = new HashSet<>();
        checkKey(path.leafNode().encryptionKey(), seen, provisional, crypto, "path leaf");
        for (int i = 0; i < path.nodes().size(); i++) {
            checkKey(path.nodes().get(i).encryptionKey(), seen, provisional, crypto, "path node " + i);
        }
    }

    private static void checkKey(
            HpkePublicKey key, Set<HpkePublicKey> seen, RatchetTree provisional, SuiteCrypto crypto, String where)
            throws ValidationException {
        if (!seen.add(key)) {
            throw new ValidationException(Rule.PATH_KEY_TWICE, where);
        }
        // §12.4.2: in no node of the tree, those that the path replaces included.
        if (provisional.containsEncryptionKey(key)) {
            throw new ValidationException(Rule.PATH_KEY_NOT_FRESH, where);
        }
        if (!crypto.isValid(key)) {
            throw new ValidationException(Rule.INVALID_KEY, where);
        }
    }
}
