package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.testkit.rules.Refusals.refuses;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.environment.ProposalFilter;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.Capabilities;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Custom types of proposals in a Commit, and the application's own rules for its list (RFC 9420 §12.2). */
class CommitListPolicyTest extends CommitListScene {
    private Scene sceneWithCustomType() throws MlsException {
        GroupPolicy policy = Scene.policy().toBuilder()
                .customProposals(Map.of(CUSTOM, new CustomProposalRule(false, false, false)))
                .build();
        Scene out = Scene.empty(SUITE, settings -> settings.policy(policy));
        for (String name : List.of("alice", "bob")) {
            Actor actor = out.client(name);
            actor.become(
                    actor.client().withCapabilities(supporting(actor.client().capabilities())));
        }
        return out.withGroup(Extensions.EMPTY, "alice", "bob", "carol");
    }

    private static Capabilities supporting(Capabilities plain) {
        return new Capabilities(
                plain.versions(), plain.cipherSuites(), plain.extensions(), List.of(CUSTOM), plain.credentials());
    }

    @Test
    @Tag("R-12.2-16")
    @Tag("R-13.2-01")
    void rejectsCustomTypeThatSomeMemberDoesNotSupport() throws Exception {
        enter(sceneWithCustomType());

        refusesByValue(Rule.PROPOSAL_NOT_SUPPORTED, new Proposal.Custom(CUSTOM, Bytes.EMPTY));
    }

    @Test
    @Tag("R-12.2-16")
    @Tag("R-13.2-01")
    void doesNotAskRemovedOrAddedMembersForSupportOfCustomType() throws MlsException {
        enter(sceneWithCustomType());
        Proposal custom = new Proposal.Custom(CUSTOM, Bytes.EMPTY);

        scene.follow(
                "alice",
                scene.group("alice")
                        .commit()
                        .propose(custom)
                        .remove(CAROL)
                        .add(keyPackage("dave"))
                        .build());

        assertThat(bob.group().state()).isEqualTo(scene.group("alice").state());
    }

    @Test
    @Tag("R-12.2-16")
    @Tag("R-13.2-01")
    void keepsCustomProposalUntilAllWhoStaySupportIt() throws MlsException {
        enter(sceneWithCustomType());
        ProposalRef ref = deliverToAll(
                "bob", scene.group("bob").propose(new Proposal.Custom(CUSTOM, Bytes.EMPTY), SendOptions.DEFAULT));

        assertThat(scene.group("alice").commit().build().effects().proposals()).isEmpty();
        StagedCommit commit = scene.group("alice").commit().remove(CAROL).build();

        assertThat(commit.effects().proposals())
                .extracting(ResolvedProposal::ref)
                .contains(Optional.of(ref));
        scene.follow("alice", commit);
        assertThat(bob.group().state()).isEqualTo(scene.group("alice").state());
    }

    @Test
    @Tag("R-12.3-07")
    void definitionOfCustomTypeSaysWhetherItNeedsPath() throws Exception {
        ProposalType strict = new ProposalType(0xf011);
        GroupPolicy policy = Scene.policy().toBuilder()
                .customProposals(Map.of(CUSTOM, new CustomProposalRule(false, false, false)))
                .build();
        Scene two = Scene.empty(SUITE, settings -> settings.policy(policy));
        for (String name : List.of("alice", "bob")) {
            Actor actor = two.client(name);
            Capabilities plain = actor.client().capabilities();
            actor.become(actor.client()
                    .withCapabilities(new Capabilities(
                            plain.versions(),
                            plain.cipherSuites(),
                            plain.extensions(),
                            List.of(CUSTOM, strict),
                            plain.credentials())));
        }
        enter(two.withGroup(Extensions.EMPTY, "alice", "bob"));
        Group group = scene.group("alice");
        Proposal needsPath = new Proposal.Custom(strict, Bytes.EMPTY);

        assertThatThrownBy(() -> group.commit().propose(needsPath).withoutPath().build())
                .isInstanceOf(IllegalStateException.class);
        refusesByValue(Rule.PATH_REQUIRED, needsPath);
        group.merge(group.pendingCommits().get(0));
        scene.follow(
                "alice",
                group.commit()
                        .propose(new Proposal.Custom(CUSTOM, Bytes.EMPTY))
                        .withoutPath()
                        .build());
        assertThat(bob.group().state()).isEqualTo(group.state());
    }

    /** Only the founder may remove members, and nobody two at once. */
    private static final class FounderRemoves implements ProposalFilter {
        @Override
        public void check(GroupState state, ResolvedProposal proposal) throws ValidationException {
            if (proposal.proposal() instanceof Proposal.Remove
                    && !proposal.sender().equals(new Sender.Member(ALICE))) {
                throw new ValidationException(Rule.PROPOSAL_REFUSED_BY_POLICY);
            }
        }

        @Override
        public void checkAll(GroupState state, List<ResolvedProposal> proposals) throws ValidationException {
            if (proposals.stream()
                            .filter(proposal -> proposal.proposal() instanceof Proposal.Remove)
                            .count()
                    > 1) {
                throw new ValidationException(Rule.PROPOSAL_REFUSED_BY_POLICY);
            }
        }
    }

    @Test
    @Tag("R-12.2-18")
    void appliesTheApplicationsRules() throws Exception {
        enter(Scene.empty(
                        SUITE,
                        settings -> settings.policy(Scene.policy().toBuilder()
                                .proposalFilter(new FounderRemoves())
                                .build()))
                .withGroup(Extensions.EMPTY, "alice", "bob", "carol"));
        Insider carol = scene.actor("carol").insider();

        refuses(Rule.PROPOSAL_REFUSED_BY_POLICY, bob, carol.proposal(new Proposal.Remove(ALICE)));
        refuses(Rule.PROPOSAL_REFUSED_BY_POLICY, bob, () -> bob.group().proposeRemove(ALICE));
        refuses(
                Rule.PROPOSAL_REFUSED_BY_POLICY,
                bob,
                carol.commit(List.of(new Proposal.Remove(ALICE)), Optional.empty()));
        refusesByValue(Rule.PROPOSAL_REFUSED_BY_POLICY, new Proposal.Remove(BOB), new Proposal.Remove(CAROL));
        scene.group("carol")
                .merge(scene.group("carol")
                        .stage(scene.group("alice").pendingCommits().get(0).message()));
        scene.group("alice").merge(scene.group("alice").pendingCommits().get(0));
        scene.follow("alice", scene.group("alice").commit().remove(CAROL).build());
        assertThat(bob.group().roster()).hasSize(2);
    }
}
