package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.PathBuilder;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.forge.ForgedTree;

/** A committer's new path on a tree, from which changed copies are made: tied, signed and encrypted as if the change belonged there. */
final class PathSealer {
    private final GroupState state;
    private final Applied applied;
    private final KeyRing ring;
    private final Signer signer;
    private final SuiteCrypto crypto;
    private final PreparedPath prepared;
    private final Field genuine;

    /**
     * Makes new keys.
     *
     * @param content what the committer's leaf holds beside its encryption key
     */
    PathSealer(
            GroupState state,
            Applied applied,
            LeafNode.Content content,
            KeyRing ring,
            Signer signer,
            SuiteCrypto crypto)
            throws MlsException {
        this.state = state;
        this.applied = applied;
        this.ring = ring;
        this.signer = signer;
        this.crypto = crypto;
        this.prepared = PathBuilder.prepare(
                applied.tree(), applied.committer(), content, state.groupId(), crypto, signer, null);
        UpdatePath path = prepared.encrypt(context(prepared.tree()), applied.added(), Workers.sequential());
        this.genuine = Schemas.UPDATE_PATH.readAll("value", Bytes.wrap(path.encoded()));
    }

    /** Whether it is for what these proposals lead to. */
    boolean fits(Applied other) {
        return applied.tree().treeHash().equals(other.tree().treeHash())
                && applied.extensions().equals(other.extensions())
                && applied.committer().equals(other.committer())
                && applied.added().equals(other.added());
    }

    /** The path as it was made. */
    Field genuine() {
        return genuine.copy();
    }

    Secret commitSecret() {
        return prepared.commitSecret();
    }

    private Bytes context(RatchetTree tree) {
        return SuiteCrypto.encode(state.context().provisional(tree.treeHash(), applied.extensions()));
    }

    /**
     * Ties, signs and encrypts a changed copy.
     *
     * @return the tree of the new epoch, or empty if the change leaves none
     */
    Optional<RatchetTree> seal(Field path) throws MlsException {
        List<Field> nodes = path.get("nodes").parts();
        List<NodeIndex> filtered = prepared.tree().filteredDirectPath(applied.committer());
        Field leaf = path.get("leaf_node");
        List<Bytes> parentHashes = parentHashes(nodes, filtered);
        Optional<Field> parentHash = leaf.find("source").filter(Field::isLeaf);
        if (parentHash.isPresent() && nodes.size() == filtered.size()) {
            parentHash.get().derive(parentHashes.get(filtered.size()));
        }
        KeyRing.Position place =
                new KeyRing.Position(state.groupId(), applied.committer().value());
        ring.signLeaf(leaf, place, signer);
        Optional<RatchetTree> tree =
                nodes.size() == filtered.size() ? merged(leaf, nodes, filtered, parentHashes) : Optional.empty();
        if (tree.isPresent()) {
            encrypt(nodes, tree.get());
        }
        return tree;
    }

    /** From the top down, what each node holds; the last one is the leaf's. */
    private List<Bytes> parentHashes(List<Field> nodes, List<NodeIndex> filtered) {
        List<Bytes> out = new ArrayList<>();
        out.add(Bytes.EMPTY);
        for (int i = Math.min(nodes.size(), filtered.size()) - 1; i >= 0; i--) {
            NodeIndex node = filtered.get(i);
            Bytes hash = crypto.hash(new TlsWriter()
                    .vector(nodes.get(i).get("encryption_key").bytes())
                    .vector(out.get(out.size() - 1))
                    .vector(prepared.tree().treeHash(besides(node))));
            out.add(hash);
        }
        return out;
    }

    /** The child of a node of the path that is not on it. */
    private NodeIndex besides(NodeIndex node) {
        NodeIndex left = TreeMath.left(node).orElseThrow();
        return TreeMath.covers(left, applied.committer()) ? TreeMath.right(node).orElseThrow() : left;
    }

    private Optional<RatchetTree> merged(
            Field leaf, List<Field> nodes, List<NodeIndex> filtered, List<Bytes> parentHashes) {
        Decoder<LeafNode> decoder = LeafNode::decode;
        try {
            LeafIndex at = applied.committer();
            ForgedTree tree = ForgedTree.of(prepared.tree(), crypto)
                    .leaf(at, decoder.decodeAll(leaf.encoded(), DecodeLimits.DEFAULT));
            for (int i = 0; i < nodes.size(); i++) {
                HpkePublicKey key =
                        new HpkePublicKey(nodes.get(i).get("encryption_key").bytes());
                Bytes hash = parentHashes.get(nodes.size() - 1 - i);
                tree.parent(filtered.get(i), old -> new ParentNode(key, hash, old.unmergedLeaves()));
            }
            return Optional.of(tree.decoded());
        } catch (DecodeException e) {
            return Optional.empty();
        } catch (MlsException e) {
            throw new AssertionError("nothing else is thrown", e);
        }
    }

    private void encrypt(List<Field> nodes, RatchetTree tree) throws CryptoException, DecodeException {
        UpdatePath right = prepared.encrypt(context(tree), applied.added(), Workers.sequential());
        Field fresh = Schemas.UPDATE_PATH.readAll("value", Bytes.wrap(right.encoded()));
        for (int i = 0; i < nodes.size(); i++) {
            List<Field> wanted = fresh.get("nodes")
                    .parts()
                    .get(i)
                    .get("encrypted_path_secret")
                    .parts();
            Field present = nodes.get(i).get("encrypted_path_secret");
            int both = present.isPinned()
                    ? 0
                    : Math.min(wanted.size(), present.parts().size());
            for (int j = 0; j < both; j++) {
                Field ciphertext = present.parts().get(j);
                for (String part : ciphertext.isPinned() ? List.<String>of() : List.of("kem_output", "ciphertext")) {
                    ciphertext.get(part).derive(wanted.get(j).get(part).bytes());
                }
            }
        }
    }
}
