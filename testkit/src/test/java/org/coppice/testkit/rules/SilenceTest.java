package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.Capabilities;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an application hands to its log says nothing of what members say to each other, nor who they are. A byte string prints its first
 * bytes in hexadecimal, so that each record that holds such a text has to keep it to itself.
 */
class SilenceTest extends CommitListScene {
    private static final ExtensionType TOPIC = new ExtensionType(0xf0f0);
    /** Shorter than what a byte string prints of itself. */
    private static final Bytes WORDS = text("not for others");

    private static final Bytes NAME = text("alice's phone");

    private static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private final List<Object> printed = new ArrayList<>();

    private void aGroupThatUsesAllThatHoldsText() throws MlsException {
        GroupPolicy policy = Scene.policy().toBuilder()
                .customProposals(Map.of(CUSTOM, new CustomProposalRule(false, false, false)))
                .build();
        Scene talkative = Scene.empty(SUITE, settings -> settings.policy(policy));
        for (String name : List.of("alice", "bob", "carol")) {
            Actor actor = talkative.client(name);
            actor.become(actor.client()
                    .withLeafExtensions(Extensions.of(new Extension(ExtensionType.APPLICATION_ID, NAME)))
                    .withCapabilities(supporting(actor.client().capabilities())));
        }
        enter(talkative.withGroup(Extensions.EMPTY, "alice", "bob", "carol"));
    }

    private static Capabilities supporting(Capabilities plain) {
        return new Capabilities(
                plain.versions(), plain.cipherSuites(), List.of(TOPIC), List.of(CUSTOM), plain.credentials());
    }

    private void tell(Received received) {
        printed.add(received);
        if (received instanceof Received.CommitStaged staged) {
            tell(staged.commit());
        } else if (received instanceof Received.ProposalCached cached) {
            printed.add(cached.proposal());
        }
    }

    private void tell(StagedCommit commit) {
        printed.add(commit);
        printed.add(commit.effects());
        printed.add(commit.nextState().context());
    }

    @Test
    @Tag("R-2-01")
    void whatIsSaidAndWhoSaysItIsNotPrinted() throws MlsException {
        aGroupThatUsesAllThatHoldsText();
        tell(bob.group().receive(Scene.wire(scene.group("alice").encrypt(WORDS.toByteArray()))));
        var proposal =
                Scene.wire(scene.group("carol").propose(new Proposal.Custom(CUSTOM, WORDS), SendOptions.DEFAULT));
        tell(bob.group().receive(proposal));
        tell(scene.group("alice").receive(proposal));
        printed.addAll(bob.group().pendingProposals());
        StagedCommit commit = scene.group("alice")
                .commit()
                .extensions(Extensions.of(new Extension(TOPIC, WORDS)))
                .build();
        tell(commit);
        var message = Scene.wire(commit.message());
        printed.add(message);
        tell(bob.group().receive(message));
        scene.group("alice").merge(commit);
        printed.add(scene.group("alice"));
        printed.add(scene.group("alice").state().context());
        for (var member : bob.group().roster()) {
            Credential credential = member.leafNode().credential();
            printed.add(member);
            printed.add(member.leafNode().extensions());
            printed.add(new IdentityClaim(credential, member.leafNode().signatureKey(), IdentityClaim.Event.JOIN));
        }
        printed.add(keyPackage("dave"));

        assertThat(printed)
                .allSatisfy(object -> assertThat(object.toString())
                        .doesNotContain(
                                WORDS.toHex(), NAME.toHex(), text("carol").toHex())
                        .doesNotContain("not for others", "alice", "carol"));
    }
}
