package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.group.Successor;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.WelcomeForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a joiner compares a new group with the one that it continues (RFC 9420 §12.4.3.1, last step). */
class ResumptionJoinRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final CipherSuite OTHER = CipherSuite.MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;
    private static final Bytes NEXT = Bytes.fromHex("4e");

    private Scene scene;
    private Group alice;
    private Actor bob;

    @BeforeEach
    void threeMembers() throws MlsException {
        scene = Scene.of("alice", "bob", "carol");
        alice = scene.group("alice");
        bob = scene.actor("bob");
    }

    private void reinitialize(CipherSuite suite) throws MlsException {
        scene.follow(
                "alice",
                alice.commit()
                        .reInit(new Proposal.ReInit(NEXT, ProtocolVersion.MLS10, suite, Extensions.EMPTY))
                        .build());
    }

    /** A new group of alice's with others, made without a link to the old one, and bob's key package in it. */
    private record Fresh(MlsClient creator, MlsClient bob, KeyPackageBundle bundle, MlsMessage welcome) {
        WelcomeForge forge() throws MlsException {
            return WelcomeForge.open(welcome, bundle, bob.crypto());
        }
    }

    private Fresh fresh(CipherSuite suite, Bytes groupId, String... others) throws MlsException {
        MlsClient creator = in(suite, "alice");
        MlsClient bobs = in(suite, "bob");
        KeyPackageBundle bundle = bobs.generateKeyPackage();
        var commit = creator.createGroup(groupId).commit().add(bundle.keyPackage());
        for (String other : others) {
            commit.add(in(suite, other).generateKeyPackage().keyPackage());
        }
        return new Fresh(creator, bobs, bundle, commit.build().welcome().orElseThrow());
    }

    private MlsClient in(CipherSuite suite, String name) throws MlsException {
        MlsClient client = scene.actor(name).client();
        return suite.equals(SUITE) ? client : MlsClient.create(client.environment(), suite, client.credential());
    }

    private PreSharedKeyId.Resumption link(ResumptionPskUsage usage, long epoch) {
        Bytes nonce = Bytes.wrap(alice.crypto().randomness().bytes(32));
        return new PreSharedKeyId.Resumption(usage, alice.groupId(), epoch, nonce);
    }

    /** Alice's Welcome as if it continued the old group. */
    private WelcomeForge linked(Fresh fresh, ResumptionPskUsage usage) throws MlsException {
        try (Secret psk = alice.resumptionPsk()) {
            return fresh.forge().psk(link(usage, alice.epoch()), psk);
        }
    }

    private Group join(Fresh fresh, MlsMessage welcome) throws MlsException {
        return fresh.bob()
                .join(JoinRequest.of(Scene.wire(welcome), List.of(fresh.bundle()))
                        .withPredecessor(bob.group()));
    }

    private void refuses(Rule rule, Fresh fresh, WelcomeForge forge) throws MlsException {
        MlsMessage welcome = forge.seal(fresh.creator().signer());
        Refusals.refuses(rule, bob, () -> join(fresh, welcome));
    }

    @Test
    @Tag("R-12.4.3.1-28")
    @Tag("R-12.4.3.1-29")
    @Tag("R-12.4.2-17")
    void joinsAGroupThatFitsTheReInit() throws MlsException {
        reinitialize(SUITE);
        assertThat(bob.group().status()).isEqualTo(GroupStatus.REINITIALIZED);
        Fresh fresh = fresh(SUITE, NEXT, "carol");
        Group joined = join(
                fresh,
                linked(fresh, ResumptionPskUsage.REINIT).seal(fresh.creator().signer()));
        assertThat(joined.groupId()).isEqualTo(NEXT);
        assertThat(joined.status()).isEqualTo(GroupStatus.ACTIVE);
    }

    @Test
    @Tag("R-12.4.1-16")
    @Tag("R-12.4.1-17")
    @Tag("R-12.4.2-17")
    void theSuccessorHasTheParametersTheMembersAndTheLink() throws MlsException {
        reinitialize(OTHER);
        MlsClient creator = in(OTHER, "alice");
        MlsClient bobs = in(OTHER, "bob");
        KeyPackageBundle bundle = bobs.generateKeyPackage();
        Successor next = alice.reinitialize(
                creator,
                List.of(
                        bundle.keyPackage(),
                        in(OTHER, "carol").generateKeyPackage().keyPackage()));
        StagedCommit first = next.commit();
        GroupContext context = first.nextState().context();
        assertThat(context.groupId()).isEqualTo(NEXT);
        assertThat(context.cipherSuite()).isEqualTo(OTHER);
        assertThat(context.epoch()).isEqualTo(1);
        assertThat(first.nextState().roster()).hasSize(3);
        try (Secret psk = alice.resumptionPsk()) {
            WelcomeForge forge = WelcomeForge.open(first.welcome().orElseThrow(), bundle, bobs.crypto(), List.of(psk));
            PreSharedKeyId.Resumption id =
                    (PreSharedKeyId.Resumption) forge.psks().get(0);
            assertThat(forge.psks()).hasSize(1);
            assertThat(id.usage()).isEqualTo(ResumptionPskUsage.REINIT);
            assertThat(id.pskGroupId()).isEqualTo(alice.groupId());
            assertThat(id.pskEpoch()).isEqualTo(alice.epoch());
        }
        Group joined = bobs.join(JoinRequest.of(Scene.wire(first.welcome().orElseThrow()), List.of(bundle))
                .withPredecessor(bob.group()));
        assertThat(joined.state()).isEqualTo(first.nextState());
        Refusals.refuses(Rule.REINIT_MEMBERS, scene.actor("alice"), () -> alice.reinitialize(creator, List.of()));
    }

    @Test
    @Tag("R-12.4.3.1-27")
    void rejectsALinkedGroupInAnotherEpoch() throws MlsException {
        reinitialize(SUITE);
        Fresh fresh = fresh(SUITE, NEXT, "carol");
        refuses(Rule.RESUMPTION_EPOCH, fresh, inEpoch(2, linked(fresh, ResumptionPskUsage.REINIT)));
        refuses(Rule.RESUMPTION_EPOCH, fresh, inEpoch(2, linked(fresh, ResumptionPskUsage.BRANCH)));
        join(
                fresh,
                linked(fresh, ResumptionPskUsage.REINIT).seal(fresh.creator().signer()));
    }

    private static WelcomeForge inEpoch(long epoch, WelcomeForge forge) {
        return forge.context(old -> new GroupContext(
                old.version(),
                old.cipherSuite(),
                old.groupId(),
                epoch,
                old.treeHash(),
                old.confirmedTranscriptHash(),
                old.extensions()));
    }

    @Test
    @Tag("R-12.4.3.1-28")
    void rejectsASuccessorOfAGroupWithoutReInit() throws MlsException {
        Fresh fresh = fresh(SUITE, NEXT, "carol");
        refuses(Rule.REINIT_MISMATCH, fresh, linked(fresh, ResumptionPskUsage.REINIT));
    }

    @Test
    @Tag("R-12.4.3.1-28")
    void rejectsASuccessorOfAnotherId() throws MlsException {
        reinitialize(SUITE);
        Fresh fresh = fresh(SUITE, Bytes.fromHex("0bad"), "carol");
        refuses(Rule.REINIT_MISMATCH, fresh, linked(fresh, ResumptionPskUsage.REINIT));
    }

    @Test
    @Tag("R-12.4.3.1-28")
    void rejectsASuccessorOfAnotherSuite() throws MlsException {
        reinitialize(OTHER);
        Fresh fresh = fresh(SUITE, NEXT, "carol");
        refuses(Rule.REINIT_MISMATCH, fresh, linked(fresh, ResumptionPskUsage.REINIT));
    }

    @Test
    @Tag("R-12.4.3.1-28")
    void rejectsASuccessorWithOtherExtensions() throws MlsException {
        reinitialize(SUITE);
        Fresh fresh = fresh(SUITE, NEXT, "carol");
        Extensions required = Extensions.of(
                new org.coppice.mls.credential.RequiredCapabilities(List.of(), List.of(), List.of()).toExtension());
        refuses(
                Rule.REINIT_MISMATCH,
                fresh,
                linked(fresh, ResumptionPskUsage.REINIT)
                        .context(old -> new GroupContext(
                                old.version(),
                                old.cipherSuite(),
                                old.groupId(),
                                old.epoch(),
                                old.treeHash(),
                                old.confirmedTranscriptHash(),
                                required)));
    }

    @Test
    @Tag("R-12.4.3.1-28")
    void rejectsALinkToAnEarlierEpochThanThatOfTheReInit() throws MlsException {
        Secret earlier = alice.resumptionPsk();
        reinitialize(SUITE);
        Fresh fresh = fresh(SUITE, NEXT, "carol");
        refuses(
                Rule.REINIT_MISMATCH,
                fresh,
                fresh.forge().psk(link(ResumptionPskUsage.REINIT, alice.epoch() - 1), earlier));
    }

    @Test
    @Tag("R-12.4.3.1-29")
    void rejectsASuccessorThatLacksAMember() throws MlsException {
        reinitialize(SUITE);
        Fresh fresh = fresh(SUITE, NEXT);
        refuses(Rule.REINIT_MEMBERS, fresh, linked(fresh, ResumptionPskUsage.REINIT));
    }

    /** A subgroup need not have the members and the extensions that the ReInit demands. */
    @Test
    @Tag("R-11.2-04")
    @Tag("R-12.4.2-17")
    void rejectsASubgroupInThePlaceOfTheSuccessor() throws MlsException {
        Secret earlier = alice.resumptionPsk();
        reinitialize(SUITE);
        Fresh ofTheLastEpoch = fresh(SUITE, Bytes.fromHex("4f"));
        refuses(Rule.REINIT_MISMATCH, ofTheLastEpoch, linked(ofTheLastEpoch, ResumptionPskUsage.BRANCH));
        Fresh ofTheSameId = fresh(SUITE, NEXT);
        refuses(
                Rule.REINIT_MISMATCH,
                ofTheSameId,
                ofTheSameId.forge().psk(link(ResumptionPskUsage.BRANCH, alice.epoch() - 1), earlier.copy()));
        Fresh madeBefore = fresh(SUITE, Bytes.fromHex("50"));
        Group joined = join(
                madeBefore,
                madeBefore
                        .forge()
                        .psk(link(ResumptionPskUsage.BRANCH, alice.epoch() - 1), earlier)
                        .seal(madeBefore.creator().signer()));
        assertThat(joined.roster()).hasSize(2);
    }

    @Test
    @Tag("R-11.2-04")
    void rejectsAGroupThatDoesNotContinueTheOneThatIsNamed() throws MlsException {
        Fresh branch = fresh(SUITE, Bytes.fromHex("4f"));
        refuses(Rule.BRANCH_MISMATCH, branch, branch.forge());
        reinitialize(SUITE);
        Fresh successor = fresh(SUITE, NEXT, "carol");
        refuses(Rule.REINIT_MISMATCH, successor, successor.forge());
        try (Secret psk = alice.resumptionPsk()) {
            refuses(
                    Rule.REINIT_MISMATCH,
                    successor,
                    successor.forge().psk(link(ResumptionPskUsage.APPLICATION, alice.epoch()), psk));
        }
    }

    @Test
    @Tag("R-12.4.3.1-30")
    void rejectsASubgroupOfAnotherSuite() throws MlsException {
        Fresh fresh = fresh(OTHER, NEXT);
        refuses(Rule.BRANCH_MISMATCH, fresh, linked(fresh, ResumptionPskUsage.BRANCH));
    }

    @Test
    @Tag("R-12.4.3.1-31")
    void rejectsASubgroupWithAStranger() throws MlsException {
        scene.client("mallory");
        Fresh fresh = fresh(SUITE, NEXT, "mallory");
        refuses(Rule.BRANCH_MEMBERS, fresh, linked(fresh, ResumptionPskUsage.BRANCH));
        Fresh genuine = fresh(SUITE, Bytes.fromHex("4f"));
        Group joined = join(
                genuine,
                linked(genuine, ResumptionPskUsage.BRANCH)
                        .seal(genuine.creator().signer()));
        assertThat(joined.roster()).hasSize(2);
    }
}
