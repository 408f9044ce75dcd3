package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.Outsider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client's own limits hold for what it decodes inside of messages, too: extensions of the group, and the secrets of a Welcome. */
class DecodeLimitsTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final DecodeLimits ONE_ENTRY = new DecodeLimits(1 << 20, 1);
    private static final DecodeLimits TWO_ENTRIES = new DecodeLimits(1 << 20, 2);
    private static final Extensions TWO_REQUIRED = Extensions.of(
            new RequiredCapabilities(List.of(), List.of(), List.of(CredentialType.BASIC, CredentialType.X509))
                    .toExtension());

    private Scene scene;
    private Actor alice;
    private Actor bob;
    private Signer server;
    private Extensions twoSenders;

    @BeforeEach
    void aGroupWithTwoExternalSenders() throws MlsException {
        scene = Scene.empty(SUITE);
        alice = scene.client("alice");
        SuiteCrypto crypto = alice.client().crypto();
        List<ExternalSender> senders = new ArrayList<>();
        for (String name : List.of("other", "server")) {
            server = crypto.signer(crypto.generateSignatureKeyPair());
            Bytes identity = Bytes.wrap(name.getBytes(StandardCharsets.US_ASCII));
            senders.add(new ExternalSender(server.publicKey(), Credential.basic(identity)));
        }
        twoSenders = Extensions.of(ExternalSender.toExtension(senders));
        scene.withGroup(twoSenders, "alice", "bob");
        bob = scene.actor("bob");
    }

    private static MlsClient with(DecodeLimits limits, Actor actor) throws MlsException {
        MlsClient client = actor.client();
        return MlsClient.of(
                client.environment().toBuilder().limits(limits).build(), SUITE, client.credential(), client.signer());
    }

    private static void assertTooLong(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.SIZE_LIMIT));
    }

    @Test
    void holdForTheExtensionsOfANewGroup() throws MlsException {
        for (Extensions extensions : List.of(twoSenders, TWO_REQUIRED)) {
            Bytes id = Bytes.fromHex("0a0b");
            assertTooLong(() -> with(ONE_ENTRY, alice).createGroup(id, extensions));
            with(TWO_ENTRIES, alice).createGroup(id, extensions);
            alice.store().apply(StateChange.builder(id).deleteGroup().build());
        }
    }

    @Test
    void holdForTheExtensionsThatAProposalBrings() throws MlsException {
        Extensions none = Extensions.EMPTY;
        Bytes id = Bytes.fromHex("0a0c");
        Group group = with(ONE_ENTRY, alice).createGroup(id, none);
        for (Extensions extensions : List.of(twoSenders, TWO_REQUIRED)) {
            assertTooLong(() -> group.proposeExtensions(extensions));
            assertTooLong(() -> group.proposeReInit(
                    new Proposal.ReInit(Bytes.fromHex("0a"), ProtocolVersion.MLS10, SUITE, extensions)));
        }
    }

    @Test
    void holdForTheSendersOfAGroupThatIsThere() throws MlsException {
        Outsider outside =
                new Outsider(scene.client("outside").client(), bob.group().state());
        MlsMessage message = outside.proposal(
                new Sender.External(1), new Proposal.Remove(new LeafIndex(0)), outside.header(), server);
        Bytes id = bob.group().groupId();
        Group narrow = with(ONE_ENTRY, bob).load(id);
        assertTooLong(() -> narrow.receive(Scene.wire(message)));
        with(TWO_ENTRIES, bob).load(id).receive(Scene.wire(message));
    }

    @Test
    void holdForWhoJoins() throws MlsException {
        Actor carol = scene.client("carol");
        KeyPackageBundle bundle = carol.client().generateKeyPackage();
        StagedCommit add = alice.group().commit().add(bundle.keyPackage()).build();
        MlsMessage welcome = Scene.wire(add.welcome().orElseThrow());
        // joiner_secret has 32 bytes.
        assertTooLong(() -> with(new DecodeLimits(31, 100), carol).join(welcome, bundle));
        assertTooLong(() -> with(ONE_ENTRY, carol).join(welcome, bundle));
        with(new DecodeLimits(1 << 20, 100), carol).join(welcome, bundle);
    }

    @Test
    void aGroupsSendersAreDecodedOnce() throws MlsException {
        GroupState state = bob.group().state();
        assertThat(state.externalSenders(TWO_ENTRIES)).hasSize(2).isSameAs(state.externalSenders(TWO_ENTRIES));
    }

    @Test
    void aMalformedListOfSendersIsRefusedEachTime() {
        GroupState present = bob.group().state();
        GroupContext context = present.context();
        Extensions malformed = Extensions.of(new Extension(ExtensionType.EXTERNAL_SENDERS, Bytes.fromHex("02aa")));
        GroupState state = new GroupState(
                new GroupContext(
                        context.version(),
                        context.cipherSuite(),
                        context.groupId(),
                        context.epoch(),
                        context.treeHash(),
                        context.confirmedTranscriptHash(),
                        malformed),
                present.tree(),
                present.interimTranscriptHash(),
                present.confirmationTag());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> state.externalSenders(DecodeLimits.DEFAULT))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.LENGTH_BEYOND_INPUT));
        }
    }
}
