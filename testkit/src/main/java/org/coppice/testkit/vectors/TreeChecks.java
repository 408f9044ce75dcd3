package org.coppice.testkit.vectors;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeValidator;

/** Single trees: what a proposal does to one, and whether one is valid (RFC 9420 §7, §12.1). */
final class TreeChecks {
    private TreeChecks() {}

    static RatchetTree tree(Fields vector, String name, SuiteCrypto crypto) throws VectorMismatch {
        RatchetTree tree = vector.decoded(name, in -> RatchetTree.decode(in, crypto));
        Expect.equal(name + ", encoded again", vector.bytes(name), SuiteCrypto.encode(tree));
        return tree;
    }

    static void operations(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        RatchetTree before = tree(vector, "tree_before", setting.crypto());
        Expect.equal("tree_hash_before", vector.bytes("tree_hash_before"), before.treeHash());
        Proposal proposal = vector.decoded("proposal", Proposal::decode);
        RatchetTree after = apply(before, proposal, new LeafIndex(vector.number("proposal_sender")));
        Expect.equal("tree_after", vector.bytes("tree_after"), SuiteCrypto.encode(after));
        Expect.equal("tree_hash_after", vector.bytes("tree_hash_after"), after.treeHash());
        Expect.equal("tree_before, unchanged", vector.bytes("tree_before"), SuiteCrypto.encode(before));
    }

    private static RatchetTree apply(RatchetTree tree, Proposal proposal, LeafIndex sender)
            throws VectorMismatch, MlsException {
        if (proposal instanceof Proposal.Add add) {
            return tree.add(add.keyPackage().leafNode()).tree();
        }
        if (proposal instanceof Proposal.Update update) {
            return tree.update(sender, update.leafNode());
        }
        if (proposal instanceof Proposal.Remove remove) {
            return tree.remove(remove.removed());
        }
        throw new VectorMismatch("a proposal of type " + proposal.type() + " changes no tree");
    }

    static void validation(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        SuiteCrypto crypto = setting.crypto();
        RatchetTree tree = tree(vector, "tree", crypto);
        List<List<Long>> resolutions = vector.numberLists("resolutions");
        List<Optional<Bytes>> hashes = vector.byteList("tree_hashes");
        Expect.equal("entries of resolutions", 2 * tree.size() - 1, (long) resolutions.size());
        Expect.equal("entries of tree_hashes", 2 * tree.size() - 1, (long) hashes.size());
        for (int i = 0; i < hashes.size(); i++) {
            NodeIndex node = new NodeIndex(i);
            Expect.equal(
                    "resolutions[" + i + "]",
                    resolutions.get(i),
                    tree.resolution(node).stream().map(NodeIndex::value).toList());
            Expect.equal("tree_hashes[" + i + "]", hashes.get(i).orElse(null), tree.treeHash(node));
        }
        TreeValidator.validate(tree);
        for (LeafIndex index : tree.members()) {
            LeafNode leaf = tree.leaf(index).orElseThrow();
            Expect.holds(
                    "the signature of leaf " + index + " does not verify",
                    leaf.verifySignature(new LeafNode.Position(vector.bytes("group_id"), index), crypto));
        }
    }
}
