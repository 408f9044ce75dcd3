package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;

/** Trees of many shapes, what proposals do to them, and update paths in them. */
final class TreeMaker {
    private static final int SHAPES = 10;

    private TreeMaker() {}

    /** Full trees, trailing and internal blanks, unmerged leaves; by number. */
    private static PrivateTree shape(Recipe recipe, Bytes groupId) throws MlsException {
        int number = recipe.index() % SHAPES;
        PrivateTree tree;
        switch (number) {
            case 0, 1, 2, 3 -> tree = PrivateTree.grown(recipe, groupId, number + 1);
            case 4 -> tree = PrivateTree.grown(recipe, groupId, 7);
            case 5 -> {
                tree = PrivateTree.grown(recipe, groupId, 7);
                tree.remove(new LeafIndex(2));
                tree.remove(new LeafIndex(3));
                tree.commit(new LeafIndex(0), true);
            }
            case 6 -> {
                tree = PrivateTree.grown(recipe, groupId, 7);
                tree.remove(new LeafIndex(1));
                tree.remove(new LeafIndex(2));
                tree.remove(new LeafIndex(3));
                tree.commit(new LeafIndex(0), false);
            }
            case 7 -> {
                tree = PrivateTree.grown(recipe, groupId, 6);
                tree.add();
            }
            case 8 -> {
                tree = PrivateTree.grown(recipe, groupId, 6);
                tree.remove(new LeafIndex(5));
                tree.commit(new LeafIndex(4), false);
                tree.add();
                tree.add();
                tree.commit(new LeafIndex(0), false);
            }
            default -> tree = random(recipe, groupId);
        }
        return tree;
    }

    private static PrivateTree random(Recipe recipe, Bytes groupId) throws MlsException {
        PrivateTree tree =
                PrivateTree.grown(recipe, groupId, 2 + recipe.random().below(4));
        int steps = 4 + recipe.random().below(6);
        for (int i = 0; i < steps; i++) {
            switch (recipe.random().below(3)) {
                case 0 -> tree.add();
                case 1 -> {
                    if (tree.tree().memberCount() > 2) {
                        tree.remove(pick(tree.tree(), recipe));
                    }
                }
                default ->
                    tree.commit(pick(tree.tree(), recipe), recipe.random().chance(50));
            }
        }
        return tree;
    }

    private static LeafIndex pick(RatchetTree tree, Recipe recipe) {
        return tree.members().get(recipe.random().below(tree.memberCount()));
    }

    static void operations(ObjectNode out, Recipe recipe) throws MlsException {
        PrivateTree given = shape(recipe, recipe.hashBytes());
        RatchetTree before = given.tree();
        LeafIndex sender = pick(before, recipe);
        Proposal proposal;
        RatchetTree after;
        switch (recipe.random().below(3)) {
            case 0 -> {
                Proposal.Add add = new Proposal.Add(given.keyPackage());
                proposal = add;
                after = before.add(add.keyPackage().leafNode()).tree();
            }
            case 1 -> {
                Proposal.Update update = new Proposal.Update(given.update(sender));
                proposal = update;
                after = before.update(sender, update.leafNode());
            }
            default -> {
                LeafIndex removed = pick(before, recipe);
                proposal = new Proposal.Remove(removed);
                after = before.remove(removed);
            }
        }
        Recipe.put(out, "tree_before", before);
        Recipe.put(out, "proposal", proposal);
        out.put("proposal_sender", sender.value());
        Recipe.put(out, "tree_hash_before", before.treeHash());
        Recipe.put(out, "tree_after", after);
        Recipe.put(out, "tree_hash_after", after.treeHash());
    }

    static void validation(ObjectNode out, Recipe recipe) throws MlsException {
        Bytes groupId = recipe.hashBytes();
        RatchetTree tree = shape(recipe, groupId).tree();
        Recipe.put(out, "tree", tree);
        Recipe.put(out, "group_id", groupId);
        ArrayNode resolutions = out.putArray("resolutions");
        ArrayNode hashes = out.putArray("tree_hashes");
        for (long i = 0; i < TreeMath.nodeCount(tree.size()); i++) {
            NodeIndex node = new NodeIndex(i);
            ArrayNode resolution = resolutions.addArray();
            tree.resolution(node).forEach(entry -> resolution.add(entry.value()));
            hashes.add(tree.treeHash(node).toHex());
        }
    }

    static void treeKem(ObjectNode out, Recipe recipe) throws MlsException {
        Bytes groupId = recipe.hashBytes();
        long epoch = recipe.number();
        Bytes transcript = recipe.hashBytes();
        PrivateTree tree = shape(recipe, groupId);
        Recipe.put(out, "group_id", groupId);
        out.put("epoch", epoch);
        Recipe.put(out, "confirmed_transcript_hash", transcript);
        Recipe.put(out, "ratchet_tree", tree.tree());
        ArrayNode leaves = out.putArray("leaves_private");
        for (LeafIndex leaf : tree.tree().members()) {
            leaf(leaves.addObject(), leaf, tree.keys(leaf));
        }
        ArrayNode paths = out.putArray("update_paths");
        for (LeafIndex sender : tree.tree().members()) {
            try (PreparedPath path = tree.prepare(sender)) {
                Bytes hash = path.tree().treeHash();
                Bytes context = ScheduleMaker.context(recipe, groupId, epoch, hash, transcript);
                ObjectNode entry = paths.addObject();
                entry.put("sender", sender.value());
                Recipe.put(entry, "update_path", tree.encrypt(path, context));
                ArrayNode secrets = entry.putArray("path_secrets");
                for (long i = 0; i < tree.tree().size(); i++) {
                    LeafIndex leaf = new LeafIndex(i);
                    if (leaf.equals(sender) || tree.tree().leaf(leaf).isEmpty()) {
                        secrets.addNull();
                    } else {
                        secrets.add(Recipe.bytes(path.pathSecretFor(leaf)).toHex());
                    }
                }
                Recipe.put(entry, "commit_secret", Recipe.bytes(path.commitSecret()));
                Recipe.put(entry, "tree_hash_after", hash);
            }
        }
    }

    private static void leaf(ObjectNode out, LeafIndex index, PrivateTree.Keys keys) {
        out.put("index", index.value());
        Recipe.put(out, "encryption_priv", Recipe.privateKey(keys.leaf));
        Recipe.put(out, "signature_priv", Recipe.privateKey(keys.signature));
        ArrayNode secrets = out.putArray("path_secrets");
        keys.pathSecrets.forEach((node, secret) -> {
            ObjectNode entry = secrets.addObject();
            entry.put("node", node.value());
            Recipe.put(entry, "path_secret", secret);
        });
    }
}
