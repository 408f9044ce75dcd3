package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.testkit.rules.Refusals.refuses;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalProposer;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.coppice.testkit.forge.Outsider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What those outside a group may propose, and to whom members listen (RFC 9420 §12.1.8). */
class ExternalProposalRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final LeafIndex CAROL = new LeafIndex(2);
    private static final Sender SERVER = new Sender.External(1);
    private static final ProposalType MEMBERS_ONLY = new ProposalType(0xf010);
    private static final ProposalType OPEN = new ProposalType(0xf011);

    private Scene scene;
    private Actor bob;
    private Signer serverKey;
    private Outsider server;

    /** Refuses whoever is called mallory. */
    private static final class NotMallory implements CredentialValidator {
        private static final Credential MALLORY = Credential.basic(Bytes.wrap(new byte[] {'m'}));

        @Override
        public void validate(List<IdentityClaim> claims) throws ValidationException {
            if (claims.stream().anyMatch(claim -> claim.credential().equals(MALLORY))) {
                throw new ValidationException(Rule.CREDENTIAL_REJECTED);
            }
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            return CredentialValidator.acceptAll().identity(claim);
        }
    }

    @BeforeEach
    void aGroupWithTwoExternalSenders() throws MlsException {
        scene = Scene.empty(
                SUITE,
                settings -> settings.validator(new NotMallory())
                        .policy(Scene.policy().toBuilder()
                                .newMemberProposals(keyPackage ->
                                        keyPackage.leafNode().credential().equals(named("dave")))
                                .customProposals(Map.of(OPEN, new CustomProposalRule(true, false, false)))
                                .build()));
        Actor first = scene.client("alice");
        SuiteCrypto crypto = first.client().crypto();
        serverKey = crypto.signer(crypto.generateSignatureKeyPair());
        Signer other = crypto.signer(crypto.generateSignatureKeyPair());
        scene.withGroup(
                Extensions.of(ExternalSender.toExtension(List.of(
                        new ExternalSender(other.publicKey(), named("other")),
                        new ExternalSender(serverKey.publicKey(), named("server"))))),
                "alice",
                "bob",
                "carol");
        bob = scene.actor("bob");
        server = new Outsider(scene.client("outside").client(), bob.group().state());
    }

    private static Credential named(String name) {
        return Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8)));
    }

    private MlsMessage fromServer(Proposal proposal) throws MlsException {
        return server.proposal(SERVER, proposal, server.header(), serverKey);
    }

    private KeyPackage keyPackage(String name) throws MlsException {
        return KeyPackageForge.of(scene.client(name).client()).make();
    }

    @Test
    @Tag("R-12.1.8-04")
    @Tag("R-12.1.8-05")
    @Tag("R-12.1.8-03")
    void acceptsTheTypesThatAreOpenToExternalSenders() throws MlsException {
        Bytes nonce = Bytes.wrap(new byte[32]);
        List<Proposal> open = List.of(
                new Proposal.Add(keyPackage("dave")),
                new Proposal.Remove(CAROL),
                new Proposal.PreSharedKey(new PreSharedKeyId.External(Bytes.EMPTY, nonce)),
                new Proposal.ReInit(Bytes.EMPTY, ProtocolVersion.MLS10, SUITE, Extensions.EMPTY),
                new Proposal.GroupContextExtensions(Extensions.EMPTY),
                new Proposal.Custom(OPEN, Bytes.EMPTY));
        for (Proposal proposal : open) {
            Received received = bob.group().receive(Scene.wire(fromServer(proposal)));
            assertThat(((Received.ProposalCached) received).sender()).isEqualTo(SERVER);
        }
    }

    @Test
    @Tag("R-12.1.8-03")
    void committerCoversProposalOfExternalSender() throws MlsException {
        MlsMessage remove = new ExternalProposer(scene.actor("outside").client().crypto(), serverKey, 1)
                .propose(server.header(), new Proposal.Remove(CAROL));
        assertThat(remove.wireFormat()).isEqualTo(WireFormat.PUBLIC_MESSAGE);
        for (String name : List.of("alice", "bob", "carol")) {
            scene.group(name).receive(Scene.wire(remove));
        }

        scene.follow("alice", scene.group("alice").commit().build());

        assertThat(bob.group().roster()).hasSize(2);
        assertThat(bob.group().state()).isEqualTo(scene.group("alice").state());
    }

    @Test
    @Tag("R-12.1.8-04")
    @Tag("R-12.1.2-02")
    @Tag("R-12.1.6-01")
    void rejectsOtherTypesFromExternalSenders() throws MlsException {
        LeafNode leaf = LeafNode.sign(
                bob.group().state().member(CAROL).orElseThrow().leafNode().content(),
                bob.client().crypto().generateHpkeKeyPair().publicKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(bob.group().groupId(), CAROL),
                bob.client().crypto(),
                scene.actor("carol").client().signer());
        List<Proposal> closed = List.of(
                new Proposal.Update(leaf),
                new Proposal.ExternalInit(Bytes.wrap(new byte[32])),
                new Proposal.Custom(MEMBERS_ONLY, Bytes.EMPTY));
        for (Proposal proposal : closed) {
            refuses(Rule.EXTERNAL_PROPOSAL_TYPE, bob, fromServer(proposal));
        }
    }

    @Test
    @Tag("R-12.1.8.1-01")
    void takesTheKeyAtTheSendersIndex() throws MlsException {
        Proposal remove = new Proposal.Remove(CAROL);

        refuses(
                Rule.MESSAGE_SIGNATURE,
                bob,
                server.proposal(new Sender.External(0), remove, server.header(), serverKey));
        refuses(Rule.SENDER_INDEX, bob, server.proposal(new Sender.External(2), remove, server.header(), serverKey));
        refuses(
                Rule.SENDER_INDEX,
                bob,
                server.proposal(new Sender.External(0xffffffffL), remove, server.header(), serverKey));
        assertThat(bob.group().receive(Scene.wire(fromServer(remove)))).isInstanceOf(Received.ProposalCached.class);
    }

    @Test
    @Tag("R-12.1.8.1-01")
    void encodesExternalSendersAsVectorOfKeyAndCredential() {
        ExternalSender sender = new ExternalSender(
                new SignaturePublicKey(Bytes.fromHex("aabb")), Credential.basic(Bytes.fromHex("cc")));

        assertThat(ExternalSender.toExtension(List.of(sender, sender)).data().toHex())
                .isEqualTo("0e" + "02aabb" + "0001" + "01cc" + "02aabb" + "0001" + "01cc");
        assertThat(new TlsWriter().struct(sender).toBytes().toHex()).isEqualTo("02aabb000101cc");
    }

    @Test
    @Tag("R-12.1.8-01")
    void rejectsExternalSenderWhereTheGroupHasNone() throws MlsException {
        scene.follow(
                "alice",
                scene.group("alice").commit().extensions(Extensions.EMPTY).build());
        Outsider late = new Outsider(server.client(), bob.group().state());

        refuses(
                Rule.EXTERNAL_SENDERS_ABSENT,
                bob,
                late.proposal(SERVER, new Proposal.Remove(CAROL), late.header(), serverKey));
    }

    @Test
    @Tag("R-12.1.8-06")
    @Tag("R-12.1-03")
    void rejectsExternalProposalOfAnotherEpoch() throws MlsException {
        MlsMessage early = fromServer(new Proposal.Remove(CAROL));
        FramedContent.Header next =
                new FramedContent.Header(bob.group().groupId(), bob.group().epoch() + 1, Bytes.EMPTY);
        refuses(Rule.FUTURE_EPOCH, bob, server.proposal(SERVER, new Proposal.Remove(CAROL), next, serverKey));
        scene.commit("alice");

        refuses(Rule.STALE_EPOCH, bob, early);
    }

    @Test
    @Tag("R-12.1-02")
    void rejectsExternalProposalSignedByAnother() throws MlsException {
        SuiteCrypto crypto = server.client().crypto();

        refuses(
                Rule.MESSAGE_SIGNATURE,
                bob,
                server.proposal(
                        SERVER,
                        new Proposal.Remove(CAROL),
                        server.header(),
                        crypto.signer(crypto.generateSignatureKeyPair())));
    }

    @Test
    @Tag("R-12.1.8-02")
    @Tag("R-12.1.8-03")
    void letsTheApplicationAuthorizeNewMembersProposals() throws MlsException {
        Actor dave = scene.client("dave");
        Actor erin = scene.client("erin");
        MlsMessage welcomeOne = dave.client()
                .proposeAdd(
                        bob.group().groupId(),
                        bob.group().epoch(),
                        dave.client().generateKeyPackage().keyPackage());
        MlsMessage stranger = erin.client()
                .proposeAdd(
                        bob.group().groupId(),
                        bob.group().epoch(),
                        erin.client().generateKeyPackage().keyPackage());

        refuses(Rule.NEW_MEMBER_PROPOSAL_REFUSED, bob, stranger);
        assertThat(welcomeOne.wireFormat()).isEqualTo(WireFormat.PUBLIC_MESSAGE);
        assertThat(bob.group().receive(Scene.wire(welcomeOne))).isInstanceOf(Received.ProposalCached.class);
        StagedCommit commit = bob.group().commit().build();
        assertThat(commit.effects().added()).hasSize(1);
    }

    @Test
    @Tag("R-12.1.8-02")
    void refusesNewMembersProposalsByDefault() throws MlsException {
        Scene strict = Scene.of("alice", "bob");
        Actor dave = strict.client("dave");
        MlsMessage proposal = dave.client()
                .proposeAdd(
                        strict.group("bob").groupId(),
                        strict.group("bob").epoch(),
                        dave.client().generateKeyPackage().keyPackage());

        refuses(Rule.NEW_MEMBER_PROPOSAL_REFUSED, strict.actor("bob"), proposal);
    }

    @Test
    @Tag("R-12.1.8.1-02")
    void validatesNewExternalSenders() throws Exception {
        SuiteCrypto crypto = server.client().crypto();
        SignaturePublicKey key =
                crypto.signer(crypto.generateSignatureKeyPair()).publicKey();
        ExternalSender mallory = new ExternalSender(key, NotMallory.MALLORY);
        ExternalSender otherScheme =
                new ExternalSender(new SignaturePublicKey(Bytes.wrap(new byte[65])), named("server"));

        refusesSenders(Rule.CREDENTIAL_REJECTED, mallory);
        refusesSenders(Rule.INVALID_KEY, otherScheme);
    }

    private void refusesSenders(Rule rule, ExternalSender sender) throws MlsException {
        Extensions extensions = Extensions.of(ExternalSender.toExtension(List.of(sender)));
        Proposal proposal = new Proposal.GroupContextExtensions(extensions);
        Actor alice = scene.actor("alice");

        refuses(rule, alice, () -> alice.group().proposeExtensions(extensions));
        refuses(rule, alice, () -> alice.group().commit().extensions(extensions).build());
        refuses(rule, bob, alice.insider().proposal(proposal));
        refuses(
                rule,
                bob,
                alice.insider()
                        .commit(
                                List.of(proposal),
                                Optional.of(
                                        alice.insider().path(bob.group().state().tree()))));
    }

    @Test
    @Tag("R-12.1.8.1-02")
    void judgesExternalSendersBeforeJoining() throws MlsException {
        Scene open = Scene.empty(SUITE);
        open.client("alice");
        Extensions extensions = Extensions.of(
                ExternalSender.toExtension(List.of(new ExternalSender(serverKey.publicKey(), NotMallory.MALLORY))));
        open.withGroup(extensions, "alice");

        refuses(
                Rule.CREDENTIAL_REJECTED,
                scene.actor("outside"),
                () -> scene.actor("outside")
                        .client()
                        .joinExternally(Scene.wire(open.group("alice").groupInfo(true))));
    }
}
