package org.coppice.mls.tree;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/** The committer's side of TreeKEM (RFC 9420 §7.4, §7.5): new keys for its leaf and filtered direct path. */
public final class PathBuilder {
    private PathBuilder() {}

    /**
     * Makes new keys for a leaf and all occupied nodes above it, binds them by parent hashes, and signs the new leaf. Nothing is
     * encrypted yet, because the GroupContext to encrypt under holds the hash of the tree that this makes.
     *
     * @param provisional the validated tree after all proposals
     * @param sender the committer's leaf; for an external joiner {@link RatchetTree#nextFreeLeaf()}, which is blank
     * @param content what the new leaf holds beside its encryption key
     * @param groupId the group
     * @param signer signs the new leaf
     * @param own the committer's present keys, or null for an external joiner; only read
     * @return what the caller closes
     * @throws CryptoException if the signer does not perform the operation
     * @throws IllegalArgumentException if {@code sender} is blank and not the next free leaf, if {@code own} are the keys of
     *     another leaf, or if the signer has another public key than {@code content}
     */
    public static PreparedPath prepare(
            RatchetTree provisional,
            LeafIndex sender,
            LeafNode.Content content,
            Bytes groupId,
            SuiteCrypto crypto,
            Signer signer,
            TreePrivateKeys own)
            throws CryptoException {
        checkSender(provisional, sender);
        if (own != null && !own.leafIndex().equals(sender)) {
            throw new IllegalArgumentException("keys of leaf " + own.leafIndex() + " for a path of leaf " + sender);
        }
        Objects.requireNonNull(content, "content");
        SenderPath path = SenderPath.of(provisional.version(), sender.value());
        PathKeys keys = new PathKeys(path.filtered().length, crypto);
        boolean done = false;
        try {
            SenderPath.Filled filled = path.fill(keys.publicKeys(), crypto);
            LeafNode leaf = LeafNode.sign(
                    content,
                    keys.leafKey().publicKey(),
                    new LeafNodeSource.Commit(filled.leafParentHash()),
                    new LeafNode.Position(groupId, sender),
                    crypto,
                    signer);
            RatchetTree tree = provisional.withPath(path, leaf, filled.contents());
            PreparedPath out = new PreparedPath(path, keys, tree, leaf, crypto);
            done = true;
            return out;
        } finally {
            if (!done) {
                keys.close();
            }
        }
    }

    /** A path starts at a member, or where an external joiner comes in (§12.4.3.2). */
    static void checkSender(RatchetTree provisional, LeafIndex sender) {
        if (provisional.leaf(sender).isEmpty() && !sender.equals(provisional.nextFreeLeaf())) {
            throw new IllegalArgumentException("leaf " + sender + " is neither a member nor the next free leaf");
        }
    }

    /** The secrets of a new path, one for each node of the filtered direct path, and what follows from them (§7.4). */
    static final class PathKeys implements AutoCloseable {
        private final Secret[] pathSecrets;
        private final HpkeKeyPair[] pairs;
        private final Secret commitSecret;
        private final HpkeKeyPair leafKey;

        PathKeys(int length, SuiteCrypto crypto) {
            pathSecrets = new Secret[length];
            pairs = new HpkeKeyPair[length];
            // §7.4, erratum 8211: the leaf's key pair has randomness of its own.
            leafKey = crypto.generateHpkeKeyPair();
            Secret secret = crypto.randomSecret(crypto.hashLength());
            for (int i = 0; i < length; i++) {
                pathSecrets[i] = secret;
                pairs[i] = PathSecrets.keyPair(secret, crypto);
                secret = PathSecrets.next(secret, crypto);
            }
            // §12.4.1: what follows the last path secret; for a member alone, a secret from nothing but randomness.
            commitSecret = secret;
        }

        HpkePublicKey[] publicKeys() {
            HpkePublicKey[] out = new HpkePublicKey[pairs.length];
            for (int i = 0; i < pairs.length; i++) {
                out[i] = pairs[i].publicKey();
            }
            return out;
        }

        HpkeKeyPair leafKey() {
            return leafKey;
        }

        HpkeKeyPair pair(int i) {
            return pairs[i];
        }

        Secret pathSecret(int i) {
            return pathSecrets[i];
        }

        Secret commitSecret() {
            return commitSecret;
        }

        /** Wipes the secrets that keys were derived from. */
        void closeSecrets() {
            for (Secret secret : pathSecrets) {
                secret.close();
            }
            commitSecret.close();
        }

        @Override
        public void close() {
            closeSecrets();
            leafKey.close();
            for (HpkeKeyPair pair : pairs) {
                pair.close();
            }
        }
    }
}
