package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.testkit.rules.Refusals.refuses;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.Successor;
import org.coppice.mls.group.SuccessorRequest;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the creator of a group that continues another one may choose (RFC 9420 §11.2, §11.3). */
class SuccessorRequestTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Bytes NEXT = Bytes.fromHex("02");
    private static final Extensions EXTENSIONS =
            Extensions.of(new RequiredCapabilities(List.of(), List.of(), List.of()).toExtension());

    private Scene scene;
    private Actor alice;
    private Actor bob;
    private KeyPackageBundle bundle;
    private SuccessorRequest request;

    @BeforeEach
    void aGroupOfTwo() throws MlsException {
        scene = Scene.of("alice", "bob");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
        bundle = bob.client().generateKeyPackage();
        request = SuccessorRequest.of(alice.client(), List.of(bundle.keyPackage()));
    }

    private JoinRequest joining(Successor next) throws MlsException {
        MlsMessage welcome = Scene.wire(next.commit().welcome().orElseThrow());
        return JoinRequest.of(welcome, List.of(bundle)).withPredecessor(bob.group());
    }

    private void assertAgree(Successor next, Group joined) {
        next.group().merge(next.commit());
        assertThat(joined.state()).isEqualTo(next.group().state());
        assertThat(joined.epochAuthenticator()).isEqualTo(next.group().epochAuthenticator());
    }

    @Test
    void aSubgroupHasTheExtensionsOfItsGroupOrItsOwn() throws MlsException {
        scene.follow("alice", alice.group().commit().extensions(EXTENSIONS).build());
        Successor alike = alice.group().branch(Bytes.fromHex("03"), request);
        Successor bare = alice.group().branch(NEXT, request.withExtensions(Extensions.EMPTY));

        assertThat(alike.commit().nextState().context().extensions()).isEqualTo(EXTENSIONS);
        Group joined = bob.client().join(joining(bare));
        assertThat(joined.state().context().extensions()).isEqualTo(Extensions.EMPTY);
        assertAgree(bare, joined);
    }

    @Test
    void aSubgroupHasNoExtensionThatNoGroupMayHave() {
        Extensions misplaced = Extensions.of(new Extension(ExtensionType.RATCHET_TREE, Bytes.EMPTY));

        refuses(Rule.EXTENSION_MISPLACED, alice, () -> alice.group().branch(NEXT, request.withExtensions(misplaced)));
    }

    /** The group is made and stored before its first Commit, and would be there at the next start, with nobody in it. */
    @Test
    void aSubgroupWhoseFirstCommitIsRefusedLeavesNothingInTheStore() {
        SuccessorRequest twice = SuccessorRequest.of(alice.client(), List.of(bundle.keyPackage(), bundle.keyPackage()));

        refuses(Rule.ADD_TWICE, alice, () -> alice.group().branch(NEXT, twice));
        assertThat(alice.client().environment().store().groups())
                .containsExactly(alice.group().groupId());
    }

    @Test
    void theFirstCommitHasAPathUnlessItIsLeftOut() throws MlsException {
        Successor with = alice.group().branch(Bytes.fromHex("03"), request);
        Successor without = alice.group().branch(NEXT, request.withoutPath());

        assertThat(with.commit().effects().updated()).hasSize(1);
        assertThat(without.commit().effects().updated()).isEmpty();
        assertAgree(without, bob.client().join(joining(without)));
    }

    @Test
    void theTreeComesInTheWelcomeUnlessItIsLeftOut() throws MlsException {
        Successor next = alice.group().branch(NEXT, request.withoutTreeInWelcome());

        refuses(Rule.RATCHET_TREE_MISSING, bob, () -> bob.client().join(joining(next)));
        Bytes tree = SuiteCrypto.encode(next.commit().nextState().tree());
        assertAgree(next, bob.client().join(joining(next).withRatchetTree(tree)));
    }

    @Test
    void aGroupThatGoesOnHasNoSuccessor() {
        assertThatThrownBy(() -> alice.group().reinitialize(request))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("commit a ReInit first");
    }

    @Test
    void theReInitAloneSaysTheExtensionsOfItsSuccessor() throws MlsException {
        Proposal.ReInit reInit = new Proposal.ReInit(NEXT, ProtocolVersion.MLS10, SUITE, EXTENSIONS);
        scene.follow("alice", alice.group().commit().reInit(reInit).build());

        assertThatThrownBy(() -> alice.group().reinitialize(request.withExtensions(EXTENSIONS)))
                .isInstanceOf(IllegalArgumentException.class);
        Successor next = alice.group().reinitialize(request.withoutPath());
        assertThat(next.commit().effects().updated()).isEmpty();
        Group joined = bob.client().join(joining(next));
        assertThat(joined.state().context().extensions()).isEqualTo(EXTENSIONS);
        assertAgree(next, joined);
    }
}
