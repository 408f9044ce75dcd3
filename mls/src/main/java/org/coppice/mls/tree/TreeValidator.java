package org.coppice.mls.tree;

import java.util.Arrays;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * Checks a whole tree that came from somebody else, as a joiner does (RFC 9420 §12.4.3.1), but for what concerns single leaves,
 * which is {@link LeafNodeValidator}'s, and the comparison of the tree hash, which is the caller's.
 *
 * <p>Takes time proportional to the size of the tree's encoding times the logarithm of the number of leaves, whatever is in it.
 */
public final class TreeValidator {
    private static final long[] NONE = {};

    private final SuiteCrypto crypto;
    private final TreeHasher hasher;

    private TreeValidator(SuiteCrypto crypto) {
        this.crypto = crypto;
        this.hasher = new TreeHasher(crypto);
    }

    /**
     * Checks unmerged leaves, the keys of parent nodes, that no key occurs twice, and parent hashes.
     *
     * @throws ValidationException with {@link Rule#UNMERGED_LEAF_NOT_BELOW} or {@link Rule#UNMERGED_LEAF_INTERMEDIATE} if a list
     *     of unmerged leaves is wrong, {@link Rule#INVALID_KEY} if the key of a parent is none of the suite,
     *     {@link Rule#DUPLICATE_SIGNATURE_KEY} or {@link Rule#DUPLICATE_ENCRYPTION_KEY} if a key occurs twice, or
     *     {@link Rule#PARENT_HASH} if a parent node is not tied to exactly one node below by a parent hash
     */
    public static void validate(RatchetTree tree) throws ValidationException {
        TreeRoot root = tree.version();
        TreeValidator validator = new TreeValidator(tree.crypto());
        validator.checkParents(root.node(), root.depth(), 0, NONE, 0, 0);
        Optional<LeafIndex> signature = tree.duplicateSignatureKey();
        if (signature.isPresent()) {
            throw new ValidationException(Rule.DUPLICATE_SIGNATURE_KEY, "leaf " + signature.get());
        }
        Optional<NodeIndex> encryption = tree.duplicateNode();
        if (encryption.isPresent()) {
            throw new ValidationException(Rule.DUPLICATE_ENCRYPTION_KEY, "node " + encryption.get());
        }
        validator.checkParentHashes(root.node(), root.depth(), 0);
    }

    /**
     * Checks keys and unmerged leaves. Lists are handed down from each occupied node to the nearest ones below, so every entry is
     * looked at twice at most.
     *
     * @param above what the nearest occupied ancestor lists; the entries from {@code from} to {@code to} are leaves below here
     */
    private void checkParents(Subtree tree, int level, long first, long[] above, int from, int to)
            throws ValidationException {
        if (!(tree instanceof Subtree.Inner inner)) {
            // §12.4.3.1: an unmerged leaf is occupied.
            if (from < to && tree instanceof Subtree.Blank) {
                throw new ValidationException(Rule.UNMERGED_LEAF_NOT_BELOW, "leaf " + above[from]);
            }
            return;
        }
        long[] lists = above;
        int start = from;
        int end = to;
        byte[] content = inner.content();
        if (content != null) {
            String where = "node " + TreeMath.node(level, first);
            if (!crypto.isValid(new HpkePublicKey(ParentContent.encryptionKey(content)))) {
                throw new ValidationException(Rule.INVALID_KEY, where);
            }
            lists = ParentContent.unmerged(content);
            start = 0;
            end = lists.length;
            // §12.4.3.1: an unmerged leaf is below the node, and listed by all occupied nodes in between.
            if (end > 0 && (lists[0] < first || lists[end - 1] >= first + (1L << level))) {
                throw new ValidationException(Rule.UNMERGED_LEAF_NOT_BELOW, where);
            }
            checkListed(lists, above, from, to, where);
        }
        long middle = first + (1L << level - 1);
        int at = Arrays.binarySearch(lists, start, end, middle);
        int split = at < 0 ? -at - 1 : at;
        checkParents(inner.left(), level - 1, first, lists, start, split);
        checkParents(inner.right(), level - 1, middle, lists, split, end);
    }

    private static void checkListed(long[] own, long[] above, int from, int to, String where)
            throws ValidationException {
        int at = 0;
        for (int i = from; i < to; i++) {
            while (at < own.length && own[at] < above[i]) {
                at++;
            }
            if (at == own.length || own[at] != above[i]) {
                throw new ValidationException(Rule.UNMERGED_LEAF_INTERMEDIATE, where + ", leaf " + above[i]);
            }
        }
    }

    /** Checks all parent hashes in a subtree, whose unmerged leaves were checked before, and returns its tree hash. */
    private Bytes checkParentHashes(Subtree tree, int level, long first) throws ValidationException {
        if (!(tree instanceof Subtree.Inner inner)) {
            return hasher.hash(tree, level, first);
        }
        long middle = first + (1L << level - 1);
        Bytes left = checkParentHashes(inner.left(), level - 1, first);
        Bytes right = checkParentHashes(inner.right(), level - 1, middle);
        byte[] content = inner.content();
        if (content != null) {
            long[] unmerged = ParentContent.unmerged(content);
            int split = TreeHasher.lowerBound(unmerged, middle);
            // §7.9.2: exactly one node below is tied to this one.
            Bytes link = ParentHashLink.find(inner.left(), level - 1, first, unmerged, 0, split);
            boolean byLeft = !link.isEmpty()
                    && isHashOf(
                            content,
                            split == unmerged.length
                                    ? right
                                    : hasher.hashWithout(inner.right(), level - 1, middle, unmerged),
                            link);
            link = ParentHashLink.find(inner.right(), level - 1, middle, unmerged, split, unmerged.length);
            boolean byRight = !link.isEmpty()
                    && isHashOf(
                            content,
                            split == 0 ? left : hasher.hashWithout(inner.left(), level - 1, first, unmerged),
                            link);
            if (byLeft == byRight) {
                throw new ValidationException(Rule.PARENT_HASH, "node " + TreeMath.node(level, first));
            }
        }
        return hasher.hash(tree, left, right);
    }

    /** §7.9.2, second criterion. */
    private boolean isHashOf(byte[] parent, Bytes originalSiblingTreeHash, Bytes parentHash) {
        return parentHash.equals(ParentHash.of(
                ParentContent.encryptionKey(parent),
                ParentContent.parentHash(parent),
                originalSiblingTreeHash,
                crypto));
    }
}
