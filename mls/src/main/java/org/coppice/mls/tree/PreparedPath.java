package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;

/**
 * A new path before and while it is encrypted to the group (RFC 9420 §7.5). It owns the path secrets and the new private keys
 * until they are taken, and wipes them with {@link #close()}. Not thread safe.
 */
public final class PreparedPath implements AutoCloseable {
    private final SenderPath path;
    private final int[] levels;
    private final PathBuilder.PathKeys keys;
    private final RatchetTree tree;
    private final LeafNode leafNode;
    private final SuiteCrypto crypto;
    private boolean taken;
    private boolean closed;

    PreparedPath(SenderPath path, PathBuilder.PathKeys keys, RatchetTree tree, LeafNode leafNode, SuiteCrypto crypto) {
        this.path = path;
        this.levels = path.filtered();
        this.keys = keys;
        this.tree = tree;
        this.leafNode = leafNode;
        this.crypto = crypto;
    }

    /** The tree of the new epoch, the path merged. */
    public RatchetTree tree() {
        return tree;
    }

    /** The committer's new leaf, of source commit. */
    public LeafNode leafNode() {
        return leafNode;
    }

    /** The commit secret (RFC 9420 §12.4.1), Nh bytes; it stays this object's. */
    public Secret commitSecret() {
        requireOpen();
        return keys.commitSecret();
    }

    /**
     * The path secret for the Welcome of a member that the same Commit adds (RFC 9420 §12.4.1): that of the lowest common
     * ancestor with the committer.
     *
     * @return a copy, which is the caller's to close
     * @throws IllegalArgumentException if the leaf is the committer's, or blank or outside the tree
     */
    public Secret pathSecretFor(LeafIndex added) {
        requireOpen();
        if (added.value() == path.leaf() || tree.leaf(added).isEmpty()) {
            throw new IllegalArgumentException("leaf " + added + " is not another member");
        }
        int level = TreeMath.commonLevel(added.value(), path.leaf());
        return keys.pathSecret(Arrays.binarySearch(levels, level)).copy();
    }

    /**
     * Encrypts each path secret to the members below the other child of its node, those that the Commit adds excepted
     * (RFC 9420 §7.5, §7.6).
     *
     * @param provisionalGroupContext the encoded GroupContext with the new epoch, tree hash and extensions, and the old confirmed
     *     transcript hash
     * @param addedLeaves the leaves that the same Commit adds
     * @param workers who encrypts; where the suite's randomness is not the system's, only the caller's thread does, so that a run
     *     can be replayed
     * @throws CryptoException if a public key of the tree must not be used, which validation excludes
     */
    public UpdatePath encrypt(Bytes provisionalGroupContext, Set<LeafIndex> addedLeaves, Workers workers)
            throws CryptoException {
        requireOpen();
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext(MergedPath.LABEL, provisionalGroupContext);
        long[] added = Resolution.sorted(addedLeaves);
        List<Seal> seals = new ArrayList<>();
        for (int i = 0; i < levels.length; i++) {
            int level = levels[i];
            for (NodeIndex node :
                    Resolution.targets(path.copathChild(level), level - 1, path.copathFirst(level), added)) {
                HpkePublicKey key = tree.encryptionKey(node)
                        .orElseThrow(() -> new IllegalStateException("the tree was not validated: node " + node));
                seals.add(new Seal(i, key));
            }
        }
        HpkeCiphertext[] ciphertexts = new HpkeCiphertext[seals.size()];
        Workers used = crypto.randomness().isSystem() ? workers : Workers.sequential();
        try {
            used.forEach(ciphertexts.length, i -> {
                Seal seal = seals.get(i);
                ciphertexts[i] = crypto.encryptWithLabel(seal.key, context, keys.pathSecret(seal.pathNode));
            });
        } catch (CryptoException e) {
            throw e;
        } catch (MlsException e) {
            throw new AssertionError("the task throws nothing else", e);
        }
        List<UpdatePath.Node> nodes = new ArrayList<>(levels.length);
        for (int i = 0, at = 0; i < levels.length; i++) {
            int from = at;
            while (at < ciphertexts.length && seals.get(at).pathNode == i) {
                at++;
            }
            List<HpkeCiphertext> own = Arrays.asList(ciphertexts).subList(from, at);
            nodes.add(new UpdatePath.Node(keys.pair(i).publicKey(), own));
        }
        return new UpdatePath(leafNode, nodes);
    }

    /** One encryption of the path secret of a node. */
    private record Seal(int pathNode, HpkePublicKey key) {
        Seal {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * The committer's private keys of the new epoch, which become the caller's. All older ones belong to replaced nodes.
     *
     * @throws IllegalStateException if they were taken before
     */
    public TreePrivateKeys takePrivateKeys() {
        requireOpen();
        if (taken) {
            throw new IllegalStateException("the private keys were taken before");
        }
        TreeMap<NodeIndex, HpkeKeyPair> pairs = new TreeMap<>();
        for (int i = 0; i < levels.length; i++) {
            pairs.put(path.node(levels[i]), keys.pair(i));
        }
        TreePrivateKeys out = TreePrivateKeys.restore(new LeafIndex(path.leaf()), keys.leafKey(), pairs);
        taken = true;
        return out;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the path was closed");
        }
    }

    /** Wipes the path secrets, the commit secret, and the private keys unless they were taken. Closing twice does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (taken) {
                keys.closeSecrets();
            } else {
                keys.close();
            }
        }
    }

    /** Leaf and length, never a key. */
    @Override
    public String toString() {
        return "PreparedPath[leaf " + path.leaf() + ", " + levels.length + " nodes]";
    }
}
