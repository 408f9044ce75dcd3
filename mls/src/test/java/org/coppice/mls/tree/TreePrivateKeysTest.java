package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.tree.TreeFixture.assertRule;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;
import static org.coppice.mls.tree.TreeFixture.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.tree.TestGroup.Changes;
import org.coppice.mls.tree.TreeFixture.Client;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who owns private keys, when they are wiped, and how a newcomer comes to them. */
class TreePrivateKeysTest {
    private final SuiteCrypto plain = TreeFixture.crypto(TreeFixture.random("TreePrivateKeysTest"));
    private final WatchedHash watch = WatchedHash.of(plain);
    private final SuiteCrypto crypto = watch.in(plain);
    private TestGroup group;

    @BeforeEach
    void sixMembers() throws MlsException {
        group = TestGroup.full(6, crypto);
    }

    private static List<Secret> secretsOf(TreePrivateKeys keys) {
        List<Secret> out = new ArrayList<>();
        out.add(keys.leafKey().privateKey());
        keys.forEachPathKey((node, pair) -> out.add(pair.privateKey()));
        return out;
    }

    private PreparedPath prepare(RatchetTree provisional, LeafIndex sender) throws MlsException {
        Client client = group.clients.get(sender);
        return PathBuilder.prepare(
                provisional,
                sender,
                client.leaf().content(),
                TreeFixture.GROUP_ID,
                crypto,
                client.signer(),
                group.keys.get(sender));
    }

    // ---- ownership

    @Test
    void closingWipesAllKeys() {
        TreePrivateKeys own = group.keys.get(leaf(3));
        List<Secret> secrets = secretsOf(own);
        assertThat(secrets).hasSizeGreaterThan(2);
        own.close();
        own.close();
        assertThat(secrets).allMatch(Secret::isClosed);
        assertThat(own.key(node(7))).isEmpty();
    }

    @Test
    void copiesHaveOwnersOfTheirOwn() throws MlsException {
        TreePrivateKeys own = group.keys.get(leaf(3));
        TreePrivateKeys copy = own.copy();
        TreePrivateKeys retained = own.retain(group.tree);
        HpkeKeyPair other = crypto.generateHpkeKeyPair();
        TreePrivateKeys updated = own.withLeafKey(other);
        own.close();
        for (TreePrivateKeys each : List.of(copy, retained, updated)) {
            assertThat(each.pathNodes())
                    .isEqualTo(nodes(5, 3, 7).stream().sorted().toList());
            assertThat(secretsOf(each)).noneMatch(Secret::isClosed);
        }
        assertThat(updated.leafKey()).isSameAs(other);
        copy.close();
        assertThat(secretsOf(retained)).noneMatch(Secret::isClosed);
    }

    @Test
    @Tag("R-7.5-12")
    void keysOfReplacedNodesAreNotRetained() {
        TreePrivateKeys own = group.keys.get(leaf(3));
        // Leaf 0 goes: nodes 1, 3 and 7 are blank.
        TreePrivateKeys retained = own.retain(group.tree.remove(leaf(0)));
        assertThat(retained.pathNodes()).isEqualTo(nodes(5));
        assertThat(own.pathNodes()).isEqualTo(nodes(3, 5, 7));
    }

    @Test
    void whatIsStoredIsRestored() throws MlsException {
        TreePrivateKeys own = group.keys.get(leaf(5));
        Map<NodeIndex, HpkeKeyPair> stored = new TreeMap<>();
        own.forEachPathKey((node, pair) -> stored.put(node, pair.copy()));
        TreePrivateKeys restored =
                TreePrivateKeys.restore(leaf(5), own.leafKey().copy(), stored);
        group.keys.put(leaf(5), restored);
        own.close();
        group.check();
        group.commit(leaf(0), new Changes());
        group.check();
        Map<NodeIndex, HpkeKeyPair> elsewhere = Map.of(node(1), crypto.generateHpkeKeyPair());
        Map<NodeIndex, HpkeKeyPair> atLeaf = Map.of(node(10), crypto.generateHpkeKeyPair());
        for (Map<NodeIndex, HpkeKeyPair> wrong : List.of(elsewhere, atLeaf)) {
            assertThatThrownBy(() -> TreePrivateKeys.restore(leaf(5), crypto.generateHpkeKeyPair(), wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void saysNothingOfItsKeys() {
        TreePrivateKeys own = group.keys.get(leaf(3));
        assertThat(own.toString()).isEqualTo("TreePrivateKeys[leaf 3, nodes [3, 5, 7]]");
    }

    // ---- what is left in memory

    @Test
    @Tag("R-7.5-13")
    void aPreparedPathKeepsNothingWhenItIsClosed() throws MlsException {
        watch.reset();
        PreparedPath prepared = prepare(group.tree, leaf(1));
        prepared.encrypt(Bytes.EMPTY, Set.of(), Workers.sequential());
        assertThat(watch.alive()).isNotEmpty();
        prepared.close();
        prepared.close();
        assertThat(watch.secrets()).isGreaterThan(3);
        assertThat(watch.alive()).isEmpty();
        assertThatThrownBy(prepared::commitSecret).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(prepared::takePrivateKeys).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> prepared.pathSecretFor(leaf(0))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> prepared.encrypt(Bytes.EMPTY, Set.of(), Workers.sequential()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPathWhoseLeafCannotBeSignedLeavesNothing() throws MlsException {
        Client client = group.clients.get(leaf(2));
        Signer broken = new Signer() {
            @Override
            public SignaturePublicKey publicKey() {
                return client.signer().publicKey();
            }

            @Override
            public byte[] sign(byte[] message) throws CryptoException {
                throw new CryptoException(CryptoException.Reason.SIGNER_FAILED, "the key is elsewhere");
            }
        };
        watch.reset();
        assertThatThrownBy(() -> PathBuilder.prepare(
                        group.tree,
                        leaf(2),
                        client.leaf().content(),
                        TreeFixture.GROUP_ID,
                        crypto,
                        broken,
                        group.keys.get(leaf(2))))
                .isInstanceOf(CryptoException.class);
        assertThat(watch.secrets()).isPositive();
        assertThat(watch.alive()).isEmpty();
    }

    @Test
    void privateKeysOfAPathBelongToWhoeverTakesThem() throws MlsException {
        TreePrivateKeys taken;
        watch.reset();
        try (PreparedPath prepared = prepare(group.tree, leaf(1))) {
            taken = prepared.takePrivateKeys();
            assertThatThrownBy(prepared::takePrivateKeys).isInstanceOf(IllegalStateException.class);
        }
        assertThat(secretsOf(taken)).hasSize(4).noneMatch(Secret::isClosed);
        assertThat(watch.secrets()).isGreaterThan(3);
        assertThat(watch.alive()).isEmpty();
        List<Secret> left;
        try (PreparedPath prepared = prepare(group.tree, leaf(1))) {
            left = List.of(prepared.commitSecret());
        }
        assertThat(left).allMatch(Secret::isClosed);
    }

    @Test
    @Tag("R-7.5-11")
    void decryptionKeepsNothingButWhatItGives() throws MlsException {
        try (PreparedPath prepared = prepare(group.tree, leaf(1))) {
            Bytes context = TestGroup.context(prepared.tree());
            UpdatePath path = prepared.encrypt(context, Set.of(), Workers.sequential());
            MergedPath merged = PathProcessor.merge(group.tree, leaf(1), path, Set.of(), crypto);
            watch.reset();
            MergedPath.Decrypted out = merged.decrypt(group.keys.get(leaf(2)), context);
            assertThat(watch.secrets()).isGreaterThan(3);
            assertThat(watch.alive()).isEmpty();
            List<Secret> given = secretsOf(out.next());
            given.add(out.commitSecret());
            assertThat(given).noneMatch(Secret::isClosed);
            out.close();
            assertThat(given).allMatch(Secret::isClosed);
        }
    }

    @Test
    @Tag("R-7.5-11")
    void aRefusedPathLeavesNoSecretBehind() throws MlsException {
        ForgedPath forged = new ForgedPath(group, leaf(1));
        forged.keys[2] = crypto.generateHpkeKeyPair().publicKey();
        MergedPath merged = PathProcessor.merge(group.tree, leaf(1), forged.encrypt(), Set.of(), crypto);
        watch.reset();
        assertRule(
                Rule.PATH_KEY_MISMATCH,
                () -> merged.decrypt(group.keys.get(leaf(0)), TestGroup.context(merged.tree())));
        assertThat(watch.secrets()).isGreaterThan(3);
        assertThat(watch.alive()).isEmpty();
    }

    // ---- joining

    /** Leaf 3 is removed and taken by a newcomer, to whom the committer at leaf 1 sends a path secret. */
    private interface Join {
        TreePrivateKeys with(RatchetTree tree, HpkeKeyPair leafKey, Secret pathSecret) throws MlsException;
    }

    private TreePrivateKeys join(Join join) throws MlsException {
        Client newcomer = group.newClient();
        RatchetTree provisional =
                group.tree.remove(leaf(3)).add(newcomer.leaf()).tree();
        try (PreparedPath prepared = prepare(provisional, leaf(1));
                Secret pathSecret = prepared.pathSecretFor(leaf(3))) {
            watch.reset();
            TreePrivateKeys out = join.with(prepared.tree(), newcomer.encryption(), pathSecret);
            assertThat(pathSecret.isClosed()).isFalse();
            return out;
        }
    }

    @Test
    @Tag("R-4.2-01")
    void aNewcomerDerivesTheKeysFromTheCommonAncestorUp() throws MlsException {
        TreePrivateKeys keys = join((tree, leafKey, secret) -> {
            TreePrivateKeys out = TreePrivateKeys.fromWelcome(tree, leaf(3), leafKey, leaf(1), secret, crypto);
            assertThat(out.retain(tree).pathNodes()).isEqualTo(nodes(3, 7));
            return out;
        });
        assertThat(keys.pathNodes()).isEqualTo(nodes(3, 7));
        // All that is derived from on the way is wiped with the path secret itself.
        assertThat(watch.alive()).isEmpty();
    }

    @Test
    void aNewcomerWithoutAPathSecretHoldsItsLeafKeyAlone() throws MlsException {
        TreePrivateKeys keys = join(
                (tree, leafKey, secret) -> TreePrivateKeys.fromWelcome(tree, leaf(3), leafKey, leaf(1), null, crypto));
        assertThat(keys.pathNodes()).isEmpty();
        assertThat(keys.key(node(6))).contains(keys.leafKey());
    }

    @Test
    @Tag("R-12.4.3.1-22")
    void blankAncestorsTakeNoStep() throws MlsException {
        // Only leaves 0, 1 and 5 stay, so that node 3 is blank for whoever commits from leaf 0 or 1.
        group.commit(leaf(0), new Changes().remove(leaf(2)).remove(leaf(3)).remove(leaf(4)));
        Client newcomer = group.newClient();
        group.commit(leaf(5), new Changes().add(newcomer));
        // The newcomer at leaf 2 and the signer at leaf 5 meet at the root, node 3 in between is blank.
        assertThat(group.tree.parent(node(3))).isEmpty();
        group.check();
        group.commit(leaf(1), new Changes().remove(leaf(2)));
        assertThat(group.tree.parent(node(3))).isEmpty();
        assertThat(group.keys.get(leaf(0)).pathNodes()).isEqualTo(nodes(1, 7));
        group.check();
    }

    @Test
    @Tag("R-12.4.3.1-22")
    void aBlankNodeOnTheWayTakesNoStepEither() throws MlsException {
        join((tree, leafKey, secret) -> {
            // The root of such a tree holds what follows from the secret of node 3 in one step, not in two.
            TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
            TreeFixture.nodesOf(tree).forEach((index, content) -> nodes.put(index, content));
            RatchetTree larger = RatchetTree.fromNodes(16, nodes, crypto)
                    .addAll(List.of(
                            group.newClient().leaf(),
                            group.newClient().leaf(),
                            group.newClient().leaf()))
                    .tree();
            nodes.putAll(TreeFixture.nodesOf(larger));
            nodes.remove(node(7));
            HpkePublicKey root = PathSecrets.keyPair(PathSecrets.next(secret, crypto), crypto)
                    .publicKey();
            nodes.put(node(15), new TreeNode.Parent(new ParentNode(root, Bytes.EMPTY, List.of())));
            RatchetTree withBlank = RatchetTree.fromNodes(16, nodes, crypto);
            TreePrivateKeys out = TreePrivateKeys.fromWelcome(withBlank, leaf(3), leafKey, leaf(1), secret, crypto);
            assertThat(out.pathNodes()).isEqualTo(nodes(3, 15));
            return out;
        });
    }

    @Test
    @Tag("R-12.4.3.1-23")
    void rejectsAPathSecretThatDoesNotFitTheTree() throws MlsException {
        join((tree, leafKey, secret) -> {
            assertRule(
                    Rule.PATH_SECRET_MISMATCH,
                    () -> TreePrivateKeys.fromWelcome(
                            tree, leaf(3), leafKey, leaf(1), crypto.randomSecret(32), crypto));
            assertThat(leafKey.privateKey().isClosed()).isFalse();
            return null;
        });
    }

    @Test
    @Tag("R-12.4.3.1-23")
    void rejectsAPathSecretThatFitsTheFirstNodeOnly() throws MlsException {
        join((tree, leafKey, secret) -> {
            TreeMap<NodeIndex, TreeNode> nodes = TreeFixture.nodesOf(tree);
            HpkePublicKey other = crypto.generateHpkeKeyPair().publicKey();
            nodes.put(node(7), new TreeNode.Parent(new ParentNode(other, Bytes.EMPTY, List.of())));
            RatchetTree forged = RatchetTree.fromNodes(tree.size(), nodes, crypto);
            assertRule(
                    Rule.PATH_SECRET_MISMATCH,
                    () -> TreePrivateKeys.fromWelcome(forged, leaf(3), leafKey, leaf(1), secret, crypto));
            return null;
        });
    }

    @Test
    @Tag("R-12.4.3.1-23")
    void rejectsAPathSecretForABlankNodeOrFromNobody() throws MlsException {
        join((tree, leafKey, secret) -> {
            TreeMap<NodeIndex, TreeNode> nodes = TreeFixture.nodesOf(tree);
            nodes.remove(node(3));
            RatchetTree blank = RatchetTree.fromNodes(tree.size(), nodes, crypto);
            assertRule(
                    Rule.PATH_SECRET_MISMATCH,
                    () -> TreePrivateKeys.fromWelcome(blank, leaf(3), leafKey, leaf(1), secret, crypto));
            // Not even the secret of the next node that is occupied.
            Secret above = PathSecrets.next(secret, crypto);
            assertRule(
                    Rule.PATH_SECRET_MISMATCH,
                    () -> TreePrivateKeys.fromWelcome(blank, leaf(3), leafKey, leaf(1), above, crypto));
            for (LeafIndex signer : TreeFixture.leaves(3, 6, 7, 100)) {
                assertRule(
                        Rule.PATH_SECRET_MISMATCH,
                        () -> TreePrivateKeys.fromWelcome(tree, leaf(3), leafKey, signer, secret, crypto));
            }
            return null;
        });
    }

    @Test
    void rejectsAPathSecretFromABlankLeafBesideTheCommitters() throws MlsException {
        Client newcomer = group.newClient();
        RatchetTree provisional =
                group.tree.remove(leaf(3)).add(newcomer.leaf()).tree().remove(leaf(0));
        try (PreparedPath prepared = prepare(provisional, leaf(1));
                Secret secret = prepared.pathSecretFor(leaf(3))) {
            // The keys would fit: leaf 0 has the same common ancestor with the newcomer as leaf 1.
            HpkeKeyPair leafKey = newcomer.encryption();
            assertRule(
                    Rule.PATH_SECRET_MISMATCH,
                    () -> TreePrivateKeys.fromWelcome(prepared.tree(), leaf(3), leafKey, leaf(0), secret, crypto));
            TreePrivateKeys.fromWelcome(prepared.tree(), leaf(3), leafKey, leaf(1), secret, crypto)
                    .close();
        }
    }

    @Test
    void aNewcomerKnowsItsOwnLeaf() throws MlsException {
        join((tree, leafKey, secret) -> {
            for (LeafIndex wrong : TreeFixture.leaves(0, 7, 100)) {
                assertThatThrownBy(() -> TreePrivateKeys.fromWelcome(tree, wrong, leafKey, leaf(1), secret, crypto))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            return null;
        });
    }

    @Test
    void pathSecretsAreForOtherMembersOnly() throws MlsException {
        try (PreparedPath prepared = prepare(group.tree, leaf(1))) {
            for (LeafIndex nobody : TreeFixture.leaves(1, 6, 100)) {
                assertThatThrownBy(() -> prepared.pathSecretFor(nobody)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
