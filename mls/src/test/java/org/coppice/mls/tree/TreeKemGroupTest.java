package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.tree.TestGroup.Changes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that live through random commits, in which all members come to the same tree, secrets and keys. */
class TreeKemGroupTest {
    private final Random random = TreeFixture.random("TreeKemGroupTest");
    private final SuiteCrypto crypto = TreeFixture.crypto(random);

    @Test
    @Tag("R-7.4-01")
    @Tag("R-7.5-01")
    @Tag("R-7.5-05")
    @Tag("R-7.5-06")
    @Tag("R-7.5-08")
    @Tag("R-7.5-10")
    @Tag("R-7.9.1-01")
    void membersOfAGroupOfUpToFortyAgree() throws MlsException {
        run(new TestGroup(crypto), 40, 40);
    }

    @Test
    void membersOfSmallGroupsAgree() throws MlsException {
        for (int round = 0; round < 6; round++) {
            run(new TestGroup(crypto), 1 + random.nextInt(6), 25);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    @Tag("R-7.6-01")
    void membersAgreeInEachSuite(int suite) throws MlsException {
        run(new TestGroup(TreeFixture.crypto(new CipherSuite(suite))), 5, 4);
    }

    private void run(TestGroup group, int limit, int commits) throws MlsException {
        for (int i = 0; i < commits; i++) {
            commit(group, limit);
            if (i % 4 == 3 || i == commits - 1) {
                group.check();
            }
        }
    }

    private void commit(TestGroup group, int limit) throws MlsException {
        int room = limit - group.tree.memberCount();
        LeafIndex sender = group.anyMember(random);
        Changes changes = new Changes();
        if (room > 0 && random.nextInt(8) == 0) {
            group.joinExternally(group.newClient());
            return;
        }
        for (int i = random.nextInt(Math.max(1, Math.min(room + 1, 8))); i > 0; i--) {
            changes.add(group.newClient());
        }
        if (!changes.adds.isEmpty() && random.nextInt(3) == 0) {
            // Leaves the newcomers unmerged above.
            group.commitWithoutPath(changes);
            return;
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            LeafIndex target = group.anyMember(random);
            if (!target.equals(sender) && !changes.updates.containsKey(target) && !changes.removes.contains(target)) {
                if (random.nextBoolean()) {
                    changes.remove(target);
                } else {
                    changes.update(target, group.crypto.generateHpkeKeyPair());
                }
            }
        }
        group.commit(sender, changes);
    }

    @Test
    @Tag("R-7.9.1-01")
    void aMemberAloneCommits() throws MlsException {
        TestGroup group = new TestGroup(crypto);
        group.commit(TreeFixture.leaf(0), new Changes());
        group.check();
        LeafNodeSource source =
                group.tree.leaf(TreeFixture.leaf(0)).orElseThrow().source();
        assertThat(source).isEqualTo(new LeafNodeSource.Commit(Bytes.EMPTY));
    }

    @Test
    @Tag("R-4.1.2-03")
    @Tag("R-7.9-02")
    void aMemberWhoseOtherHalfIsEmptyHasABlankRoot() throws MlsException {
        TestGroup group = TestGroup.full(3, crypto);
        // Leaves 0 and 1 go: leaf 2 stays alone in the right half, so the tree does not shrink.
        group.commit(
                TreeFixture.leaf(2), new Changes().remove(TreeFixture.leaf(0)).remove(TreeFixture.leaf(1)));
        group.check();
        assertThat(group.tree.size()).isEqualTo(4);
        assertThat(group.tree.filteredDirectPath(TreeFixture.leaf(2))).isEmpty();
        group.commit(TreeFixture.leaf(2), new Changes().add(group.newClient()));
        group.check();
        assertThat(group.tree.parent(group.tree.root())).isPresent();
    }

    @Test
    @Tag("R-7.5-04")
    @Tag("R-7.6-03")
    @Tag("R-7.6-04")
    void aPathNodeWithNothingButNewMembersBesideItHasNoCiphertext() throws MlsException {
        TestGroup group = new TestGroup(crypto);
        group.commit(TreeFixture.leaf(0), new Changes().add(group.newClient()).add(group.newClient()));
        group.check();
        assertThat(group.tree.parent(TreeFixture.node(1))).isPresent();
    }
}
