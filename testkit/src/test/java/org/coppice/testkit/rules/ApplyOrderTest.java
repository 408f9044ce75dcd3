package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the proposals of a Commit change the tree, and in which order (RFC 9420 §12.1.1 to §12.1.3, §12.3). */
class ApplyOrderTest {
    private static final String[] NAMES = {"alice", "bob", "carol", "dave", "erin", "frank"};

    private Scene scene;

    @BeforeEach
    void aGroupOfSixWithoutBlanks() throws MlsException {
        scene = Scene.of(NAMES);
        for (String name : NAMES) {
            scene.commit(name);
        }
    }

    private RatchetTree tree() {
        return scene.group("alice").state().tree();
    }

    private KeyPackage keyPackage(String name) throws MlsException {
        return KeyPackageForge.of(scene.client(name).client()).make();
    }

    private static LeafNode leaf(RatchetTree tree, int index) {
        return tree.leaf(new LeafIndex(index)).orElseThrow();
    }

    /** All members see what alice's Commit made. */
    private void follow(StagedCommit commit) throws MlsException {
        scene.follow("alice", commit);
        for (Actor actor : scene.actors()) {
            if (actor.group() != null
                    && actor.group().epoch() == commit.nextState().epoch()) {
                assertThat(actor.group().state()).isEqualTo(commit.nextState());
                assertThat(actor.group().epochAuthenticator())
                        .isEqualTo(scene.group("alice").epochAuthenticator());
            }
        }
    }

    @Test
    @Tag("R-12.3-04")
    @Tag("R-12.3-05")
    @Tag("R-12.1.1-02")
    @Tag("R-12.1.1-04")
    void removesBeforeItAddsAndAddsInListOrder() throws MlsException {
        List<KeyPackage> added = List.of(keyPackage("grace"), keyPackage("heidi"), keyPackage("ivan"));
        StagedCommit commit = scene.group("alice")
                .commit()
                .add(added.get(0))
                .remove(new LeafIndex(3))
                .add(added.get(1))
                .remove(new LeafIndex(1))
                .add(added.get(2))
                .build();

        follow(commit);

        // The leaves that the Removes freed, from the left, and then the first that was never used.
        int[] places = {1, 3, 6};
        for (int i = 0; i < places.length; i++) {
            assertThat(leaf(tree(), places[i])).isEqualTo(added.get(i).leafNode());
        }
    }

    @Test
    @Tag("R-12.1.1-02")
    void extendsTheTreeWhenNoLeafIsBlank() throws MlsException {
        StagedCommit commit = scene.group("alice")
                .commit()
                .addAll(List.of(keyPackage("grace"), keyPackage("heidi"), keyPackage("ivan")))
                .build();

        follow(commit);

        assertThat(tree().size()).isEqualTo(16);
        assertThat(tree().leaf(new LeafIndex(8))).isPresent();
        assertThat(tree().leaf(new LeafIndex(9))).isEmpty();
    }

    @Test
    @Tag("R-12.1.1-03")
    @Tag("R-12.1.1-04")
    void listsAddedLeavesAsUnmergedUpToTheRoot() throws MlsException {
        KeyPackage grace = keyPackage("grace");
        KeyPackage heidi = keyPackage("heidi");
        StagedCommit commit = scene.group("alice")
                .commit()
                .withoutPath()
                .add(grace)
                .add(heidi)
                .build();

        follow(commit);

        LeafIndex six = new LeafIndex(6);
        LeafIndex seven = new LeafIndex(7);
        assertThat(leaf(tree(), 6)).isEqualTo(grace.leafNode());
        assertThat(tree().parent(new NodeIndex(13))).isEmpty();
        assertThat(tree().parent(new NodeIndex(7)).orElseThrow().unmergedLeaves())
                .containsExactly(six, seven);
        assertThat(tree().parent(new NodeIndex(3)).orElseThrow().unmergedLeaves())
                .isEmpty();
    }

    @Test
    @Tag("R-12.1.1-03")
    void listsAddedLeafInEachOccupiedNodeAboveIt() throws MlsException {
        scene.client("grace");
        scene.add("alice", "grace");
        scene.commit("grace");
        scene.commit("erin");

        follow(scene.group("alice")
                .commit()
                .withoutPath()
                .add(keyPackage("heidi"))
                .build());

        LeafIndex seven = new LeafIndex(7);
        assertThat(tree().parent(new NodeIndex(13))).isEmpty();
        assertThat(tree().parent(new NodeIndex(11)).orElseThrow().unmergedLeaves())
                .containsExactly(seven);
        assertThat(tree().parent(new NodeIndex(7)).orElseThrow().unmergedLeaves())
                .containsExactly(seven);
        assertThat(tree().parent(new NodeIndex(9)).orElseThrow().unmergedLeaves())
                .isEmpty();
    }

    @Test
    @Tag("R-12.1.3-02")
    @Tag("R-12.1.3-03")
    void removeBlanksAncestorsAndTruncates() throws MlsException {
        follow(scene.group("alice").commit().remove(new LeafIndex(3)).build());
        assertThat(tree().leaf(new LeafIndex(3))).isEmpty();
        assertThat(tree().parent(new NodeIndex(5))).isEmpty();
        assertThat(tree().size()).isEqualTo(8);

        follow(scene.group("alice")
                .commit()
                .remove(new LeafIndex(4))
                .remove(new LeafIndex(5))
                .build());

        assertThat(tree().size()).isEqualTo(4);
        assertThat(tree().members()).containsExactly(new LeafIndex(0), new LeafIndex(1), new LeafIndex(2));
        follow(scene.group("alice")
                .commit()
                .remove(new LeafIndex(2))
                .remove(new LeafIndex(1))
                .build());
        assertThat(tree().size()).isEqualTo(1);
    }

    @Test
    @Tag("R-12.1.2-03")
    @Tag("R-12.3-03")
    @Tag("R-12.3-04")
    @Tag("R-12.3-05")
    void resultIsTheSameAsUpdatesThenRemovesThenAdds() throws MlsException {
        RatchetTree before = tree();
        scene.deliver("erin", scene.group("erin").proposeUpdate());
        scene.deliver("carol", scene.group("carol").proposeUpdate());
        KeyPackage grace = keyPackage("grace");
        KeyPackage heidi = keyPackage("heidi");
        StagedCommit commit = scene.group("alice")
                .commit()
                .add(grace)
                .remove(new LeafIndex(5))
                .add(heidi)
                .build();
        List<LeafNode> updates = new ArrayList<>();
        scene.group("bob")
                .pendingProposals()
                .forEach(pending -> updates.add(((Proposal.Update) pending.proposal()).leafNode()));

        follow(commit);

        RatchetTree expected = before.update(new LeafIndex(4), updates.get(0))
                .update(new LeafIndex(2), updates.get(1))
                .remove(new LeafIndex(5))
                .addAll(List.of(grace.leafNode(), heidi.leafNode()))
                .tree();
        assertThat(tree().size()).isEqualTo(expected.size());
        for (int i = 1; i < 8; i++) {
            assertThat(tree().leaf(new LeafIndex(i))).isEqualTo(expected.leaf(new LeafIndex(i)));
        }
        // Alice's path covers 1, 3 and 7; all other parents are as the proposals left them.
        for (long node : new long[] {5, 9, 11, 13}) {
            assertThat(tree().parent(new NodeIndex(node))).isEqualTo(expected.parent(new NodeIndex(node)));
        }
        assertThat(before.parent(new NodeIndex(5))).isPresent();
        assertThat(tree().parent(new NodeIndex(5))).isEmpty();
    }
}
