package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeNode;
import org.coppice.testkit.Scene;
import org.coppice.testkit.forge.ForgedTree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The ratchet_tree extension (RFC 9420 §12.4.3.3). */
class RatchetTreeExtensionTest {
    private Scene scene;
    private Joining joining;

    @BeforeEach
    void fiveMembers() throws MlsException {
        scene = Scene.of("alice", "bob", "carol", "dave");
        joining = Joining.of(scene, "alice", commit -> commit);
    }

    private RatchetTree tree() {
        return joining.commit.nextState().tree();
    }

    private void refuses(Rule rule, Bytes extension) throws MlsException {
        joining.refuses(
                rule,
                joining.forge()
                        .extensions(old -> old.with(new Extension(ExtensionType.RATCHET_TREE, extension)))
                        .seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3.3-01")
    void listsTheNodesFromLeftToRight() throws MlsException {
        RatchetTree tree = tree();
        assertThat(tree.root()).isEqualTo(new NodeIndex(7));
        TlsWriter nodes = new TlsWriter();
        for (long i = 0; i <= 8; i++) {
            NodeIndex index = new NodeIndex(i);
            if (tree.encryptionKey(index).isEmpty()) {
                nodes.uint8(0);
            } else if (i % 2 == 0) {
                nodes.uint8(1).uint8(1).struct(tree.leaf(new LeafIndex(i / 2)).orElseThrow());
            } else {
                nodes.uint8(1).uint8(2).struct(tree.parent(index).orElseThrow());
            }
        }
        Bytes expected = new TlsWriter().vector(nodes.toBytes()).toBytes();
        assertThat(joining.forge().genuine().extensions().find(ExtensionType.RATCHET_TREE))
                .contains(expected);
    }

    @Test
    @Tag("R-12.4.3.3-02")
    @Tag("R-12.4.3.3-04")
    void endsWithTheLastOccupiedNodeAndIsExtendedByTheReceiver() throws MlsException {
        ForgedTree sent = joining.forge().tree();
        assertThat(sent.nodes()).hasSize(9);
        assertThat(sent.nodes().get(8)).isPresent();
        assertThat(sent.decoded().size()).isEqualTo(8);
        assertThat(sent.decoded()).isEqualTo(tree());
        assertThat(joining.joinsByTheGenuineWelcome().state().tree().size()).isEqualTo(8);
    }

    @Test
    @Tag("R-12.4.3.3-02")
    void leavesOutAllThatIsBlankAtTheEnd() throws MlsException {
        scene.follow(
                "alice", scene.group("alice").commit().remove(new LeafIndex(2)).build());
        scene.actor("carol").enter(null);
        MlsMessage info = scene.group("alice").groupInfo(true);
        ForgedTree sent = ForgedTree.of(scene.group("alice").state().tree(), joining.crypto());
        assertThat(sent.nodes()).hasSize(7);
        assertThat(sent.nodes().get(6)).isPresent();
        scene.follow(
                "alice", scene.group("alice").commit().remove(new LeafIndex(3)).build());
        scene.actor("dave").enter(null);
        assertThat(ForgedTree.of(scene.group("alice").state().tree(), joining.crypto())
                        .nodes())
                .hasSize(3);
        assertThat(info).isNotNull();
    }

    @Test
    @Tag("R-12.4.3.3-03")
    void rejectsATreeThatEndsInABlankNode() throws MlsException {
        refuses(
                Rule.TREE_ENDS_IN_BLANK,
                joining.forge().tree().append(Optional.empty()).encoded());
        refuses(
                Rule.TREE_ENDS_IN_BLANK,
                joining.forge()
                        .tree()
                        .append(Optional.empty())
                        .append(Optional.empty())
                        .encoded());
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.3.3-05")
    void rejectsNodesWhoseTypeDoesNotFitTheirPlace() throws MlsException {
        List<Optional<TreeNode>> nodes = joining.forge().tree().nodes();
        Optional<TreeNode> leaf = nodes.get(0);
        Optional<TreeNode> parent = nodes.get(1);
        refuses(Rule.TREE_NODE_TYPE, joining.forge().tree().set(1, leaf).encoded());
        refuses(Rule.TREE_NODE_TYPE, joining.forge().tree().set(2, parent).encoded());
        // A list of even length, whose last node can be a parent only.
        refuses(Rule.TREE_NODE_TYPE, joining.forge().tree().append(parent).encoded());
        refuses(Rule.TREE_NODE_TYPE, joining.forge().tree().append(leaf).encoded());
        // An empty list.
        refuses(Rule.TREE_NODE_TYPE, Bytes.fromHex("00"));
        // A node_type that does not exist.
        refuses(Rule.UNKNOWN_DISCRIMINATOR, Bytes.fromHex("020103"));
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.3.3-06")
    void isNoPartOfTheGroupsExtensions() throws MlsException {
        assertThat(joining.forge().genuine().extensions().contains(ExtensionType.RATCHET_TREE))
                .isTrue();
        assertThat(joining.joinsByTheGenuineWelcome()
                        .state()
                        .context()
                        .extensions()
                        .types())
                .isEmpty();
    }

    @Test
    @Tag("R-12.4.3.3-07")
    void rejectsATreeThatCameApartAndIsAnother() throws MlsException {
        MlsMessage without = joining.forge()
                .extensions(old -> old.without(ExtensionType.RATCHET_TREE))
                .seal(joining.signer());
        JoinRequest request = JoinRequest.of(Scene.wire(without), List.of(joining.bundle))
                .withRatchetTree(SuiteCrypto.encode(joining.commit.base().tree()));
        Refusals.refuses(
                Rule.TREE_HASH, joining.joiner, () -> joining.joiner.client().join(request));
        joining.joinsByTheGenuineWelcome();
    }
}
