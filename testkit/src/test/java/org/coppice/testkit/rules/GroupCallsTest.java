package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.group.Successor;
import org.coppice.mls.group.SuccessorRequest;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.Capabilities;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.crypto.ForwardingProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the calls of the façade give, and refuse as the caller's mistake, beside what the protocol says. */
class GroupCallsTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Bytes PSK_ID = Bytes.fromHex("aa");

    private Scene scene;
    private Group alice;
    private Group bob;

    @BeforeEach
    void twoMembersWithAPsk() throws MlsException {
        scene = Scene.empty(
                        SUITE,
                        settings -> settings.psks(id ->
                                id.equals(PSK_ID) ? Optional.of(Secret.wrap(id.toByteArray())) : Optional.empty()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        alice = scene.group("alice");
        bob = scene.group("bob");
    }

    private static void assertMistake(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class);
    }

    private Proposal received(MlsMessage message) throws MlsException {
        return ((Received.ProposalCached) bob.receive(Scene.wire(message))).proposal();
    }

    @Test
    void eachProposalIsWhatWasAskedFor() throws MlsException {
        KeyPackageBundle carol = scene.client("carol").client().generateKeyPackage();
        assertThat(received(alice.proposeAdd(carol.keyPackage()))).isEqualTo(new Proposal.Add(carol.keyPackage()));
        assertThat(received(alice.proposeExtensions(Extensions.EMPTY)))
                .isEqualTo(new Proposal.GroupContextExtensions(Extensions.EMPTY));
        Proposal psk = received(alice.proposeResumptionPsk(alice.groupId(), alice.epoch()));
        assertThat(((PreSharedKeyId.Resumption) ((Proposal.PreSharedKey) psk).psk()).pskEpoch())
                .isEqualTo(alice.epoch());
        assertThat(carol.message().body()).isEqualTo(new MlsMessage.KeyPackage(carol.keyPackage()));
    }

    /** Its private key would be nobody's. */
    @Test
    void anUpdateIsNotProposedAsItIs() {
        Proposal update =
                new Proposal.Update(alice.state().tree().leaf(alice.ownLeaf()).orElseThrow());
        assertThatThrownBy(() -> alice.propose(update, SendOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoWasRemovedHasNoSecretsOfTheGroup() throws MlsException {
        scene.follow("alice", alice.commit().remove(bob.ownLeaf()).build());
        assertMistake(() -> bob.export("label", Bytes.EMPTY, 16));
        assertMistake(bob::resumptionPsk);
    }

    /** They use no key of the AEAD. */
    @Test
    void publicMessagesDoNotCountAsEncrypted() throws MlsException {
        Scene limited = Scene.empty(
                        SUITE,
                        settings -> settings.policy(Scene.policy().toBuilder()
                                .maxMessagesPerEpoch(1)
                                .build()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        Group group = limited.group("alice");
        group.proposeUpdate(LeafUpdate.KEY_ONLY, SendOptions.DEFAULT.withWireFormat(WireFormat.PUBLIC_MESSAGE));
        group.clearPendingCommits();
        limited.commit("bob");
        StagedCommit open = group.commit().wireFormat(WireFormat.PUBLIC_MESSAGE).build();
        open.close();
        assertThatCode(() -> group.encrypt(new byte[1])).doesNotThrowAnyException();
    }

    // ---- joining from outside

    @Test
    void aJoinerMayBringTheTree() throws MlsException {
        Actor carol = scene.client("carol");
        MlsMessage bare = alice.groupInfo(false);
        Refusals.refuses(Rule.RATCHET_TREE_MISSING, carol, () -> carol.client().joinExternally(bare));
        ExternalJoin join = carol.client()
                .joinExternally(ExternalJoinRequest.of(bare)
                        .withRatchetTree(SuiteCrypto.encode(alice.state().tree())));
        alice.merge(alice.stage(Scene.wire(join.commit())));
        assertThat(join.group().state()).isEqualTo(alice.state());
    }

    @Test
    void aJoinerMayChooseItsPsksAndTheirNonces() throws MlsException {
        Actor carol = scene.client("carol");
        PreSharedKeyId psk = new PreSharedKeyId.External(PSK_ID, Bytes.wrap(new byte[32]));
        ExternalJoin join = carol.client()
                .joinExternally(ExternalJoinRequest.of(alice.groupInfo(true)).withPsks(List.of(psk)));
        assertThat(alice.stage(Scene.wire(join.commit())).effects().psks()).containsExactly(psk);
    }

    @Test
    void aJoinThatWasEnteredOrClosedGivesNothingMore() throws MlsException {
        ExternalJoin entered = scene.client("carol").client().joinExternally(alice.groupInfo(true));
        Group group = entered.group();
        assertThat(entered.group()).isSameAs(group);
        assertMistake(() -> entered.groupInfo(true));
        ExternalJoin closed = scene.client("dave").client().joinExternally(alice.groupInfo(true));
        closed.close();
        assertMistake(() -> closed.groupInfo(true));
        assertMistake(closed::group);
    }

    // ---- groups that continue others

    /** Until its first Commit is merged, and no longer: then the keys of the old group are the application's to keep. */
    @Test
    void aSubgroupKnowsThePsksOfItsGroupAtItsBeginning() throws MlsException {
        SuccessorRequest request = SuccessorRequest.of(
                scene.actor("alice").client(),
                List.of(scene.actor("bob").client().generateKeyPackage().keyPackage()));
        Successor next = alice.branch(Bytes.fromHex("03"), request);
        Group group = next.group();
        Bytes old = alice.groupId();
        for (int i = 0; i < 2; i++) {
            group.commit()
                    .externalPsk(PSK_ID)
                    .resumptionPsk(old, alice.epoch())
                    .build()
                    .close();
        }
        group.merge(next.commit());
        group.commit().externalPsk(PSK_ID).build().close();
        Refusals.refuses(
                Rule.PSK_UNKNOWN,
                scene.actor("alice"),
                () -> group.commit().resumptionPsk(old, alice.epoch()).build());
    }

    // ---- what a client says that it can do

    @Test
    void aClientOffersTheSuitesThatItsProviderHasAndItsOwnOnce() throws MlsException {
        List<CipherSuite> all = scene.actor("alice").client().capabilities().cipherSuites();
        assertThat(all).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(CipherSuite.STANDARD);
        Scene narrow = Scene.empty(SUITE, settings -> settings.provider(new OnlyEd25519()));
        assertThat(narrow.client("eve").client().capabilities().cipherSuites())
                .contains(SUITE)
                .allMatch(suite -> suite.equals(SUITE)
                        || suite.equals(CipherSuite.MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519));
    }

    @Test
    void anExtensionInUseIsListedOnce() throws MlsException {
        ExtensionType type = new ExtensionType(0xf0f0);
        Actor carol = scene.client("carol");
        Capabilities plain = carol.client().capabilities();
        List<ExtensionType> listed = new ArrayList<>(plain.extensions());
        listed.add(type);
        KeyPackageBundle bundle = carol.client()
                .withCapabilities(new Capabilities(
                        plain.versions(), plain.cipherSuites(), listed, plain.proposals(), plain.credentials()))
                .withLeafExtensions(Extensions.of(new Extension(type, Bytes.EMPTY)))
                .generateKeyPackage();
        assertThat(bundle.keyPackage().leafNode().capabilities().extensions())
                .contains(type)
                .doesNotHaveDuplicates();
    }

    /** The JDK without the other signatures. */
    private static final class OnlyEd25519 extends ForwardingProvider {
        OnlyEd25519() {
            super(CryptoProviders.jdk());
        }

        @Override
        public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
            return algorithm == SignatureAlgorithm.ED25519 ? super.signatures(algorithm) : Optional.empty();
        }
    }
}
