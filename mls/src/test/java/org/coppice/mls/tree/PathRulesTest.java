package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.tree.TreeFixture.assertRule;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.TestGroup.Changes;
import org.coppice.mls.tree.TestGroup.Provisional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each way in which a path of another member can be wrong, and that nothing is lost when one is refused. */
class PathRulesTest {
    private static final LeafIndex SENDER = leaf(2);

    private final SuiteCrypto crypto = TreeFixture.crypto(TreeFixture.random("PathRulesTest"));
    private TestGroup group;
    private ForgedPath forged;

    @BeforeEach
    void sevenMembers() throws MlsException {
        group = TestGroup.full(7, crypto);
        forged = new ForgedPath(group, SENDER);
    }

    private MergedPath merge(UpdatePath path) throws ValidationException {
        return PathProcessor.merge(group.tree, SENDER, path, Set.of(), crypto);
    }

    private static UpdatePath withNodes(UpdatePath path, UnaryOperator<List<UpdatePath.Node>> change) {
        return new UpdatePath(path.leafNode(), change.apply(new ArrayList<>(path.nodes())));
    }

    private static UpdatePath withCiphertexts(UpdatePath path, int node, UnaryOperator<List<HpkeCiphertext>> change) {
        return withNodes(path, nodes -> {
            UpdatePath.Node old = nodes.get(node);
            List<HpkeCiphertext> ciphertexts = change.apply(new ArrayList<>(old.encryptedPathSecret()));
            nodes.set(node, new UpdatePath.Node(old.encryptionKey(), ciphertexts));
            return nodes;
        });
    }

    @Test
    void acceptsWhatTheseTestsChange() throws MlsException {
        MergedPath merged = merge(forged.encrypt());
        for (TreePrivateKeys own : group.keys.values()) {
            if (!own.leafIndex().equals(SENDER)) {
                merged.decrypt(own, TestGroup.context(merged.tree())).close();
            }
        }
    }

    @Test
    @Tag("R-7.3-16")
    void rejectsALeafOfAnotherSource() throws MlsException {
        forged.source = new LeafNodeSource.Update();
        UpdatePath path = forged.encrypt();
        assertRule(Rule.LEAF_SOURCE, () -> merge(path));
        forged.source = new LeafNodeSource.KeyPackage(TreeFixture.lifetime());
        UpdatePath other = forged.encrypt();
        assertRule(Rule.LEAF_SOURCE, () -> merge(other));
    }

    @Test
    @Tag("R-7.5-02")
    void rejectsTheKeyOfTheLeafThatIsReplaced() throws MlsException {
        forged.leafKey = group.keys.get(SENDER).leafKey();
        UpdatePath path = forged.encrypt();
        assertRule(Rule.LEAF_ENCRYPTION_KEY_REUSED, () -> merge(path));
    }

    @Test
    @Tag("R-12.4.2-09")
    void rejectsKeysThatAreInTheTree() throws MlsException {
        HpkeKeyPair ofOther = group.keys.get(leaf(5)).leafKey();
        forged.leafKey = ofOther;
        UpdatePath leafKey = forged.encrypt();
        assertRule(Rule.PATH_KEY_NOT_FRESH, () -> merge(leafKey));
        for (NodeIndex held : TreeFixture.nodes(3, 9, 10)) {
            ForgedPath again = new ForgedPath(group, SENDER);
            again.keys[1] = group.tree.encryptionKey(held).orElseThrow();
            UpdatePath path = again.encrypt();
            assertRule(Rule.PATH_KEY_NOT_FRESH, () -> merge(path));
        }
    }

    @Test
    @Tag("R-12.4.2-10")
    void rejectsAKeyThatOccursTwiceInThePath() throws MlsException {
        forged.keys[2] = forged.keys[0];
        UpdatePath nodes = forged.encrypt();
        assertRule(Rule.PATH_KEY_TWICE, () -> merge(nodes));
        ForgedPath again = new ForgedPath(group, SENDER);
        again.keys[1] = again.leafKey.publicKey();
        UpdatePath leafAndNode = again.encrypt();
        assertRule(Rule.PATH_KEY_TWICE, () -> merge(leafAndNode));
    }

    @Test
    @Tag("R-5.1.1-03")
    void rejectsKeysThatAreNoneOfTheSuite() throws MlsException {
        for (int length : new int[] {0, 31, 33}) {
            ForgedPath again = new ForgedPath(group, SENDER);
            byte[] key = new byte[length];
            Arrays.fill(key, (byte) 9);
            again.keys[0] = new HpkePublicKey(Bytes.wrap(key));
            UpdatePath path = again.encrypt();
            assertRule(Rule.INVALID_KEY, () -> merge(path));
        }
        forged.leafKey = new HpkeKeyPair(forged.leafKey.privateKey(), new HpkePublicKey(Bytes.fromHex("0102")));
        UpdatePath path = forged.encrypt();
        assertRule(Rule.INVALID_KEY, () -> merge(path));
    }

    @Test
    @Tag("R-7.6-02")
    void rejectsMissingAndExtraNodes() throws MlsException {
        UpdatePath path = forged.encrypt();
        assertRule(Rule.PATH_LENGTH, () -> merge(withNodes(path, nodes -> nodes.subList(0, 2))));
        assertRule(Rule.PATH_LENGTH, () -> merge(withNodes(path, nodes -> List.of())));
        assertRule(
                Rule.PATH_LENGTH,
                () -> merge(withNodes(path, nodes -> {
                    nodes.add(new UpdatePath.Node(crypto.generateHpkeKeyPair().publicKey(), List.of()));
                    return nodes;
                })));
    }

    @Test
    @Tag("R-7.6-04")
    void rejectsMissingAndExtraCiphertexts() throws MlsException {
        UpdatePath path = forged.encrypt();
        for (int i = 0; i < path.nodes().size(); i++) {
            int node = i;
            assertRule(Rule.PATH_CIPHERTEXT_COUNT, () -> merge(withCiphertexts(path, node, x -> List.of())));
            assertRule(
                    Rule.PATH_CIPHERTEXT_COUNT,
                    () -> merge(withCiphertexts(path, node, x -> {
                        x.add(x.get(0));
                        return x;
                    })));
        }
    }

    @Test
    @Tag("R-7.5-04")
    @Tag("R-7.6-03")
    @Tag("R-7.6-04")
    void rejectsAPathSecretEncryptedToANewMember() throws MlsException {
        Provisional provisional = group.apply(new Changes().add(group.newClient()));
        try (PreparedPath prepared = PathBuilder.prepare(
                provisional.tree(),
                SENDER,
                group.clients.get(SENDER).leaf().content(),
                TreeFixture.GROUP_ID,
                crypto,
                group.clients.get(SENDER).signer(),
                group.keys.get(SENDER))) {
            Bytes context = TestGroup.context(prepared.tree());
            Set<LeafIndex> added = provisional.added().keySet();
            UpdatePath toAll = prepared.encrypt(context, Set.of(), Workers.sequential());
            assertRule(
                    Rule.PATH_CIPHERTEXT_COUNT,
                    () -> PathProcessor.merge(provisional.tree(), SENDER, toAll, added, crypto));
            UpdatePath toOld = prepared.encrypt(context, added, Workers.sequential());
            MergedPath merged = PathProcessor.merge(provisional.tree(), SENDER, toOld, added, crypto);
            // The new member has its path secret from the Welcome.
            TreePrivateKeys newcomer = TreePrivateKeys.of(leaf(7), crypto.generateHpkeKeyPair());
            assertThatThrownBy(() -> merged.decrypt(newcomer, context)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Tag("R-7.5-07")
    @Tag("R-7.9.2-07")
    void rejectsAWrongParentHash() throws MlsException {
        forged.source = new LeafNodeSource.Commit(Bytes.EMPTY);
        UpdatePath empty = forged.encrypt();
        assertRule(Rule.PARENT_HASH_OF_PATH, () -> merge(empty));
        forged.source = null;
        UpdatePath path = forged.encrypt();
        // A key that the signer of the leaf did not see.
        assertRule(
                Rule.PARENT_HASH_OF_PATH,
                () -> merge(withNodes(path, nodes -> {
                    HpkePublicKey key = crypto.generateHpkeKeyPair().publicKey();
                    nodes.set(2, new UpdatePath.Node(key, nodes.get(2).encryptedPathSecret()));
                    return nodes;
                })));
    }

    @Test
    @Tag("R-7.5-09")
    void rejectsAKeyThatDoesNotFollowFromThePathSecret() throws MlsException {
        forged.keys[1] = crypto.generateHpkeKeyPair().publicKey();
        MergedPath merged = merge(forged.encrypt());
        Bytes context = TestGroup.context(merged.tree());
        for (LeafIndex member : TreeFixture.leaves(0, 1, 3)) {
            assertRule(Rule.PATH_KEY_MISMATCH, () -> merged.decrypt(group.keys.get(member), context));
        }
        // Those above the wrong key cannot see it.
        merged.decrypt(group.keys.get(leaf(6)), context).close();
    }

    @Test
    @Tag("R-7.6-05")
    void rejectsACiphertextThatDoesNotOpen() throws MlsException {
        UpdatePath path = forged.encrypt();
        UpdatePath damaged = withCiphertexts(path, 0, x -> {
            byte[] bytes = x.get(0).ciphertext().toByteArray();
            bytes[3] ^= 1;
            return List.of(new HpkeCiphertext(x.get(0).kemOutput(), Bytes.wrap(bytes)));
        });
        MergedPath merged = merge(damaged);
        Bytes context = TestGroup.context(merged.tree());
        assertRule(Rule.PATH_DECRYPTION, () -> merged.decrypt(group.keys.get(leaf(3)), context));
        // Under another context than the committer's nothing opens.
        assertRule(Rule.PATH_DECRYPTION, () -> merged.decrypt(group.keys.get(leaf(0)), Bytes.EMPTY));
        merged.decrypt(group.keys.get(leaf(0)), context).close();
    }

    @Test
    void rejectsAKemOutputThatIsNoKey() throws MlsException {
        UpdatePath damaged = withCiphertexts(
                forged.encrypt(),
                0,
                x -> List.of(new HpkeCiphertext(Bytes.EMPTY, x.get(0).ciphertext())));
        MergedPath merged = merge(damaged);
        assertRule(
                Rule.PATH_DECRYPTION, () -> merged.decrypt(group.keys.get(leaf(3)), TestGroup.context(merged.tree())));
    }

    @Test
    @Tag("R-7.5-08")
    void aMemberWithoutTheKeyThatWasUsedCannotDecrypt() throws MlsException {
        MergedPath merged = merge(forged.encrypt());
        TreePrivateKeys stranger = TreePrivateKeys.of(leaf(3), crypto.generateHpkeKeyPair());
        assertRule(Rule.PATH_DECRYPTION, () -> merged.decrypt(stranger, TestGroup.context(merged.tree())));
    }

    @Test
    @Tag("R-12.4.2-15")
    void aRefusedPathLeavesTheKeysAsTheyWere() throws MlsException {
        forged.keys[1] = crypto.generateHpkeKeyPair().publicKey();
        MergedPath merged = merge(forged.encrypt());
        TreePrivateKeys own = group.keys.get(leaf(0));
        List<NodeIndex> before = own.pathNodes();
        assertRule(Rule.PATH_KEY_MISMATCH, () -> merged.decrypt(own, TestGroup.context(merged.tree())));
        assertThat(own.pathNodes()).isEqualTo(before);
        group.check();
        group.commit(SENDER, new Changes());
        group.check();
    }

    @Test
    void aPathStartsAtAMemberOrAtTheNextFreeLeaf() throws MlsException {
        UpdatePath path = forged.encrypt();
        assertThatThrownBy(() -> PathProcessor.merge(group.tree, leaf(8), path, Set.of(), crypto))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> prepare(leaf(9), null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> prepare(SENDER, group.keys.get(leaf(1)))).isInstanceOf(IllegalArgumentException.class);
    }

    private PreparedPath prepare(LeafIndex sender, TreePrivateKeys own) throws MlsException {
        TreeFixture.Client client = group.clients.get(SENDER);
        return PathBuilder.prepare(
                group.tree, sender, client.leaf().content(), TreeFixture.GROUP_ID, crypto, client.signer(), own);
    }

    @Test
    void aKeyThatTheTreeDoesNotHoldIsNotTried() throws MlsException {
        group.commit(SENDER, new Changes().remove(leaf(3)));
        group.commitWithoutPath(new Changes().add(group.newClient()));
        // Leaf 3 is unmerged at node 3, and has some other key for it all the same.
        assertThat(group.tree.resolution(node(3))).isEqualTo(TreeFixture.nodes(3, 6));
        TreePrivateKeys own = TreePrivateKeys.restore(
                leaf(3), group.keys.get(leaf(3)).leafKey(), Map.of(node(3), crypto.generateHpkeKeyPair()));
        MergedPath merged =
                PathProcessor.merge(group.tree, leaf(6), new ForgedPath(group, leaf(6)).encrypt(), Set.of(), crypto);
        try (MergedPath.Decrypted out = merged.decrypt(own, TestGroup.context(merged.tree()))) {
            assertThat(out.next().pathNodes()).isEqualTo(TreeFixture.nodes(7));
        }
    }

    @Test
    void nothingIsDecryptedForTheCommitterOrNewOrAbsentMembers() throws MlsException {
        MergedPath merged = merge(forged.encrypt());
        Bytes context = TestGroup.context(merged.tree());
        for (LeafIndex nobody : TreeFixture.leaves(2, 7, 100)) {
            TreePrivateKeys keys = TreePrivateKeys.of(nobody, crypto.generateHpkeKeyPair());
            assertThatThrownBy(() -> merged.decrypt(keys, context)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
