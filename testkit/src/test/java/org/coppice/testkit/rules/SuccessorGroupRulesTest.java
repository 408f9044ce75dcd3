package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.testkit.rules.Refusals.refuses;
import static org.coppice.testkit.rules.Refusals.refusesThenFollows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.group.Successor;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups that take another one's place, and groups of some of its members (RFC 9420 §11.2, §11.3, §12.1.5). */
class SuccessorGroupRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final CipherSuite OTHER = CipherSuite.MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;
    private static final Bytes NEXT = Bytes.fromHex("02");
    private static final Extensions NEW_EXTENSIONS =
            Extensions.of(new RequiredCapabilities(List.of(), List.of(), List.of()).toExtension());

    private Scene scene;
    private Actor alice;
    private Actor bob;

    @BeforeEach
    void aGroupOfThree() throws MlsException {
        scene = Scene.of("alice", "bob", "carol");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
    }

    private static Proposal.ReInit reInit(ProtocolVersion version, CipherSuite suite) {
        return new Proposal.ReInit(NEXT, version, suite, NEW_EXTENSIONS);
    }

    private void endInFavourOf(Proposal.ReInit reInit) throws MlsException {
        MlsMessage proposal = alice.group().proposeReInit(reInit);
        scene.deliver("alice", proposal);
        scene.follow("bob", bob.group().commit().build());
    }

    /** The same client in another suite, which needs keys of its own. */
    private static MlsClient inSuite(CipherSuite suite, Actor actor) throws MlsException {
        return MlsClient.create(
                actor.client().environment(), suite, actor.client().credential());
    }

    // ---- reinitialization

    @Test
    @Tag("R-11.2-01")
    @Tag("R-11.2-02")
    @Tag("R-11.2-03")
    @Tag("R-11.2-04")
    @Tag("R-12.1.5-02")
    void differentMembersCarryOutTheStepsOfReinitialization() throws MlsException {
        endInFavourOf(reInit(ProtocolVersion.MLS10, OTHER));
        Actor carol = scene.actor("carol");
        MlsClient newAlice = inSuite(OTHER, alice);
        MlsClient newBob = inSuite(OTHER, bob);
        KeyPackageBundle alicePackage = newAlice.generateKeyPackage();
        KeyPackageBundle bobPackage = newBob.generateKeyPackage();

        Successor next = carol.group()
                .reinitialize(inSuite(OTHER, carol), List.of(alicePackage.keyPackage(), bobPackage.keyPackage()));
        MlsMessage welcome = Scene.wire(next.commit().welcome().orElseThrow());
        Group aliceNext =
                newAlice.join(JoinRequest.of(welcome, List.of(alicePackage)).withPredecessor(alice.group()));
        Group bobNext = newBob.join(JoinRequest.of(welcome, List.of(bobPackage)).withPredecessor(bob.group()));
        next.group().merge(next.commit());

        GroupContext context = bobNext.state().context();
        assertThat(context.groupId()).isEqualTo(NEXT);
        assertThat(context.version()).isEqualTo(ProtocolVersion.MLS10);
        assertThat(context.cipherSuite()).isEqualTo(OTHER);
        assertThat(context.extensions()).isEqualTo(NEW_EXTENSIONS);
        assertThat(context.epoch()).isEqualTo(1);
        assertThat(bobNext.epochAuthenticator())
                .isEqualTo(aliceNext.epochAuthenticator())
                .isEqualTo(next.group().epochAuthenticator());
        PreSharedKeyId.Resumption psk =
                (PreSharedKeyId.Resumption) next.commit().effects().psks().get(0);
        assertThat(next.commit().effects().psks()).hasSize(1);
        assertThat(psk.usage()).isEqualTo(ResumptionPskUsage.REINIT);
        assertThat(psk.pskGroupId()).isEqualTo(bob.group().groupId());
        assertThat(psk.pskEpoch()).isEqualTo(2).isEqualTo(bob.group().epoch());
    }

    @Test
    @Tag("R-12.1.5-02")
    @Tag("R-12.3-06")
    void reinitializedGroupWaitsForItsSuccessor() throws MlsException {
        Proposal.ReInit reInit = reInit(ProtocolVersion.MLS10, SUITE);
        endInFavourOf(reInit);

        for (Actor actor : scene.actors()) {
            assertThat(actor.group().status()).isEqualTo(GroupStatus.REINITIALIZED);
            assertThat(actor.group().reInit()).contains(reInit);
            assertThatThrownBy(() -> actor.group().encrypt(new byte[1])).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> actor.group().commit().build()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Tag("R-11.2-02")
    void doesNotCreateSuccessorOtherThanTheReInitSays() throws MlsException {
        endInFavourOf(reInit(ProtocolVersion.MLS10, OTHER));
        assertThatThrownBy(() -> alice.group().reinitialize(alice.client(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        MlsClient other = inSuite(OTHER, alice);

        refuses(Rule.REINIT_MEMBERS, alice, () -> alice.group().reinitialize(other, List.of()));
    }

    @Test
    @Tag("R-11.2-02")
    void doesNotCreateSuccessorOfVersionItDoesNotSpeak() throws MlsException {
        endInFavourOf(reInit(new ProtocolVersion(2), SUITE));

        assertThatThrownBy(() -> alice.group().reinitialize(alice.client(), List.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(alice.store().groups()).hasSize(1);
    }

    @Test
    @Tag("R-12.1.5-01")
    @Tag("R-12.2-04")
    void rejectsReInitToLowerVersion() throws Exception {
        Proposal lower = reInit(new ProtocolVersion(0), SUITE);
        Group group = alice.group();

        refuses(Rule.REINIT_VERSION, alice, () -> group.proposeReInit((Proposal.ReInit) lower));
        refuses(Rule.REINIT_VERSION, alice, () -> group.commit().propose(lower).build());
        refuses(Rule.REINIT_VERSION, bob, alice.insider().proposal(lower));
        refusesThenFollows(
                Rule.REINIT_VERSION,
                bob,
                alice.insider().commit(List.of(lower), Optional.empty()),
                group.commit().build());
    }

    /** With such extensions no successor could be made: the group would have ended for nothing. */
    @Test
    @Tag("R-2.1-03")
    void rejectsReInitWithMalformedExtensions() throws Exception {
        for (ExtensionType type : List.of(ExtensionType.REQUIRED_CAPABILITIES, ExtensionType.EXTERNAL_SENDERS)) {
            Extensions malformed = Extensions.of(new Extension(type, Bytes.fromHex("3f")));
            Proposal reInit = new Proposal.ReInit(NEXT, ProtocolVersion.MLS10, SUITE, malformed);
            Group group = alice.group();

            refuses(Rule.LENGTH_BEYOND_INPUT, alice, () -> group.proposeReInit((Proposal.ReInit) reInit));
            refuses(
                    Rule.LENGTH_BEYOND_INPUT,
                    alice,
                    () -> group.commit().propose(reInit).build());
            refuses(Rule.LENGTH_BEYOND_INPUT, bob, alice.insider().proposal(reInit));
            refuses(Rule.LENGTH_BEYOND_INPUT, bob, alice.insider().commit(List.of(reInit), Optional.empty()));
        }
    }

    /** Judged by the suite that the new group will have, whether a member has it or not. */
    @Test
    @Tag("R-12.1.8.1-02")
    void rejectsReInitWithKeysOfExternalSendersThatAreNone() throws Exception {
        Map<CipherSuite, Integer> lengths = Map.of(OTHER, 32, CipherSuite.STANDARD.get(1), 65);
        for (Map.Entry<CipherSuite, Integer> suite : lengths.entrySet()) {
            Proposal unusable = withExternalSender(suite.getKey(), new byte[suite.getValue()]);
            refuses(Rule.INVALID_KEY, alice, () -> alice.group().proposeReInit((Proposal.ReInit) unusable));
            refuses(Rule.INVALID_KEY, bob, alice.insider().proposal(unusable));
            refuses(Rule.INVALID_KEY, bob, alice.insider().commit(List.of(unusable), Optional.empty()));
        }
        byte[] key = alice.client().signer().publicKey().data().toByteArray();
        refuses(Rule.INVALID_KEY, bob, alice.insider().proposal(withExternalSender(CipherSuite.STANDARD.get(1), key)));
        // Whose form nobody here knows.
        scene.deliver("alice", alice.insider().proposal(withExternalSender(new CipherSuite(0xf001), new byte[1])));
        scene.deliver("alice", alice.insider().proposal(withExternalSender(OTHER, key)));
    }

    private static Proposal.ReInit withExternalSender(CipherSuite suite, byte[] key) {
        ExternalSender sender =
                new ExternalSender(new SignaturePublicKey(Bytes.wrap(key)), Credential.basic(Bytes.fromHex("05")));
        return new Proposal.ReInit(
                NEXT, ProtocolVersion.MLS10, suite, Extensions.of(ExternalSender.toExtension(List.of(sender))));
    }

    // ---- PSKs that belong to the first Commit of a successor alone

    private void refusesPsk(Rule rule, PreSharedKeyId id) throws Exception {
        Proposal psk = new Proposal.PreSharedKey(id);
        Group group = alice.group();

        refuses(rule, alice, () -> group.propose(psk, SendOptions.DEFAULT));
        refuses(rule, alice, () -> group.commit().propose(psk).build());
        refuses(rule, bob, alice.insider().proposal(psk));
        refusesThenFollows(
                rule,
                bob,
                alice.insider().commit(List.of(psk), Optional.empty()),
                group.commit().build());
    }

    @Test
    @Tag("R-11.2-05")
    @Tag("R-11.2-06")
    @Tag("R-12.1.4-01")
    void rejectsReinitPskElsewhere() throws Exception {
        refusesPsk(
                Rule.PSK_REINIT_USAGE,
                new PreSharedKeyId.Resumption(
                        ResumptionPskUsage.REINIT, bob.group().groupId(), 1, Bytes.wrap(new byte[32])));
    }

    @Test
    @Tag("R-11.3-06")
    @Tag("R-11.3-07")
    @Tag("R-12.1.4-02")
    void rejectsBranchPskElsewhere() throws Exception {
        refusesPsk(
                Rule.PSK_BRANCH_USAGE,
                new PreSharedKeyId.Resumption(
                        ResumptionPskUsage.BRANCH, bob.group().groupId(), 1, Bytes.wrap(new byte[32])));
    }

    @Test
    @Tag("R-12.1.4-03")
    @Tag("R-12.2-04")
    void rejectsPskNonceOfAnotherLength() throws Exception {
        for (int length : new int[] {0, 31, 33}) {
            scene = Scene.of("alice", "bob", "carol");
            alice = scene.actor("alice");
            bob = scene.actor("bob");
            refusesPsk(
                    Rule.PSK_NONCE_LENGTH,
                    new PreSharedKeyId.External(Bytes.fromHex("01"), Bytes.wrap(new byte[length])));
        }
    }

    // ---- subgroups

    @Test
    @Tag("R-11.3-01")
    @Tag("R-11.3-02")
    @Tag("R-11.3-03")
    @Tag("R-12.1.4-04")
    void branchesWithNewKeyPackagesAndOnePsk() throws MlsException {
        KeyPackageBundle bundle = bob.client().generateKeyPackage();
        Successor one = alice.group().branch(alice.client(), NEXT, List.of(bundle.keyPackage()));
        Successor two = alice.group()
                .branch(
                        alice.client(),
                        Bytes.fromHex("03"),
                        List.of(bob.client().generateKeyPackage().keyPackage()));
        Group joined = bob.client()
                .join(JoinRequest.of(Scene.wire(one.commit().welcome().orElseThrow()), List.of(bundle))
                        .withPredecessor(bob.group()));
        one.group().merge(one.commit());

        PreSharedKeyId.Resumption psk =
                (PreSharedKeyId.Resumption) one.commit().effects().psks().get(0);
        assertThat(one.commit().effects().psks()).hasSize(1);
        assertThat(psk.usage()).isEqualTo(ResumptionPskUsage.BRANCH);
        assertThat(psk.pskGroupId()).isEqualTo(bob.group().groupId());
        assertThat(psk.pskEpoch()).isEqualTo(bob.group().epoch());
        assertThat(psk.pskNonce().length()).isEqualTo(32);
        assertThat(two.commit().effects().psks().get(0).pskNonce()).isNotEqualTo(psk.pskNonce());
        assertThat(joined.epoch()).isEqualTo(1);
        assertThat(joined.cipherSuite()).isEqualTo(SUITE);
        assertThat(joined.epochAuthenticator()).isEqualTo(one.group().epochAuthenticator());
    }

    @Test
    @Tag("R-11.3-03")
    void doesNotBranchIntoAnotherSuite() throws MlsException {
        MlsClient other = inSuite(OTHER, alice);

        assertThatThrownBy(() -> alice.group().branch(other, NEXT, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void refusesBranchAsOneOf(Group predecessor, Actor guest) throws MlsException {
        KeyPackageBundle bundle = guest.client().generateKeyPackage();
        Successor branch = alice.group().branch(alice.client(), NEXT, List.of(bundle.keyPackage()));
        MlsMessage welcome = Scene.wire(branch.commit().welcome().orElseThrow());

        refuses(
                Rule.BRANCH_MISMATCH,
                guest,
                () -> guest.client()
                        .join(JoinRequest.of(welcome, List.of(bundle)).withPredecessor(predecessor)));
    }

    /** Bob knows a group of the same id in another suite, and has the PSK of the branch from elsewhere. */
    @Test
    @Tag("R-11.3-03")
    void refusesToJoinBranchOfAnotherSuite() throws MlsException {
        scene.commit("alice");
        Scene elsewhere = Scene.empty(SUITE, settings -> settings.psks(new KeysOfAlice()));
        Actor guest = elsewhere.client("bob");
        Group sameId = MlsClient.create(
                        guest.client().environment().toBuilder()
                                .store(new InMemoryStateStore())
                                .build(),
                        OTHER,
                        guest.client().credential())
                .createGroup(alice.group().groupId());
        refusesBranchAsOneOf(sameId, guest);
    }

    /** Though the key of the group that is linked is at hand. */
    @Test
    void refusesToJoinBranchOfAnotherGroupThanTheOneNamed() throws MlsException {
        Scene elsewhere = Scene.empty(SUITE, settings -> settings.psks(new KeysOfAlice()));
        Actor guest = elsewhere.client("bob");
        Group another = guest.client().createGroup(Bytes.fromHex("0c"));
        refusesBranchAsOneOf(another, guest);
    }

    /** An application that has the resumption_psk of alice's group. */
    private final class KeysOfAlice implements PskSource {
        @Override
        public Optional<Secret> externalPsk(Bytes pskId) {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> resumptionPsk(Bytes groupId, long epoch) {
            return Optional.of(alice.group().resumptionPsk());
        }
    }

    /** Takes everybody for the same client. */
    private static final class Careless implements CredentialValidator {
        @Override
        public void validate(List<IdentityClaim> claims) {
            // Nothing is refused.
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            return Bytes.EMPTY;
        }
    }

    @Test
    @Tag("R-11.3-05")
    void refusesBranchWithStrangers() throws MlsException {
        KeyPackageBundle stranger = scene.client("eve").client().generateKeyPackage();
        KeyPackageBundle bundle = bob.client().generateKeyPackage();
        refuses(
                Rule.BRANCH_MEMBERS,
                alice,
                () -> alice.group().branch(alice.client(), NEXT, List.of(stranger.keyPackage())));

        // A creator who is less strict makes such a branch, but bob does not enter it.
        Scene loose = Scene.empty(SUITE, settings -> settings.validator(new Careless()));
        Actor creator = loose.client("alice");
        loose.withGroup(Extensions.EMPTY, "alice");
        KeyPackageBundle first = bob.client().generateKeyPackage();
        StagedCommit add = creator.group().commit().add(first.keyPackage()).build();
        Actor guest = scene.client("guest");
        guest.become(MlsClient.of(
                guest.client().environment(),
                SUITE,
                bob.client().credential(),
                bob.client().signer()));
        guest.enter(guest.client().join(Scene.wire(add.welcome().orElseThrow()), first));
        creator.group().merge(add);
        Successor branch =
                creator.group().branch(creator.client(), NEXT, List.of(bundle.keyPackage(), stranger.keyPackage()));
        MlsMessage welcome = Scene.wire(branch.commit().welcome().orElseThrow());

        refuses(
                Rule.BRANCH_MEMBERS,
                guest,
                () -> guest.client()
                        .join(JoinRequest.of(welcome, List.of(bundle)).withPredecessor(guest.group())));
    }

    @Test
    @Tag("R-11.2-02")
    void extensionsOfReInitAreThoseOfAGroup() throws Exception {
        Proposal misplaced = new Proposal.ReInit(
                NEXT,
                ProtocolVersion.MLS10,
                SUITE,
                Extensions.of(new Extension(ExtensionType.RATCHET_TREE, Bytes.EMPTY)));

        refuses(Rule.EXTENSION_MISPLACED, bob, alice.insider().proposal(misplaced));
    }
}
