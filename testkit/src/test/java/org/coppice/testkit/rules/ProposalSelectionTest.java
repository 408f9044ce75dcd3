package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.coppice.testkit.rules.Proposing.KNOWN_PSK;
import static org.coppice.testkit.rules.Proposing.RARE;
import static org.coppice.testkit.rules.Proposing.SOME;
import static org.coppice.testkit.rules.Proposing.SOME_TYPE;
import static org.coppice.testkit.rules.Proposing.SPARE;
import static org.coppice.testkit.rules.Proposing.WIDE;
import static org.coppice.testkit.rules.Proposing.WIDE_TYPE;
import static org.coppice.testkit.rules.Proposing.capabilities;
import static org.coppice.testkit.rules.Proposing.credential;
import static org.coppice.testkit.rules.Proposing.extensions;
import static org.coppice.testkit.rules.Proposing.psk;
import static org.coppice.testkit.rules.Proposing.without;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.ProposalFilter;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proposals that are valid alone, and not beside others or the leaves of all members: the committer leaves them out, says so, and
 * its Commit is accepted (RFC 9420 §12.2, §12.4).
 */
@Tag("R-12.2-01")
@Tag("R-12.4-04")
class ProposalSelectionTest {
    private Proposing group;

    /** Alice commits, dave only watches. */
    @BeforeEach
    void fiveMembers() throws MlsException {
        group = Proposing.of("alice", "bob", "carol", "narrow", "dave");
    }

    private CommitBuilder commit() {
        return group.scene.group("alice").commit();
    }

    /** Alice's Commit leaves out these proposals and no other, and a member who proposed nothing follows. */
    private void leavesOut(Map<ProposalRef, Rule> expected) throws MlsException {
        leavesOut(expected, commit().build());
    }

    private void leavesOut(Map<ProposalRef, Rule> expected, StagedCommit staged) throws MlsException {
        Map<ProposalRef, Rule> actual = new LinkedHashMap<>();
        staged.leftOut().forEach(left -> actual.put(ref(left.proposal()), Refusals.ruleOf(left.reason())));
        assertThat(actual).containsExactlyInAnyOrderEntriesOf(expected);
        List<ProposalRef> pending = group.scene.group("alice").pendingProposals().stream()
                .map(ProposalSelectionTest::ref)
                .toList();
        assertThat(staged.effects().proposals().stream()
                        .filter(proposal -> proposal.ref().isPresent())
                        .map(ProposalSelectionTest::ref))
                .containsExactlyInAnyOrderElementsOf(pending.stream()
                        .filter(ref -> !expected.containsKey(ref))
                        .toList());
        assertThat(group.scene.group("dave").stage(staged.message()).nextState())
                .isEqualTo(staged.nextState());
    }

    private static ProposalRef ref(ResolvedProposal proposal) {
        return proposal.ref().orElseThrow();
    }

    private KeyPackageForge packageOf(String name) throws MlsException {
        return KeyPackageForge.of(group.client(name).client());
    }

    // ---- keys

    @Test
    @Tag("R-7.3-18")
    void anUpdateWithTheEncryptionKeyOfALeaf() throws MlsException {
        ProposalRef bad =
                group.propose("bob", group.update("bob", group.leafOf("dave").encryptionKey()));
        group.deliver("carol", group.scene.group("carol").proposeUpdate());

        leavesOut(Map.of(bad, Rule.DUPLICATE_ENCRYPTION_KEY));
    }

    @Test
    @Tag("R-7.3-18")
    void anUpdateWithTheEncryptionKeyOfAParentThatStays() throws MlsException {
        ProposalRef bad = group.propose("bob", group.update("bob", parentKey(5)));
        leavesOut(Map.of(bad, Rule.DUPLICATE_ENCRYPTION_KEY));

        // Alice's path takes the place of this one.
        group.propose("carol", group.update("carol", parentKey(1)));
        leavesOut(Map.of());
    }

    private HpkePublicKey parentKey(int node) {
        return group.scene
                .group("alice")
                .state()
                .tree()
                .encryptionKey(new NodeIndex(node))
                .orElseThrow();
    }

    @Test
    @Tag("R-7.3-18")
    void theSecondOfTwoUpdatesWithOneEncryptionKey() throws MlsException {
        HpkePublicKey key = group.freshKey();
        group.propose("carol", group.update("carol", key));
        ProposalRef second = group.propose("bob", group.update("bob", key));

        leavesOut(Map.of(second, Rule.DUPLICATE_ENCRYPTION_KEY));
    }

    @Test
    @Tag("R-7.3-17")
    void theSecondOfTwoUpdatesWithOneSignatureKey() throws MlsException {
        SignatureKeyPair keys = group.scene.group("bob").crypto().generateSignatureKeyPair();
        Signer signer = group.scene.group("bob").crypto().signer(keys);
        group.propose("bob", group.update("bob", group.freshKey(), signedBy(signer), signer));
        ProposalRef second = group.propose("carol", group.update("carol", group.freshKey(), signedBy(signer), signer));

        leavesOut(Map.of(second, Rule.DUPLICATE_SIGNATURE_KEY));
    }

    private static UnaryOperator<LeafNode.Content> signedBy(Signer signer) {
        return old -> new LeafNode.Content(signer.publicKey(), old.credential(), old.capabilities(), old.extensions());
    }

    @Test
    void anAddWithTheKeyOfAnUpdateOrOfAnotherAdd() throws MlsException {
        HpkePublicKey key = group.freshKey();
        HpkePublicKey other = group.freshKey();
        ProposalRef collides = group.propose(
                "bob", new Proposal.Add(packageOf("eve").withLeafKey(key).make()));
        group.propose("carol", group.update("carol", key));
        group.propose(
                "bob", new Proposal.Add(packageOf("frank").withLeafKey(other).make()));
        ProposalRef second = group.propose(
                "carol", new Proposal.Add(packageOf("gina").withLeafKey(other).make()));

        leavesOut(Map.of(collides, Rule.DUPLICATE_ENCRYPTION_KEY, second, Rule.DUPLICATE_ENCRYPTION_KEY));
    }

    @Test
    @Tag("R-12.2-10")
    void anAddOfAMemberUnlessTheMemberLeaves() throws MlsException {
        Proposal.Add ofCarol = new Proposal.Add(
                KeyPackageForge.of(group.scene.actor("carol").client()).make());
        ProposalRef add = group.propose("bob", ofCarol);
        leavesOut(Map.of(add, Rule.DUPLICATE_SIGNATURE_KEY));

        group.propose("bob", new Proposal.Remove(group.leaf("carol")));
        leavesOut(Map.of());
    }

    @Test
    void whatCollidesWithTheCommittersOwnNewLeaf() throws MlsException {
        SignatureKeyPair keys = group.scene.group("alice").crypto().generateSignatureKeyPair();
        Signer signer = group.scene.group("alice").crypto().signer(keys);
        ProposalRef stolen = group.propose("bob", group.update("bob", group.freshKey(), signedBy(signer), signer));

        leavesOut(
                Map.of(stolen, Rule.DUPLICATE_SIGNATURE_KEY),
                commit().leaf(LeafUpdate.KEY_ONLY.withSigner(signer)).build());
    }

    @Test
    void whatCollidesWithAProposalOfTheCommitter() throws MlsException {
        KeyPackage own = packageOf("eve").make();
        ProposalRef stolen =
                group.propose("bob", group.update("bob", own.leafNode().encryptionKey()));
        ProposalRef again = group.propose("carol", new Proposal.Add(own));

        leavesOut(
                Map.of(stolen, Rule.DUPLICATE_ENCRYPTION_KEY, again, Rule.DUPLICATE_SIGNATURE_KEY),
                commit().add(own).build());
    }

    // ---- what all members support

    @Test
    @Tag("R-7.3-08")
    void aCredentialTypeThatSomeMemberDoesNotSupport() throws MlsException {
        ProposalRef update = group.propose("bob", group.update("bob", credential(RARE)));
        ProposalRef add = group.propose(
                "carol",
                new Proposal.Add(packageOf("eve").withContent(credential(RARE)).make()));
        group.propose("carol", group.update("carol", credential(SPARE)));

        leavesOut(Map.of(
                update, Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL, add, Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL));
    }

    @Test
    @Tag("R-7.3-08")
    void anUpdateThatDropsTheCredentialTypeOfOthers() throws MlsException {
        ProposalRef update = group.propose(
                "bob",
                group.update(
                        "bob",
                        content -> credential(SPARE)
                                .apply(capabilities(without(null, null, CredentialType.BASIC))
                                        .apply(content))));

        leavesOut(Map.of(update, Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL));
    }

    @Test
    @Tag("R-12.2-16")
    void aCustomProposalThatSomeMemberDoesNotSupportAfterTheUpdates() throws MlsException {
        ProposalRef some = group.propose("bob", new Proposal.Custom(SOME_TYPE, Bytes.EMPTY));
        ProposalRef wide = group.propose("bob", new Proposal.Custom(WIDE_TYPE, Bytes.EMPTY));
        leavesOut(Map.of(some, Rule.PROPOSAL_NOT_SUPPORTED));

        group.propose("carol", group.update("carol", capabilities(without(null, WIDE_TYPE, null))));
        leavesOut(Map.of(some, Rule.PROPOSAL_NOT_SUPPORTED, wide, Rule.PROPOSAL_NOT_SUPPORTED));
    }

    @Test
    void anUpdateThatDropsTheTypeOfTheCommittersCustomProposal() throws MlsException {
        ProposalRef update =
                group.propose("carol", group.update("carol", capabilities(without(null, WIDE_TYPE, null))));

        leavesOut(
                Map.of(update, Rule.PROPOSAL_NOT_SUPPORTED),
                commit().propose(new Proposal.Custom(WIDE_TYPE, Bytes.EMPTY)).build());
    }

    // ---- extensions of the group

    @Test
    @Tag("R-13.4-07")
    @Tag("R-12.1.7-01")
    void extensionsThatSomeMemberDoesNotSupport() throws MlsException {
        ProposalRef unsupported = group.propose("bob", extensions(SOME, 1));
        ProposalRef required = group.propose(
                "carol",
                new Proposal.GroupContextExtensions(
                        Extensions.of(new RequiredCapabilities(List.of(SOME), List.of(), List.of()).toExtension())));
        group.propose("bob", extensions(WIDE, 2));
        ProposalRef second = group.propose("bob", extensions(WIDE, 3));

        leavesOut(Map.of(
                unsupported,
                Rule.GROUP_EXTENSION_NOT_SUPPORTED,
                required,
                Rule.GCE_REQUIRED_CAPABILITIES,
                second,
                Rule.GCE_TWICE));
    }

    @Test
    void extensionsFitOnceWhoDoesNotSupportThemLeavesOrLearns() throws MlsException {
        group.propose("bob", extensions(SOME, 1));
        group.propose(
                "narrow",
                group.update(
                        "narrow",
                        capabilities(old -> group.leafOf("bob").content().capabilities())));
        leavesOut(Map.of());

        ProposalRef update =
                group.scene.group("alice").pendingProposals().get(1).ref().orElseThrow();
        group.propose("carol", new Proposal.Remove(group.leaf("narrow")));
        leavesOut(Map.of(update, Rule.SAME_LEAF_TWICE));
    }

    @Test
    @Tag("R-12.2-04")
    void whatDoesNotSupportTheNewExtensions() throws MlsException {
        group.propose("bob", extensions(WIDE, 1));
        ProposalRef update = group.propose("carol", group.update("carol", capabilities(without(WIDE, null, null))));
        ProposalRef add = group.propose(
                "bob",
                new Proposal.Add(packageOf("eve")
                        .withContent(capabilities(without(WIDE, null, null)))
                        .make()));

        leavesOut(Map.of(update, Rule.GROUP_EXTENSION_NOT_SUPPORTED, add, Rule.GROUP_EXTENSION_NOT_SUPPORTED));
    }

    @Test
    void whoDoesNotMeetNewRequirementsIsJudgedAlone() throws MlsException {
        RequiredCapabilities required = new RequiredCapabilities(List.of(WIDE), List.of(), List.of());
        group.propose("bob", new Proposal.GroupContextExtensions(Extensions.of(required.toExtension())));
        ProposalRef update = group.propose("carol", group.update("carol", capabilities(without(WIDE, null, null))));
        group.propose("narrow", group.update("narrow", group.freshKey()));

        leavesOut(Map.of(update, Rule.LEAF_REQUIRED_CAPABILITIES));
    }

    // ---- what one list may say of a leaf or a key once

    @Test
    @Tag("R-12.2-05")
    @Tag("R-12.2-06")
    void whatConcernsTheCommitter() throws MlsException {
        ProposalRef remove = group.propose("bob", new Proposal.Remove(group.leaf("alice")));
        ProposalRef update = group.deliver("alice", group.scene.group("alice").proposeUpdate());

        leavesOut(Map.of(remove, Rule.REMOVE_OF_COMMITTER, update, Rule.UPDATE_BY_COMMITTER));
    }

    @Test
    @Tag("R-12.2-07")
    @Tag("R-12.2-08")
    void theSecondOfTwoRemovesAndTheFirstOfTwoUpdatesOfALeaf() throws MlsException {
        group.propose("bob", new Proposal.Remove(group.leaf("narrow")));
        ProposalRef remove = group.propose("carol", new Proposal.Remove(group.leaf("narrow")));
        ProposalRef update = group.propose("carol", group.update("carol", group.freshKey()));
        group.propose("carol", group.update("carol", group.freshKey()));

        leavesOut(Map.of(remove, Rule.SAME_LEAF_TWICE, update, Rule.SAME_LEAF_TWICE));
    }

    @Test
    @Tag("R-12.2-07")
    @Tag("R-12.2-11")
    void whatTheCommitterProposesToo() throws MlsException {
        ProposalRef remove = group.propose("bob", new Proposal.Remove(group.leaf("narrow")));
        ProposalRef update = group.propose("narrow", group.update("narrow", group.freshKey()));
        ProposalRef psk = group.propose("bob", psk(KNOWN_PSK, 1));

        leavesOut(
                Map.of(remove, Rule.SAME_LEAF_TWICE, update, Rule.SAME_LEAF_TWICE, psk, Rule.PSK_TWICE),
                commit().remove(group.leaf("narrow")).propose(psk(KNOWN_PSK, 1)).build());
    }

    @Test
    @Tag("R-12.2-13")
    void everythingBesideAReInitOfTheCommitter() throws MlsException {
        ProposalRef update = group.propose("bob", group.update("bob", group.freshKey()));
        ProposalRef psk = group.propose("carol", psk(KNOWN_PSK, 1));
        ProposalRef other = group.propose("carol", reInit());

        leavesOut(
                Map.of(
                        update, Rule.REINIT_NOT_ALONE,
                        psk, Rule.REINIT_NOT_ALONE,
                        other, Rule.REINIT_NOT_ALONE),
                commit().propose(reInit()).build());
    }

    private static Proposal.ReInit reInit() {
        return new Proposal.ReInit(Bytes.fromHex("07"), ProtocolVersion.MLS10, Proposing.SUITE, Extensions.EMPTY);
    }

    // ---- the rest

    @Test
    @Tag("R-12.2-11")
    void preSharedKeysThatAreNotAtHandOrComeTwice() throws MlsException {
        ProposalRef unknown = group.propose("bob", psk(Bytes.fromHex("02"), 1));
        group.propose("bob", psk(KNOWN_PSK, 1));
        ProposalRef again = group.propose("carol", psk(KNOWN_PSK, 1));
        group.propose("carol", psk(KNOWN_PSK, 2));

        leavesOut(Map.of(unknown, Rule.PSK_UNKNOWN, again, Rule.PSK_TWICE));
    }

    @Test
    @Tag("R-12.2-13")
    void aReInitIsTakenOnlyWhereNothingElseFits() throws MlsException {
        group.propose("bob", reInit());
        ProposalRef second = group.propose("carol", reInit());
        ProposalRef bad =
                group.propose("bob", group.update("bob", group.leafOf("dave").encryptionKey()));
        leavesOut(Map.of(bad, Rule.DUPLICATE_ENCRYPTION_KEY, second, Rule.REINIT_NOT_ALONE));

        ProposalRef first =
                group.scene.group("alice").pendingProposals().get(0).ref().orElseThrow();
        group.deliver("carol", group.scene.group("carol").proposeUpdate());
        leavesOut(Map.of(
                bad, Rule.DUPLICATE_ENCRYPTION_KEY, first, Rule.REINIT_NOT_ALONE, second, Rule.REINIT_NOT_ALONE));
    }

    @Test
    @Tag("R-12.2-18")
    void whatTheApplicationDoesNotWantTogether() throws MlsException {
        group = Proposing.of(policy -> policy.proposalFilter(new OneAdd()), "alice", "bob", "carol", "narrow", "dave");
        group.propose("bob", new Proposal.Remove(group.leaf("narrow")));
        group.propose("bob", new Proposal.Add(packageOf("eve").make()));
        ProposalRef second =
                group.propose("carol", new Proposal.Add(packageOf("frank").make()));
        group.propose("bob", psk(KNOWN_PSK, 1));

        leavesOut(Map.of(second, Rule.PROPOSAL_REFUSED_BY_POLICY));
    }

    /** One client may be proposed at a time. */
    private static final class OneAdd implements ProposalFilter {
        @Override
        public void check(GroupState state, ResolvedProposal proposal) {}

        @Override
        public void checkAll(GroupState state, List<ResolvedProposal> proposals) throws ValidationException {
            if (proposals.stream()
                            .filter(some -> some.proposal() instanceof Proposal.Add
                                    && some.ref().isPresent())
                            .count()
                    > 1) {
                throw new ValidationException(Rule.PROPOSAL_REFUSED_BY_POLICY);
            }
        }
    }

    @Test
    void theCommittersOwnMistakeStaysAnError() throws MlsException {
        group.propose("bob", group.update("bob", group.leafOf("carol").encryptionKey()));
        KeyPackage member =
                KeyPackageForge.of(group.scene.actor("carol").client()).make();

        assertThat(Refusals.ruleOf(catchThrowable(() -> commit().add(member).build())))
                .isEqualTo(Rule.ADD_OF_MEMBER);
    }

    @Test
    void whatTheApplicationLeavesOutIsNotReported() throws MlsException {
        ProposalRef bad =
                group.propose("bob", group.update("bob", group.leafOf("carol").encryptionKey()));

        assertThat(commit().without(bad).build().leftOut()).isEmpty();
        assertThat(commit().withoutReceived().build().leftOut()).isEmpty();
    }
}
