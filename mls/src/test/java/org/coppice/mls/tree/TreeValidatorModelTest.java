package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Valid trees with random damage, judged by the validator and by the words of the RFC applied to an array. */
class TreeValidatorModelTest {
    private static final int TREES = 60;
    private static final int DAMAGES = 25;

    private final Random random = TreeFixture.random("TreeValidatorModelTest");
    private final SuiteCrypto crypto = TreeFixture.crypto(random);
    private final RandomLeaves leaves = new RandomLeaves(random);

    /** What damage has to bring up. */
    private static final Set<Rule> KINDS = EnumSet.of(
            Rule.PARENT_HASH,
            Rule.UNMERGED_LEAF_NOT_BELOW,
            Rule.UNMERGED_LEAF_INTERMEDIATE,
            Rule.DUPLICATE_ENCRYPTION_KEY);

    @Test
    @Tag("R-7.9-01")
    @Tag("R-7.9-02")
    @Tag("R-7.9-03")
    @Tag("R-7.9-04")
    @Tag("R-7.9.2-01")
    @Tag("R-7.9.2-02")
    @Tag("R-7.9.2-03")
    @Tag("R-7.9.2-04")
    @Tag("R-7.9.2-05")
    void judgesAsTheRfcDoes() {
        int accepted = 0;
        Set<Rule> seen = EnumSet.noneOf(Rule.class);
        // Some kinds of damage are rare: go on until each has come up, whatever the seed.
        for (int i = 0; i < TREES || i < 100 * TREES && !seen.containsAll(KINDS); i++) {
            TreePair pair = new TreePair(leaves, random, crypto);
            List<Object[]> versions = new ArrayList<>();
            for (int j = 0; j < 40; j++) {
                pair.change(14);
                versions.add(pair.model.nodes.clone());
            }
            for (int j = 0; j < DAMAGES; j++) {
                ArrayTree damaged = pair.model.copy();
                for (int k = random.nextInt(3); k >= 0; k--) {
                    damage(damaged, versions.get(random.nextInt(versions.size())));
                }
                Set<Rule> expected = broken(damaged);
                Rule found = validate(damaged);
                if (found == null) {
                    assertThat(expected).isEmpty();
                    accepted++;
                } else {
                    assertThat(expected).contains(found);
                    seen.add(found);
                }
            }
        }
        assertThat(accepted).as("damage that does no harm").isPositive();
        assertThat(seen).containsAll(KINDS);
    }

    private void damage(ArrayTree tree, Object[] other) {
        int x = random.nextInt(tree.nodes.length);
        switch (random.nextInt(6)) {
            case 0 -> tree.nodes[x] = x < other.length ? other[x] : null;
            case 1 -> tree.nodes[x] = x % 2 == 1 ? null : tree.nodes[x];
            case 2 -> {
                if (tree.nodes[x] instanceof ParentNode parent) {
                    Set<LeafIndex> unmerged = new TreeSet<>(parent.unmergedLeaves());
                    LeafIndex any = leaf(random.nextInt(tree.size() + 1));
                    if (!unmerged.remove(any)) {
                        unmerged.add(any);
                    }
                    tree.nodes[x] = new ParentNode(parent.encryptionKey(), parent.parentHash(), List.copyOf(unmerged));
                }
            }
            case 3 -> {
                // One leaf listed, or no longer listed, all the way up.
                LeafIndex any = leaf(random.nextInt(tree.size()));
                boolean list = random.nextBoolean();
                for (int ancestor : tree.directPath(2 * (int) any.value())) {
                    if (tree.nodes[ancestor] instanceof ParentNode parent) {
                        Set<LeafIndex> unmerged = new TreeSet<>(parent.unmergedLeaves());
                        if (list) {
                            unmerged.add(any);
                        } else {
                            unmerged.remove(any);
                        }
                        tree.nodes[ancestor] =
                                new ParentNode(parent.encryptionKey(), parent.parentHash(), List.copyOf(unmerged));
                    }
                }
            }
            case 4 -> {
                int from = random.nextInt(tree.nodes.length);
                if (tree.nodes[x] instanceof ParentNode parent && tree.nodes[from] instanceof ParentNode second) {
                    tree.nodes[x] = random.nextBoolean()
                            ? new ParentNode(second.encryptionKey(), parent.parentHash(), parent.unmergedLeaves())
                            : new ParentNode(parent.encryptionKey(), second.parentHash(), parent.unmergedLeaves());
                }
            }
            default -> {
                if (tree.nodes[x] instanceof ParentNode parent) {
                    tree.nodes[x] = new ParentNode(parent.encryptionKey(), Bytes.EMPTY, parent.unmergedLeaves());
                }
            }
        }
    }

    private Rule validate(ArrayTree tree) {
        TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
        for (int i = 0; i < tree.nodes.length; i++) {
            if (tree.nodes[i] instanceof LeafNode leaf) {
                nodes.put(node(i), new TreeNode.Leaf(leaf));
            } else if (tree.nodes[i] instanceof ParentNode parent) {
                nodes.put(node(i), new TreeNode.Parent(parent));
            }
        }
        try {
            TreeValidator.validate(RatchetTree.fromNodes(tree.size(), nodes, crypto));
            return null;
        } catch (ValidationException e) {
            return e.rule();
        }
    }

    /** The rules of the first of the three kinds of which some are broken. */
    private static Set<Rule> broken(ArrayTree tree) {
        Set<Rule> out = EnumSet.noneOf(Rule.class);
        Set<Bytes> encryption = new HashSet<>();
        Set<Bytes> signature = new HashSet<>();
        for (int i = 0; i < tree.nodes.length; i++) {
            if (tree.nodes[i] instanceof ParentNode parent) {
                checkUnmerged(tree, i, parent, out);
            }
        }
        if (!out.isEmpty()) {
            return out;
        }
        for (Object content : tree.nodes) {
            if (content instanceof LeafNode leaf) {
                note(signature.add(leaf.signatureKey().data()), Rule.DUPLICATE_SIGNATURE_KEY, out);
                note(encryption.add(leaf.encryptionKey().data()), Rule.DUPLICATE_ENCRYPTION_KEY, out);
            } else if (content instanceof ParentNode parent) {
                note(encryption.add(parent.encryptionKey().data()), Rule.DUPLICATE_ENCRYPTION_KEY, out);
            }
        }
        if (!out.isEmpty()) {
            return out;
        }
        for (int i = 1; i < tree.nodes.length; i += 2) {
            note(tree.nodes[i] == null || tree.validLinks(i) == 1, Rule.PARENT_HASH, out);
        }
        return out;
    }

    private static void checkUnmerged(ArrayTree tree, int x, ParentNode parent, Set<Rule> out) {
        for (LeafIndex leaf : parent.unmergedLeaves()) {
            int at = 2 * (int) leaf.value();
            boolean below = at < tree.nodes.length && tree.isBelow(at, x);
            note(below && tree.nodes[at] != null, Rule.UNMERGED_LEAF_NOT_BELOW, out);
            // Both rules can be broken by one entry: a blank leaf that a node in between does not list.
            for (int between : below ? tree.directPath(at) : List.<Integer>of()) {
                if (tree.isBelow(between, x) && tree.nodes[between] instanceof ParentNode node) {
                    note(node.unmergedLeaves().contains(leaf), Rule.UNMERGED_LEAF_INTERMEDIATE, out);
                }
            }
        }
    }

    private static void note(boolean holds, Rule rule, Set<Rule> out) {
        if (!holds) {
            out.add(rule);
        }
    }
}
