package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalProposer;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Framing, senders, signatures and membership tags (RFC 9420 §6 to §6.2). */
class FramingRulesTest {
    private Scene scene;
    private Insider bob;
    private Signer outsider;

    @BeforeEach
    void group() throws MlsException {
        scene = Scene.empty(org.coppice.mls.crypto.CipherSuite.STANDARD.get(0));
        SuiteCrypto crypto = scene.client("outsider").client().crypto();
        outsider = crypto.signer(crypto.generateSignatureKeyPair());
        ExternalSender sender = new ExternalSender(outsider.publicKey(), Credential.basic(Bytes.fromHex("0e")));
        scene.withGroup(Extensions.of(ExternalSender.toExtension(List.of(sender))), "alice", "bob", "carol");
        bob = scene.actor("bob").insider();
    }

    private Content removeCarol() {
        return new Content.Proposal(new Proposal.Remove(scene.group("carol").ownLeaf()));
    }

    private void refuses(Rule rule, MlsMessage message) {
        Refusals.refuses(rule, scene.actor("alice"), message);
    }

    private MlsMessage from(Sender sender, Content content, Signer signer) throws MlsException {
        FramedContent framed = FramedContent.of(bob.header(), sender, content);
        AuthenticatedContent signed = bob.signingWith(signer).sign(WireFormat.PUBLIC_MESSAGE, framed);
        if (content instanceof Content.Commit) {
            signed = signed.withConfirmationTag(Bytes.wrap(new byte[32]));
        }
        return bob.publicMessage(signed);
    }

    // ---- §6

    @ParameterizedTest
    @EnumSource(
            value = WireFormat.class,
            names = {"PUBLIC_MESSAGE", "PRIVATE_MESSAGE"})
    @Tag("R-6-01")
    @Tag("A-8.2.1-01")
    void applicationDataTravelAsPrivateMessageWhateverIsAskedFor(WireFormat asked) throws MlsException {
        MlsMessage message = scene.group("alice").encrypt(new byte[3], SendOptions.DEFAULT.withWireFormat(asked));
        assertThat(message.wireFormat()).isEqualTo(WireFormat.PRIVATE_MESSAGE);
    }

    @Test
    @Tag("R-6-01")
    @Tag("R-6-02")
    @Tag("A-8.2.1-01")
    void aPublicMessageWithApplicationDataIsMalformed() throws MlsException {
        AuthenticatedContent data = bob.sign(WireFormat.PUBLIC_MESSAGE, new Content.Application(Bytes.fromHex("01")));
        assertThatThrownBy(() -> bob.publicMessage(data)).isInstanceOf(IllegalArgumentException.class);
        TlsWriter out = new TlsWriter();
        out.uint16(1).uint16(1).struct(data.content()).vector(data.signature()).vector(new byte[32]);
        assertThatThrownBy(() -> MlsMessage.decode(out.toByteArray()))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.APPLICATION_IN_PUBLIC_MESSAGE));
    }

    @Test
    @Tag("R-6-03")
    void handshakesTravelAsPrivateMessageByDefault() {
        assertThat(org.coppice.mls.environment.GroupPolicy.DEFAULT.handshakeWireFormat())
                .isEqualTo(WireFormat.PRIVATE_MESSAGE);
    }

    @ParameterizedTest
    @EnumSource(
            value = WireFormat.class,
            names = {"PUBLIC_MESSAGE", "PRIVATE_MESSAGE"})
    @Tag("R-6-04")
    @Tag("R-6-09")
    void handshakesAreReadInBothFormats(WireFormat format) throws MlsException {
        StagedCommit commit = scene.group("bob").commit().wireFormat(format).build();
        assertThat(commit.message().wireFormat()).isEqualTo(format);
        scene.follow("bob", commit);
        assertThat(scene.group("alice").state()).isEqualTo(scene.group("bob").state());
    }

    @Test
    @Tag("R-6-04")
    void aPolicyMayRefusePublicHandshakesOfMembers() throws MlsException {
        Scene strict = Scene.empty(
                        org.coppice.mls.crypto.CipherSuite.STANDARD.get(0),
                        builder -> builder.policy(Scene.policy().toBuilder()
                                .acceptPublicHandshakes(false)
                                .build()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        MlsMessage proposal = strict.group("bob").proposeUpdate();
        Refusals.refuses(Rule.WIRE_FORMAT_POLICY, strict.actor("alice"), proposal);
    }

    @Test
    @Tag("R-6-05")
    @Tag("R-2.1-02")
    void unknownVersionsAndWireFormatsAreMalformed() {
        for (String hex : List.of("00000001", "00020001", "ffff0001")) {
            assertThatThrownBy(() -> MlsMessage.decode(Bytes.fromHex(hex).toByteArray()))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.UNKNOWN_VERSION));
        }
        for (String hex : List.of("00010000", "00010006", "00010a0a")) {
            assertThatThrownBy(() -> MlsMessage.decode(Bytes.fromHex(hex).toByteArray()))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.UNKNOWN_WIRE_FORMAT));
        }
    }

    @Test
    @Tag("R-2.1-02")
    void reservedAndUnknownDiscriminatorsAreMalformed() throws MlsException {
        byte[] genuine = bob.proposal(new Proposal.Remove(new LeafIndex(0))).encoded();
        int sender = 2 + 2 + 1 + 5 + 8; // version, wire format, V("group"), epoch
        for (int type : new int[] {0, 5, 255}) {
            byte[] changed = genuine.clone();
            changed[sender] = (byte) type;
            assertThatThrownBy(() -> MlsMessage.decode(changed))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.UNKNOWN_DISCRIMINATOR));
        }
        int contentType = sender + 5 + 1; // Sender, V(authenticated_data)
        for (int type : new int[] {0, 4}) {
            byte[] changed = genuine.clone();
            changed[contentType] = (byte) type;
            assertThatThrownBy(() -> MlsMessage.decode(changed))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.UNKNOWN_DISCRIMINATOR));
        }
    }

    @Test
    @Tag("R-6-06")
    @Tag("R-6-07")
    void framedContentIsLaidOutAsTheRfcSays() {
        FramedContent.Header header = new FramedContent.Header(Bytes.fromHex("aabb"), 3, Bytes.fromHex("cc"));
        Content content = new Content.Proposal(new Proposal.Remove(new LeafIndex(7)));
        assertThat(encoded(header, new Sender.Member(new LeafIndex(5)), content))
                .isEqualTo("02aabb" + "0000000000000003" + "0100000005" + "01cc" + "02" + "000300000007");
        assertThat(encoded(header, new Sender.External(6), content))
                .isEqualTo("02aabb" + "0000000000000003" + "0200000006" + "01cc" + "02" + "000300000007");
        assertThat(encoded(header, new Sender.NewMemberProposal(), content)).contains("0003" + "03" + "01cc");
        assertThat(encoded(header, new Sender.NewMemberCommit(), content)).contains("0003" + "04" + "01cc");
    }

    private static String encoded(FramedContent.Header header, Sender sender, Content content) {
        return SuiteCrypto.encode(FramedContent.of(header, sender, content)).toHex();
    }

    @Test
    @Tag("R-6-08")
    @Tag("R-6.2-02")
    void sendersOutsideTheGroupUsePublicMessageWithoutAMembershipTag() throws MlsException {
        MlsMessage proposal = new ExternalProposer(bob.crypto(), outsider, 0)
                .propose(bob.header(), new Proposal.Remove(new LeafIndex(2)));
        ExternalJoin join = scene.client("dave")
                .client()
                .joinExternally(scene.group("alice").groupInfo(true));
        for (MlsMessage message : List.of(proposal, join.commit())) {
            assertThat(((PublicMessage) message.body()).membershipTag()).isEmpty();
        }
        AuthenticatedContent content = ((PublicMessage) proposal.body()).authenticated();
        assertThatThrownBy(() -> new PublicMessage(content, Optional.of(Bytes.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(scene.group("alice").receive(Scene.wire(proposal))).isInstanceOf(Received.ProposalCached.class);
    }

    @Test
    @Tag("R-6-09")
    @Tag("R-6.1-01")
    void theSignatureCoversTheWireFormat() throws MlsException {
        AuthenticatedContent signed = bob.sign(WireFormat.PRIVATE_MESSAGE, removeCarol());
        AuthenticatedContent moved = new AuthenticatedContent(
                WireFormat.PUBLIC_MESSAGE, signed.content(), signed.signature(), Optional.empty());
        refuses(Rule.MESSAGE_SIGNATURE, bob.publicMessage(moved));
    }

    @Test
    @Tag("R-6-10")
    void messagesOfOtherGroupsAndEpochsAreToldApart() throws MlsException {
        MlsMessage message =
                bob.proposal(new Proposal.Remove(scene.group("carol").ownLeaf()));
        Scene other = Scene.of("x", "y");
        Refusals.refuses(Rule.UNKNOWN_GROUP, scene.actor("alice"), foreign(other));
        PrivateMessage text =
                (PrivateMessage) scene.group("bob").encrypt(new byte[1]).body();
        refuses(
                Rule.UNKNOWN_GROUP,
                new MlsMessage(new PrivateMessage(
                        Bytes.fromHex("0f"),
                        text.epoch(),
                        text.contentType(),
                        text.authenticatedData(),
                        text.encryptedSenderData(),
                        text.ciphertext())));
        refuses(
                Rule.FUTURE_EPOCH,
                new MlsMessage(new PrivateMessage(
                        text.groupId(),
                        text.epoch() + 1,
                        text.contentType(),
                        text.authenticatedData(),
                        text.encryptedSenderData(),
                        text.ciphertext())));
        scene.commit("carol");
        refuses(Rule.STALE_EPOCH, message);
        StagedCommit commit = scene.group("carol").commit().build();
        MlsMessage first = commit.message();
        scene.group("carol").merge(commit);
        MlsMessage future = scene.group("carol").commit().build().message();
        refuses(Rule.FUTURE_EPOCH, future);
        scene.group("alice").merge(scene.group("alice").stage(Scene.wire(first)));
        assertThat(scene.group("alice").state()).isEqualTo(scene.group("carol").state());
    }

    private static MlsMessage foreign(Scene other) throws MlsException {
        FramedContent framed = FramedContent.of(
                new FramedContent.Header(Bytes.fromHex("0f"), 1, Bytes.EMPTY),
                new Sender.NewMemberProposal(),
                new Content.Proposal(new Proposal.Add(
                        other.actor("x").client().generateKeyPackage().keyPackage())));
        return new MlsMessage(PublicMessage.protect(
                other.actor("x").insider().sign(WireFormat.PUBLIC_MESSAGE, framed), Bytes.EMPTY, input -> input));
    }

    // ---- §6.1

    @Test
    @Tag("R-6.1-01")
    @Tag("R-6.1-02")
    @Tag("R-6.1-03")
    @Tag("R-6.1-10")
    void aMembersSignatureCoversThePresentGroupContext() throws MlsException {
        FramedContent framed = FramedContent.of(bob.header(), new Sender.Member(bob.leaf()), removeCarol());
        Bytes otherContext = SuiteCrypto.encode(bob.state().context().provisional(Bytes.EMPTY, Extensions.EMPTY));
        AuthenticatedContent signed =
                AuthenticatedContent.sign(WireFormat.PUBLIC_MESSAGE, framed, otherContext, bob.crypto(), bob.signer());
        refuses(Rule.MESSAGE_SIGNATURE, bob.publicMessage(signed));
        assertThat(scene.group("alice").receive(Scene.wire(from(framed.sender(), removeCarol(), bob.signer()))))
                .isInstanceOf(Received.ProposalCached.class);
    }

    @Test
    @Tag("R-6.1-03")
    @Tag("R-6.1-10")
    @Tag("R-6.2-04")
    void aMembersSignatureIsOfTheKeyInItsOwnLeaf() throws MlsException {
        refuses(
                Rule.MESSAGE_SIGNATURE,
                from(
                        new Sender.Member(bob.leaf()),
                        removeCarol(),
                        scene.actor("carol").client().signer()));
    }

    @Test
    @Tag("R-6.1-04")
    @Tag("R-6.1-10")
    void anExternalSendersSignatureIsOfTheKeyAtItsIndex() throws MlsException {
        refuses(Rule.MESSAGE_SIGNATURE, from(new Sender.External(0), removeCarol(), bob.signer()));
        assertThat(scene.group("alice").receive(Scene.wire(from(new Sender.External(0), removeCarol(), outsider))))
                .isInstanceOf(Received.ProposalCached.class);
    }

    @Test
    @Tag("R-6.1-05")
    void anExternalSenderMayOnlySendProposalsOpenToIt() throws MlsException {
        Content commit = new Content.Commit(new Commit(List.of(), Optional.empty()));
        refuses(Rule.EXTERNAL_SENDER_CONTENT, from(new Sender.External(0), commit, outsider));
        Content init = new Content.Proposal(new Proposal.ExternalInit(Bytes.fromHex("00")));
        refuses(Rule.EXTERNAL_PROPOSAL_TYPE, from(new Sender.External(0), init, outsider));
    }

    @Test
    @Tag("R-6.1-06")
    @Tag("R-6.1-10")
    void anExternalCommitIsSignedWithTheKeyInItsPath() throws MlsException {
        ExternalJoin join = scene.client("dave")
                .client()
                .joinExternally(scene.group("alice").groupInfo(true));
        AuthenticatedContent genuine = ((PublicMessage) join.commit().body()).authenticated();
        AuthenticatedContent forged = bob.sign(WireFormat.PUBLIC_MESSAGE, genuine.content())
                .withConfirmationTag(genuine.confirmationTag().orElseThrow());
        refuses(Rule.MESSAGE_SIGNATURE, bob.publicMessage(forged));
        scene.group("alice").merge(scene.group("alice").stage(Scene.wire(join.commit())));
        assertThat(scene.group("alice").state()).isEqualTo(join.group().state());
    }

    @Test
    @Tag("R-6.1-07")
    void aNewMemberCommitHoldsACommit() throws MlsException {
        refuses(Rule.NEW_MEMBER_COMMIT_CONTENT, from(new Sender.NewMemberCommit(), removeCarol(), outsider));
    }

    @Test
    @Tag("R-6.1-08")
    @Tag("R-6.1-09")
    void aNewMemberProposalIsAnAddSignedWithTheKeyInItsLeaf() throws MlsException {
        refuses(Rule.NEW_MEMBER_PROPOSAL_CONTENT, from(new Sender.NewMemberProposal(), removeCarol(), outsider));
        Content add = new Content.Proposal(new Proposal.Add(
                scene.client("dave").client().generateKeyPackage().keyPackage()));
        refuses(Rule.MESSAGE_SIGNATURE, from(new Sender.NewMemberProposal(), add, outsider));
    }

    @Test
    @Tag("R-6.1-11")
    void aSenderOutsideTheTreeOrTheListIsRefused() throws MlsException {
        for (long leaf : new long[] {3, 4, 1000, 0xffff_ffffL}) {
            refuses(Rule.SENDER_LEAF, from(new Sender.Member(new LeafIndex(leaf)), removeCarol(), bob.signer()));
        }
        refuses(Rule.SENDER_INDEX, from(new Sender.External(1), removeCarol(), outsider));
        refuses(Rule.SENDER_INDEX, from(new Sender.External(0xffff_ffffL), removeCarol(), outsider));
    }

    @Test
    @Tag("R-6.1-12")
    void theConfirmationTagIsThereExactlyForACommit() throws MlsException {
        StagedCommit commit = scene.group("bob").commit().build();
        AuthenticatedContent content = ((PublicMessage) commit.message().body()).authenticated();
        assertThat(content.confirmationTag()).contains(commit.nextState().confirmationTag());
        MlsMessage proposal = bob.proposal(new Proposal.Remove(new LeafIndex(2)));
        assertThat(((PublicMessage) proposal.body()).authenticated().confirmationTag())
                .isEmpty();
        TlsWriter untagged = new TlsWriter();
        untagged.uint16(1)
                .uint16(1)
                .struct(content.content())
                .vector(content.signature())
                .vector(new byte[0]);
        assertThatThrownBy(() -> MlsMessage.decode(untagged.toByteArray())).isInstanceOf(DecodeException.class);
    }

    @Test
    @Tag("R-6.1-13")
    @Tag("R-6.2-04")
    void aCommitIsOnlyValidWithItsSignatureAndItsConfirmationTag() throws Exception {
        StagedCommit commit = scene.group("bob").commit().build();
        AuthenticatedContent content = ((PublicMessage) commit.message().body()).authenticated();
        byte[] tag = content.confirmationTag().orElseThrow().toByteArray();
        tag[31] ^= 1;
        MlsMessage wrongTag = bob.publicMessage(content.withConfirmationTag(Bytes.wrap(tag)));
        Refusals.refusesThenFollows(Rule.CONFIRMATION_TAG, scene.actor("alice"), wrongTag, commit);
    }

    // ---- §6.2

    @Test
    @Tag("R-6.2-01")
    @Tag("R-6.2-03")
    void theMembershipTagIsCheckedBeforeTheContentIsUsed() throws MlsException {
        AuthenticatedContent wrongTwice = bob.signingWith(outsider).sign(WireFormat.PUBLIC_MESSAGE, removeCarol());
        MlsMessage message = new MlsMessage(new PublicMessage(wrongTwice, Optional.of(Bytes.wrap(new byte[32]))));
        refuses(Rule.MEMBERSHIP_TAG, message);
    }

    @Test
    @Tag("R-6.2-01")
    void theMembershipTagCoversTheAuthenticationToo() throws Exception {
        StagedCommit commit = scene.group("bob").commit().build();
        PublicMessage genuine = (PublicMessage) commit.message().body();
        byte[] tag = genuine.authenticated().confirmationTag().orElseThrow().toByteArray();
        tag[0] ^= 1;
        MlsMessage message = new MlsMessage(new PublicMessage(
                genuine.authenticated().withConfirmationTag(Bytes.wrap(tag)), genuine.membershipTag()));
        Refusals.refusesThenFollows(Rule.MEMBERSHIP_TAG, scene.actor("alice"), message, commit);
        Bytes expected = bob.secrets()
                .membershipTag(genuine.membershipTagInput(bob.state().encodedContext()));
        assertThat(genuine.membershipTag()).contains(expected);
    }

    @Test
    @Tag("R-6.2-05")
    void tagsCountOverTheirFullLength() throws MlsException {
        PublicMessage genuine = (PublicMessage)
                bob.proposal(new Proposal.Remove(scene.group("carol").ownLeaf()))
                        .body();
        Bytes tag = genuine.membershipTag().orElseThrow();
        for (Bytes wrong : List.of(tag.slice(0, 31), Bytes.EMPTY, tag.slice(0, 1), longer(tag), lastChanged(tag))) {
            refuses(
                    Rule.MEMBERSHIP_TAG,
                    new MlsMessage(new PublicMessage(genuine.authenticated(), Optional.of(wrong))));
        }
        StagedCommit commit = scene.group("bob").commit().build();
        AuthenticatedContent content = ((PublicMessage) commit.message().body()).authenticated();
        Bytes confirmation = content.confirmationTag().orElseThrow();
        for (Bytes wrong : List.of(confirmation.slice(0, 31), Bytes.EMPTY, longer(confirmation))) {
            refuses(Rule.CONFIRMATION_TAG, bob.publicMessage(content.withConfirmationTag(wrong)));
        }
    }

    private static Bytes longer(Bytes tag) {
        return new TlsWriter().raw(tag).uint8(0).toBytes();
    }

    private static Bytes lastChanged(Bytes tag) {
        byte[] out = tag.toByteArray();
        out[out.length - 1] ^= 1;
        return Bytes.wrap(out);
    }
}
