package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.testkit.rules.Refusals.refuses;
import static org.coppice.testkit.rules.Refusals.refusesThenFollows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.ProposalFilter;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which proposals may stand together in a member's Commit (RFC 9420 §12.2). */
class CommitListRulesTest extends CommitListScene {
    /** Bob refuses alice's Commit of these proposals by reference, and follows an honest one afterwards. */
    private void refusesByReference(Rule rule, ProposalRef... refs) throws Exception {
        refusesThenFollows(
                rule, bob, byReference(refs), scene.group("alice").commit().build());
    }

    private MlsMessage byReference(ProposalRef... refs) throws MlsException {
        List<Commit.ProposalOrRef> entries = new ArrayList<>();
        for (ProposalRef ref : refs) {
            entries.add(new Commit.ByReference(ref));
        }
        return alice.commit(new Commit(entries, Optional.empty()));
    }

    private static Proposal.PreSharedKey psk(int nonce) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) nonce;
        return new Proposal.PreSharedKey(new PreSharedKeyId.External(Bytes.fromHex("01"), Bytes.wrap(bytes)));
    }

    private static Proposal.ReInit reInit() {
        return new Proposal.ReInit(Bytes.fromHex("02"), ProtocolVersion.MLS10, SUITE, Extensions.EMPTY);
    }

    /** An Update of carol's that she signed herself. */
    private static Proposal.Update update(Actor actor, HpkeKeyPair keys) throws MlsException {
        LeafNode present = actor.group()
                .state()
                .member(actor.group().ownLeaf())
                .orElseThrow()
                .leafNode();
        return new Proposal.Update(LeafNode.sign(
                present.content(),
                keys.publicKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(actor.group().groupId(), actor.group().ownLeaf()),
                actor.client().crypto(),
                actor.client().signer()));
    }

    @Test
    @Tag("R-12.2-03")
    @Tag("R-12.2-02")
    void rejectsReferenceToProposalThatNeverCame() throws Exception {
        refusesByReference(Rule.PROPOSAL_REFERENCE_UNKNOWN, new ProposalRef(Bytes.wrap(new byte[32])));
    }

    @Test
    @Tag("R-12.2-05")
    void rejectsUpdateOfTheCommitterByReference() throws Exception {
        ProposalRef ref = deliverToAll("alice", scene.group("alice").proposeUpdate());

        refuses(Rule.UPDATE_BY_COMMITTER, bob, byReference(ref));
    }

    @Test
    @Tag("R-12.2-05")
    void rejectsUpdateInTheCommitItself() throws Exception {
        refusesByValue(
                Rule.UPDATE_BY_COMMITTER,
                update(scene.actor("alice"), alice.crypto().generateHpkeKeyPair()));
    }

    @Test
    @Tag("R-12.2-05")
    @Tag("R-12.2-01")
    void leavesItsOwnUpdateOutOfItsCommit() throws MlsException {
        deliverToAll("alice", scene.group("alice").proposeUpdate());

        StagedCommit commit = scene.group("alice").commit().build();

        assertThat(commit.effects().proposals()).isEmpty();
        scene.follow("alice", commit);
    }

    @Test
    @Tag("R-12.2-06")
    @Tag("R-12.2-02")
    void rejectsCommitThatRemovesItsCommitter() throws Exception {
        refusesByValue(Rule.REMOVE_OF_COMMITTER, new Proposal.Remove(ALICE));
    }

    @Test
    @Tag("R-12.2-06")
    @Tag("R-12.2-01")
    void doesNotCommitItsOwnRemoval() throws MlsException {
        Group group = scene.group("alice");
        refuses(
                Rule.REMOVE_OF_COMMITTER,
                scene.actor("alice"),
                () -> group.commit().remove(ALICE).build());

        ProposalRef ref = deliverToAll("bob", scene.group("bob").proposeRemove(ALICE));

        assertThat(group.commit().build().effects().removed()).isEmpty();
        refuses(Rule.REMOVE_OF_COMMITTER, bob, byReference(ref));
    }

    @Test
    @Tag("R-12.2-07")
    void rejectsTwoRemovesOfOneLeaf() throws Exception {
        refusesByValue(Rule.SAME_LEAF_TWICE, new Proposal.Remove(CAROL), new Proposal.Remove(CAROL));
    }

    @Test
    @Tag("R-12.2-07")
    @Tag("R-12.2-08")
    void rejectsUpdateAndRemoveOfOneLeafAndPrefersTheRemove() throws Exception {
        ProposalRef update = deliverToAll("carol", scene.group("carol").proposeUpdate());
        ProposalRef remove = deliverToAll("bob", scene.group("bob").proposeRemove(CAROL));

        refuses(Rule.SAME_LEAF_TWICE, bob, byReference(update, remove));

        StagedCommit commit = scene.group("alice").commit().build();
        assertThat(commit.effects().proposals())
                .extracting(proposal -> proposal.ref().orElseThrow())
                .containsExactly(remove);
        scene.follow("alice", commit);
    }

    @Test
    @Tag("R-12.2-07")
    @Tag("R-12.2-08")
    void rejectsTwoUpdatesOfOneLeafAndPrefersTheLatest() throws Exception {
        ProposalRef first = deliverToAll("carol", scene.group("carol").proposeUpdate());
        ProposalRef second = deliverToAll("carol", scene.group("carol").proposeUpdate());

        refuses(Rule.SAME_LEAF_TWICE, bob, byReference(first, second));

        StagedCommit commit = scene.group("alice").commit().build();
        assertThat(commit.effects().proposals())
                .extracting(proposal -> proposal.ref().orElseThrow())
                .containsExactly(second);
        scene.follow("alice", commit);
    }

    @Test
    @Tag("R-12.2-09")
    void rejectsTwoAddsOfOneSignatureKey() throws Exception {
        MlsClient dave = scene.client("dave").client();

        refusesByValue(
                Rule.ADD_TWICE,
                new Proposal.Add(KeyPackageForge.of(dave).make()),
                new Proposal.Add(KeyPackageForge.of(dave).make()));
    }

    @Test
    @Tag("R-12.2-09")
    @Tag("R-12.2-10")
    @Tag("R-12.2-18")
    void rejectsAddsOfOneIdentityWhereTheApplicationSaysSo() throws Exception {
        enter(Scene.empty(
                        SUITE,
                        settings -> settings.policy(Scene.policy().toBuilder()
                                .proposalFilter(ProposalFilter.oneClientPerIdentity(CredentialValidator.acceptAll()))
                                .build()))
                .withGroup(Extensions.EMPTY, "alice", "bob", "carol"));
        KeyPackage dave = keyPackage("dave");
        KeyPackage otherDave = KeyPackageForge.of(sameName("dave")).make();
        KeyPackage otherCarol = KeyPackageForge.of(sameName("carol")).make();

        refuses(
                Rule.ADD_TWICE,
                bob,
                alice.commit(List.of(new Proposal.Add(dave), new Proposal.Add(otherDave)), Optional.empty()));
        refusesByValue(Rule.ADD_OF_MEMBER, new Proposal.Add(otherCarol));
        scene.actor("carol")
                .group()
                .merge(scene.group("carol")
                        .stage(scene.group("alice").pendingCommits().get(0).message()));
        scene.group("alice").merge(scene.group("alice").pendingCommits().get(0));
        scene.follow(
                "alice",
                scene.group("alice").commit().remove(CAROL).add(otherCarol).build());
        assertThat(bob.group().roster()).hasSize(3);
    }

    private MlsClient sameName(String name) throws MlsException {
        MlsClient first = scene.actor(name).client();
        return MlsClient.create(first.environment(), SUITE, first.credential());
    }

    @Test
    @Tag("R-12.2-09")
    void allowsSeveralClientsOfOneIdentityOtherwise() throws MlsException {
        KeyPackage otherCarol = KeyPackageForge.of(sameName("carol")).make();

        scene.follow("alice", scene.group("alice").commit().add(otherCarol).build());

        assertThat(bob.group().roster()).hasSize(4);
    }

    @Test
    @Tag("R-12.2-10")
    void rejectsAddOfMember() throws Exception {
        KeyPackage carol = KeyPackageForge.of(scene.actor("carol").client()).make();

        refusesByValue(Rule.ADD_OF_MEMBER, new Proposal.Add(carol));
    }

    @Test
    @Tag("R-12.2-10")
    void allowsAddOfMemberWhomTheCommitRemoves() throws MlsException {
        KeyPackage carol = KeyPackageForge.of(scene.actor("carol").client()).make();

        scene.follow(
                "alice", scene.group("alice").commit().add(carol).remove(CAROL).build());

        assertThat(bob.group().state()).isEqualTo(scene.group("alice").state());
        assertThat(bob.group().roster()).hasSize(3);
    }

    @Test
    @Tag("R-12.2-11")
    void rejectsSamePskTwice() throws Exception {
        refusesByValue(Rule.PSK_TWICE, psk(1), psk(1));
    }

    @Test
    @Tag("R-12.2-12")
    void rejectsExtensionsTwice() throws Exception {
        refusesByValue(
                Rule.GCE_TWICE,
                new Proposal.GroupContextExtensions(Extensions.EMPTY),
                new Proposal.GroupContextExtensions(Extensions.EMPTY));
    }

    @Test
    @Tag("R-12.2-13")
    void rejectsReInitWithAnythingElse() throws Exception {
        List<Proposal> others =
                List.of(psk(1), new Proposal.Remove(CAROL), new Proposal.Add(keyPackage("dave")), reInit());
        for (Proposal other : others) {
            refuses(Rule.REINIT_NOT_ALONE, bob, alice.commit(List.of(reInit(), other), Optional.empty()));
            refuses(Rule.REINIT_NOT_ALONE, bob, alice.commit(List.of(other, reInit()), Optional.empty()));
        }
        refusesByValue(Rule.REINIT_NOT_ALONE, reInit(), reInit());
    }

    @Test
    @Tag("R-12.2-14")
    void prefersOtherProposalsToReInit() throws MlsException {
        deliverToAll("bob", scene.group("bob").proposeReInit(reInit()));
        ProposalRef update = deliverToAll("carol", scene.group("carol").proposeUpdate());

        StagedCommit commit = scene.group("alice").commit().build();

        assertThat(commit.effects().proposals())
                .extracting(proposal -> proposal.ref().orElseThrow())
                .containsExactly(update);
        scene.follow("alice", commit);
    }

    @Test
    @Tag("R-12.2-15")
    @Tag("R-12.1.6-01")
    void rejectsExternalInitInMembersCommit() throws Exception {
        refusesByValue(Rule.EXTERNAL_INIT_IN_REGULAR_COMMIT, new Proposal.ExternalInit(Bytes.wrap(new byte[32])));
    }

    @Test
    @Tag("R-12.2-04")
    @Tag("R-12.1.3-01")
    void rejectsProposalThatIsInvalidAlone() throws Exception {
        refusesByValue(Rule.REMOVE_TARGET, new Proposal.Remove(new LeafIndex(3)));
    }

    @Test
    @Tag("R-12.2-04")
    @Tag("R-12.1.3-01")
    void rejectsRemoveOutsideTheTree() throws Exception {
        refusesByValue(Rule.REMOVE_TARGET, new Proposal.Remove(new LeafIndex(1 << 20)));
    }

    @Test
    @Tag("R-12.2-17")
    void rejectsAddsOfTwoClientsWithOneEncryptionKey() throws Exception {
        KeyPackageForge dave = KeyPackageForge.of(scene.client("dave").client());
        KeyPackageForge erin = KeyPackageForge.of(scene.client("erin").client()).withLeafKey(dave.leafKey());

        refusesByValue(Rule.DUPLICATE_ENCRYPTION_KEY, new Proposal.Add(dave.make()), new Proposal.Add(erin.make()));
    }

    @Test
    @Tag("R-12.2-17")
    void rejectsUpdateToAnotherMembersEncryptionKey() throws Exception {
        LeafNode bobs = bob.group().state().member(BOB).orElseThrow().leafNode();
        HpkeKeyPair stolen = new HpkeKeyPair(Secret.zeros(32), bobs.encryptionKey());

        refusesUpdateOfCarol(
                Rule.DUPLICATE_ENCRYPTION_KEY,
                update(scene.actor("carol"), stolen).leafNode());
    }

    @Test
    @Tag("R-12.2-17")
    void rejectsUpdateToAnotherMembersSignatureKey() throws Exception {
        LeafNode present = bob.group().state().member(CAROL).orElseThrow().leafNode();
        LeafNode stolen = LeafNode.sign(
                new LeafNode.Content(
                        bob.client().signer().publicKey(),
                        present.credential(),
                        present.capabilities(),
                        present.extensions()),
                alice.crypto().generateHpkeKeyPair().publicKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(bob.group().groupId(), CAROL),
                alice.crypto(),
                bob.client().signer());

        refusesUpdateOfCarol(Rule.DUPLICATE_SIGNATURE_KEY, stolen);
    }

    /** Bob takes the Update, which is right by itself, and refuses alice's Commit of it, whose path is right, too. */
    private void refusesUpdateOfCarol(Rule rule, LeafNode leaf) throws MlsException {
        MlsMessage proposal = scene.actor("carol").insider().proposal(new Proposal.Update(leaf));
        ProposalRef ref = ((Received.ProposalCached) bob.group().receive(Scene.wire(proposal))).ref();
        UpdatePath path = alice.path(alice.state().tree().update(CAROL, leaf));

        refuses(rule, bob, alice.commit(new Commit(List.of(new Commit.ByReference(ref)), Optional.of(path))));
    }

    @Test
    @Tag("R-12.2-01")
    void checksTheListBeforeItSendsCommit() throws MlsException {
        Actor committer = scene.actor("alice");
        Group group = committer.group();
        KeyPackage dave = keyPackage("dave");
        KeyPackage carol = KeyPackageForge.of(scene.actor("carol").client()).make();

        refuses(
                Rule.ADD_TWICE,
                committer,
                () -> group.commit().add(dave).add(dave).build());
        refuses(Rule.ADD_OF_MEMBER, committer, () -> group.commit().add(carol).build());
        refuses(
                Rule.SAME_LEAF_TWICE,
                committer,
                () -> group.commit().remove(BOB).remove(BOB).build());
        refuses(
                Rule.PSK_TWICE,
                committer,
                () -> group.commit().propose(psk(1)).propose(psk(1)).build());
        refuses(
                Rule.GCE_TWICE,
                committer,
                () -> group.commit()
                        .extensions(Extensions.EMPTY)
                        .extensions(Extensions.EMPTY)
                        .build());
        refuses(
                Rule.REINIT_NOT_ALONE,
                committer,
                () -> group.commit().reInit(reInit()).propose(psk(1)).build());
        refuses(
                Rule.PROPOSAL_NOT_SUPPORTED,
                committer,
                () -> group.commit()
                        .propose(new Proposal.Custom(CUSTOM, Bytes.EMPTY))
                        .build());
    }
}
