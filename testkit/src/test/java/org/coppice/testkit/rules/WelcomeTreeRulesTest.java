package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeNode;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.ForgedTree;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a joiner checks of the ratchet tree (RFC 9420 §12.4.3.1), each rule broken alone. */
class WelcomeTreeRulesTest {
    /** Four members who all committed, so that all their parents are occupied, and a fifth to join. */
    private static Joining full(Scene scene) throws MlsException {
        for (String name : List.of("alice", "bob", "carol", "dave")) {
            scene.commit(name);
        }
        return Joining.of(scene, "alice", CommitBuilder::withoutPath);
    }

    private static Scene four() throws MlsException {
        return Scene.of("alice", "bob", "carol", "dave");
    }

    /** Alice, bob, and a tree without any parent. */
    private static Joining bare(Scene scene) throws MlsException {
        return Joining.of(scene, "alice", CommitBuilder::withoutPath);
    }

    private static Scene bareScene() throws MlsException {
        Scene scene = Scene.of("alice");
        scene.client("bob");
        var bundle = scene.actor("bob").client().generateKeyPackage();
        var commit = scene.group("alice")
                .commit()
                .add(bundle.keyPackage())
                .withoutPath()
                .build();
        var welcome = commit.welcome().orElseThrow();
        scene.group("alice").merge(commit);
        scene.actor("bob").enter(scene.actor("bob").client().join(welcome, bundle));
        return scene;
    }

    private static void refuses(Rule rule, Joining joining, ForgedTree tree) throws MlsException {
        joining.refuses(rule, joining.forge().tree(tree).seal(joining.signer()));
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.3.1-15")
    @Tag("R-12.4.3.3-07")
    void rejectsATreeOfAnotherHash() throws MlsException {
        Joining joining = full(four());
        joining.refuses(
                Rule.TREE_HASH,
                joining.forge()
                        .context(old -> new GroupContext(
                                old.version(),
                                old.cipherSuite(),
                                old.groupId(),
                                old.epoch(),
                                old.confirmedTranscriptHash(),
                                old.confirmedTranscriptHash(),
                                old.extensions()))
                        .seal(joining.signer()));
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.3.1-16")
    void rejectsAParentWithoutAValidParentHash() throws MlsException {
        Joining joining = full(four());
        HpkeKeyPair other = joining.crypto().generateHpkeKeyPair();
        ForgedTree tree = joining.forge().tree();
        refuses(
                Rule.PARENT_HASH,
                joining,
                tree.parent(
                        new NodeIndex(1),
                        old -> new ParentNode(other.publicKey(), old.parentHash(), old.unmergedLeaves())));
    }

    @Test
    @Tag("R-12.4.3.1-18")
    void rejectsAnUnmergedLeafThatIsElsewhere() throws MlsException {
        Joining joining = full(four());
        // The joiner's leaf 4 is not below node 3.
        refuses(Rule.UNMERGED_LEAF_NOT_BELOW, joining, joining.forge().tree().parent(new NodeIndex(3), unmerged(4)));
    }

    @Test
    @Tag("R-12.4.3.1-18")
    void rejectsAnUnmergedLeafThatIsBlank() throws MlsException {
        Scene scene = four();
        for (String name : List.of("alice", "bob", "carol", "dave")) {
            scene.commit(name);
        }
        LeafIndex bob = scene.group("bob").ownLeaf();
        scene.follow("alice", scene.group("alice").commit().remove(bob).build());
        scene.actor("bob").enter(null);
        Joining second = Joining.of(scene, "alice", CommitBuilder::withoutPath);
        // The joiner got bob's leaf 1: move it to leaf 4, so that leaf 1 is blank.
        ForgedTree tree = second.forge().tree();
        LeafNode own = second.bundle.keyPackage().leafNode();
        tree.set(2, Optional.empty());
        while (tree.nodes().size() < 8) {
            tree.append(Optional.empty());
        }
        tree.append(Optional.of(new TreeNode.Leaf(own)));
        refuses(Rule.UNMERGED_LEAF_NOT_BELOW, second, tree.parent(new NodeIndex(3), unmerged(1)));
    }

    @Test
    @Tag("R-12.4.3.1-19")
    void rejectsAnUnmergedLeafThatANodeBetweenDoesNotList() throws MlsException {
        Joining joining = full(four());
        refuses(Rule.UNMERGED_LEAF_INTERMEDIATE, joining, joining.forge().tree().parent(new NodeIndex(3), unmerged(1)));
    }

    private static java.util.function.UnaryOperator<ParentNode> unmerged(long leaf) {
        return old -> new ParentNode(old.encryptionKey(), old.parentHash(), List.of(new LeafIndex(leaf)));
    }

    @Test
    @Tag("R-12.4.3.1-20")
    void rejectsAParentKeyThatAnotherNodeHas() throws MlsException {
        Joining joining = full(four());
        for (int other : new int[] {0, 1}) {
            RatchetTree tree = joining.commit.nextState().tree();
            joining.refuses(
                    Rule.DUPLICATE_ENCRYPTION_KEY,
                    joining.forge()
                            .tree(joining.forge()
                                    .tree()
                                    .parent(
                                            new NodeIndex(5),
                                            old -> new ParentNode(
                                                    tree.encryptionKey(new NodeIndex(other))
                                                            .orElseThrow(),
                                                    old.parentHash(),
                                                    old.unmergedLeaves())))
                            .seal(joining.signer()));
        }
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.3.1-17")
    @Tag("R-7.3-03")
    void rejectsALeafSignedForAnotherGroupOrIndex() throws MlsException {
        Scene scene = bareScene();
        Joining joining = bare(scene);
        Bytes group = scene.group("alice").groupId();
        Actor bob = scene.actor("bob");
        LeafNode old = scene.group("bob").state().tree().leaf(new LeafIndex(1)).orElseThrow();
        for (LeafNode.Position wrong : List.of(
                new LeafNode.Position(group, new LeafIndex(2)),
                new LeafNode.Position(Bytes.fromHex("00"), new LeafIndex(1)))) {
            joining.refuses(
                    Rule.LEAF_SIGNATURE,
                    joining.forge()
                            .tree(joining.forge()
                                    .tree()
                                    .leaf(
                                            new LeafIndex(1),
                                            LeafNode.sign(
                                                    old.content(),
                                                    old.encryptionKey(),
                                                    new LeafNodeSource.Update(),
                                                    wrong,
                                                    joining.crypto(),
                                                    bob.client().signer())))
                            .seal(joining.signer()));
        }
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.3.1-17")
    @Tag("R-7.3-03")
    void rejectsALeafWithoutTheGroupsSuite() throws MlsException {
        Scene scene = bareScene();
        Joining joining = bare(scene);
        LeafNode old = scene.group("bob").state().tree().leaf(new LeafIndex(1)).orElseThrow();
        Capabilities poor = new Capabilities(
                List.of(ProtocolVersion.MLS10),
                List.of(CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256),
                List.of(),
                List.of(),
                old.capabilities().credentials());
        LeafNode leaf = LeafNode.sign(
                new LeafNode.Content(
                        old.signatureKey(), old.credential(), poor, org.coppice.mls.credential.Extensions.EMPTY),
                old.encryptionKey(),
                old.source(),
                null,
                joining.crypto(),
                scene.actor("bob").client().signer());
        refuses(Rule.LEAF_VERSION_OR_SUITE, joining, joining.forge().tree().leaf(new LeafIndex(1), leaf));
    }

    @Test
    @Tag("R-12.4.3.1-21")
    void rejectsATreeWithoutTheOwnLeaf() throws MlsException {
        Joining joining = bare(bareScene());
        LeafNode stranger =
                joining.joiner.client().generateKeyPackage().keyPackage().leafNode();
        joining.refuses(
                Rule.OWN_LEAF_MISSING,
                joining.forge()
                        .tree(joining.forge().tree().leaf(new LeafIndex(2), stranger))
                        .seal(joining.signer()));
        // The same keys in other bytes are another leaf.
        LeafNode own = joining.bundle.keyPackage().leafNode();
        LeafNode resigned = LeafNode.sign(
                own.content(),
                own.encryptionKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(joining.commit.groupId(), new LeafIndex(2)),
                joining.crypto(),
                joining.joiner.client().signer());
        refuses(Rule.OWN_LEAF_MISSING, joining, joining.forge().tree().leaf(new LeafIndex(2), resigned));
    }

    @Test
    @Tag("R-12.4.1-12")
    @Tag("R-12.4.3.1-22")
    void derivesTheKeysFromTheCommonAncestorUpwards() throws MlsException {
        Scene scene = Scene.of("alice", "bob", "carol", "dave", "erin");
        scene.follow(
                "alice", scene.group("alice").commit().remove(new LeafIndex(3)).build());
        scene.actor("dave").enter(null);
        Joining joining = Joining.of(scene, "alice", commit -> commit);
        SuiteCrypto crypto = joining.crypto();
        RatchetTree tree = joining.commit.nextState().tree();
        // The joiner gets leaf 3; its common ancestor with alice at leaf 0 is node 3, and the root is node 7.
        Secret pathSecret = joining.forge().pathSecret().orElseThrow();
        Secret rootSecret = crypto.deriveSecret(pathSecret, "path");
        assertThat(keyOf(pathSecret, crypto).publicKey())
                .isEqualTo(tree.encryptionKey(new NodeIndex(3)).orElseThrow());
        assertThat(keyOf(rootSecret, crypto).publicKey())
                .isEqualTo(tree.encryptionKey(new NodeIndex(7)).orElseThrow());

        Group group = joining.joinsByTheGenuineWelcome();
        joining.joiner.enter(group);
        assertThat(joining.joiner.snapshot())
                .containsKeys(new RecordKey.TreeKey(3).toBytes(), new RecordKey.TreeKey(7).toBytes())
                .doesNotContainKeys(new RecordKey.TreeKey(5).toBytes(), new RecordKey.TreeKey(1).toBytes());
        // Erin, in the other half, encrypts to node 3, which the joiner can open.
        scene.actor("joiner").enter(null);
        scene.follow("alice", joining.commit);
        scene.actor("joiner").enter(group);
        scene.commit("erin");
        assertThat(group.epochAuthenticator()).isEqualTo(scene.group("erin").epochAuthenticator());
    }

    @Test
    @Tag("R-12.4.3.1-22")
    void aBlankAncestorGetsNoKeyAndTakesNoStep() throws MlsException {
        // Dave and erin go, so that in alice's path node 3's parent chain skips blank nodes above the common ancestor.
        Scene scene = Scene.of("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan");
        for (long leaf : new long[] {4, 5, 6, 7}) {
            scene.follow(
                    "alice",
                    scene.group("alice").commit().remove(new LeafIndex(leaf)).build());
        }
        for (String name : List.of("erin", "frank", "grace", "heidi")) {
            scene.actor(name).enter(null);
        }
        scene.follow(
                "alice", scene.group("alice").commit().remove(new LeafIndex(3)).build());
        scene.actor("dave").enter(null);
        Joining joining = Joining.of(scene, "alice", commit -> commit);
        RatchetTree tree = joining.commit.nextState().tree();
        // Node 7's right half is empty: it is not on the filtered path, and stays blank.
        assertThat(tree.encryptionKey(new NodeIndex(7))).isEmpty();
        assertThat(tree.encryptionKey(new NodeIndex(15))).isPresent();
        joining.joiner.enter(joining.joinsByTheGenuineWelcome());
        assertThat(joining.joiner.snapshot())
                .containsKeys(new RecordKey.TreeKey(3).toBytes(), new RecordKey.TreeKey(15).toBytes())
                .doesNotContainKey(new RecordKey.TreeKey(7).toBytes());
    }

    @Test
    @Tag("R-12.4.3.1-23")
    void rejectsAPathSecretWhereTheCommonAncestorIsBlank() throws MlsException {
        Joining joining = bare(bareScene());
        joining.refuses(
                Rule.PATH_SECRET_MISMATCH,
                joining.forge()
                        .pathSecret(Optional.of(joining.crypto().randomSecret(32)))
                        .seal(joining.signer()));
        joining.joinsByTheGenuineWelcome();
    }

    private static HpkeKeyPair keyOf(Secret pathSecret, SuiteCrypto crypto) {
        return crypto.deriveHpkeKeyPair(crypto.deriveSecret(pathSecret, "node"));
    }
}
