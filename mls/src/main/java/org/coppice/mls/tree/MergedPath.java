package org.coppice.mls.tree;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/** A path that fits the tree, merged into it; whoever holds private keys can decrypt it. Immutable and thread safe. */
public final class MergedPath {
    static final String LABEL = "UpdatePathNode";

    private final SenderPath path;
    private final List<UpdatePath.Node> nodes;
    private final long[] added;
    private final RatchetTree tree;
    private final SuiteCrypto crypto;

    MergedPath(SenderPath path, List<UpdatePath.Node> nodes, long[] added, RatchetTree tree, SuiteCrypto crypto) {
        this.path = path;
        this.nodes = nodes;
        this.added = added;
        this.tree = tree;
        this.crypto = crypto;
    }

    /** The tree of the new epoch. */
    public RatchetTree tree() {
        return tree;
    }

    /** The committer's leaf. */
    public LeafIndex sender() {
        return new LeafIndex(path.leaf());
    }

    /**
     * What a member learns from a path; the owner closes both.
     *
     * @param next the member's private keys in the new epoch, which share nothing with the old ones
     * @param commitSecret the commit secret (RFC 9420 §12.4.1)
     */
    public record Decrypted(TreePrivateKeys next, Secret commitSecret) implements AutoCloseable {
        /** Checks that nothing is missing. */
        public Decrypted {
            Objects.requireNonNull(next, "next");
            Objects.requireNonNull(commitSecret, "commitSecret");
        }

        /** Wipes the keys and the commit secret. */
        @Override
        public void close() {
            next.close();
            commitSecret.close();
        }

        /** Never a key. */
        @Override
        public String toString() {
            return "Decrypted[" + next + "]";
        }
    }

    /**
     * Decrypts the path secret that is meant for a member and derives the keys above it (RFC 9420 §7.5). All path secrets and node
     * secrets are wiped before it returns or throws.
     *
     * @param own the member's keys, which are only read and stay the caller's
     * @param provisionalGroupContext the encoded GroupContext with the new epoch, tree hash and extensions, and the old confirmed
     *     transcript hash
     * @throws ValidationException with {@link Rule#PATH_DECRYPTION} if no ciphertext can be decrypted with the member's keys, or
     *     {@link Rule#PATH_KEY_MISMATCH} if a derived public key is not the one that was sent
     * @throws IllegalArgumentException if the keys are the committer's, of a leaf that the Commit adds, or of none in the tree
     */
    public Decrypted decrypt(TreePrivateKeys own, Bytes provisionalGroupContext) throws ValidationException {
        long leaf = own.leafIndex().value();
        if (leaf == path.leaf()
                || Arrays.binarySearch(added, leaf) >= 0
                || tree.leaf(own.leafIndex()).isEmpty()) {
            throw new IllegalArgumentException("nothing is encrypted to leaf " + leaf);
        }
        int[] levels = path.filtered();
        // The ancestor where the ways of both meet has the member below its other child, so it is on the filtered path.
        int from = Arrays.binarySearch(levels, TreeMath.commonLevel(leaf, path.leaf()));
        TreePrivateKeys next = own.retain(tree);
        Secret secret = null;
        boolean done = false;
        try {
            secret = open(own, levels[from], nodes.get(from), provisionalGroupContext);
            for (int i = from; i < levels.length; i++) {
                HpkeKeyPair pair = PathSecrets.keyPair(secret, crypto);
                next.put(path.node(levels[i]), pair);
                // §7.5: what was sent is what follows from the path secret.
                if (!pair.publicKey().equals(nodes.get(i).encryptionKey())) {
                    throw new ValidationException(Rule.PATH_KEY_MISMATCH, "path node " + i);
                }
                Secret above = PathSecrets.next(secret, crypto);
                secret.close();
                secret = above;
            }
            done = true;
            return new Decrypted(next, secret);
        } finally {
            if (!done) {
                next.close();
                if (secret != null) {
                    secret.close();
                }
            }
        }
    }

    /** Decrypts the path secret of the ancestor at a level, with the first key of the copath child's resolution that is held. */
    private Secret open(TreePrivateKeys own, int level, UpdatePath.Node node, Bytes provisionalGroupContext)
            throws ValidationException {
        List<NodeIndex> targets =
                Resolution.targets(path.copathChild(level), level - 1, path.copathFirst(level), added);
        for (int i = 0; i < targets.size(); i++) {
            HpkeKeyPair pair = own.key(targets.get(i)).orElse(null);
            if (pair != null && TreePrivateKeys.holds(tree, targets.get(i), pair)) {
                HpkeCiphertext ciphertext = node.encryptedPathSecret().get(i);
                try {
                    return crypto.decryptWithLabel(
                            pair, crypto.encryptionContext(LABEL, provisionalGroupContext), ciphertext);
                } catch (CryptoException e) {
                    throw new ValidationException(Rule.PATH_DECRYPTION, "node " + targets.get(i));
                }
            }
        }
        throw new ValidationException(Rule.PATH_DECRYPTION, "leaf " + own.leafIndex() + " holds no key that was used");
    }
}
