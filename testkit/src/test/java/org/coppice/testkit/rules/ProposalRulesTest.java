package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.testkit.rules.Refusals.refuses;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a proposal looks like, and what members do with one (RFC 9420 §12.1). */
class ProposalRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final LeafIndex BOB = new LeafIndex(1);
    private static final LeafIndex CAROL = new LeafIndex(2);

    private Scene scene;
    private Actor alice;
    private Actor bob;

    @BeforeEach
    void aGroupOfThree() throws MlsException {
        scene = Scene.empty(SUITE, settings -> settings.psks(id -> Optional.of(Secret.wrap(id.toByteArray()))))
                .withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
    }

    @Test
    @Tag("R-12.1-01")
    void encodesTypeAndBody() throws MlsException {
        KeyPackage keyPackage =
                KeyPackageForge.of(scene.client("dave").client()).make();
        LeafNode leaf = keyPackage.leafNode();
        Bytes nonce = Bytes.fromHex("0a0b");
        Map<String, Proposal> expected = Map.of(
                "0001" + Bytes.wrap(keyPackage.encoded()).toHex(), new Proposal.Add(keyPackage),
                "0002" + Bytes.wrap(leaf.encoded()).toHex(), new Proposal.Update(leaf),
                "0003" + "00000002", new Proposal.Remove(CAROL),
                "0004" + "01" + "0107" + "020a0b",
                        new Proposal.PreSharedKey(new PreSharedKeyId.External(Bytes.fromHex("07"), nonce)),
                "0005" + "0109" + "0001" + "0001" + "00",
                        new Proposal.ReInit(Bytes.fromHex("09"), ProtocolVersion.MLS10, SUITE, Extensions.EMPTY),
                "0006" + "020a0b", new Proposal.ExternalInit(nonce),
                "0007" + "00", new Proposal.GroupContextExtensions(Extensions.EMPTY),
                "f010" + "020a0b", new Proposal.Custom(new ProposalType(0xf010), nonce));
        Decoder<Proposal> decoder = Proposal::decode;
        for (Map.Entry<String, Proposal> entry : expected.entrySet()) {
            assertThat(Bytes.wrap(entry.getValue().encoded()).toHex()).isEqualTo(entry.getKey());
            assertThat(decoder.decodeAll(Bytes.fromHex(entry.getKey()), DecodeLimits.DEFAULT))
                    .isEqualTo(entry.getValue());
        }
    }

    @Test
    @Tag("R-12.1-02")
    void rejectsProposalSignedByAnother() throws MlsException {
        SuiteCrypto crypto = alice.client().crypto();
        Insider forger = alice.insider().signingWith(crypto.signer(crypto.generateSignatureKeyPair()));
        Proposal remove = new Proposal.Remove(CAROL);

        refuses(Rule.MESSAGE_SIGNATURE, bob, forger.proposal(remove));
        refuses(
                Rule.MESSAGE_SIGNATURE,
                bob,
                forger.privateMessage(
                        forger.sign(WireFormat.PRIVATE_MESSAGE, new Content.Proposal(remove)), PaddingPolicy.none()));
        refuses(Rule.MESSAGE_SIGNATURE, bob, alice.insider().at(CAROL).proposal(remove));
        assertThat(bob.group().receive(alice.insider().proposal(remove))).isInstanceOf(Received.ProposalCached.class);
    }

    @Test
    @Tag("R-12.1-03")
    void rejectsProposalOfAnotherEpoch() throws MlsException {
        MlsMessage past = alice.insider().proposal(new Proposal.Remove(CAROL));
        StagedCommit commit = alice.group().commit().build();
        alice.group().merge(commit);
        MlsMessage future = alice.group().proposeRemove(CAROL);

        refuses(Rule.FUTURE_EPOCH, bob, future);
        bob.group().merge(bob.group().stage(Scene.wire(commit.message())));
        refuses(Rule.STALE_EPOCH, bob, past);
        assertThat(bob.group().receive(Scene.wire(future))).isInstanceOf(Received.ProposalCached.class);
    }

    @Test
    @Tag("R-12.1-04")
    void keepsProposalUnderItsReferenceWithItsSender() throws MlsException {
        Insider carol = scene.actor("carol").insider();
        Proposal remove = new Proposal.Remove(BOB);
        AuthenticatedContent content = carol.sign(WireFormat.PUBLIC_MESSAGE, new Content.Proposal(remove));
        Bytes value = Bytes.wrap(content.encoded());
        Bytes expected = alice.client()
                .crypto()
                .hash(new TlsWriter()
                        .vector("MLS 1.0 Proposal Reference".getBytes(StandardCharsets.US_ASCII))
                        .vector(value)
                        .toBytes());

        Received.ProposalCached cached =
                (Received.ProposalCached) alice.group().receive(Scene.wire(carol.publicMessage(content)));

        assertThat(cached.ref().hash()).isEqualTo(expected);
        assertThat(cached.sender()).isEqualTo(new Sender.Member(CAROL));
        assertThat(alice.group().pendingProposals()).hasSize(1);
        assertThat(alice.group().pendingProposals().get(0).proposal()).isEqualTo(remove);
        assertThat(alice.client().load(alice.group().groupId()).pendingProposals())
                .isEqualTo(alice.group().pendingProposals());
    }

    @Test
    @Tag("R-12.1-04")
    void aProposalThatIsMadeAgainKeepsItsPlace() throws MlsException {
        Group group = alice.group();
        MlsMessage first = group.proposeRemove(BOB);
        group.proposeRemove(CAROL);

        // The same bytes: this suite's signatures are deterministic, and a PublicMessage has nothing else that differs.
        assertThat(group.proposeRemove(BOB)).isEqualTo(first);

        assertThat(group.pendingProposals()).hasSize(2);
        assertThat(alice.client().load(group.groupId()).pendingProposals()).isEqualTo(group.pendingProposals());
    }

    @Test
    @Tag("R-12.1-05")
    @Tag("R-12.1-04")
    void dropsProposalsWhenTheEpochEnds() throws MlsException {
        Insider before = alice.insider();
        ProposalRef ref =
                ((Received.ProposalCached) bob.group().receive(before.proposal(new Proposal.Remove(CAROL)))).ref();
        assertThat(kept(bob, RecordKind.PROPOSAL)).isEqualTo(1);
        scene.commit("alice");

        assertThat(bob.group().pendingProposals()).isEmpty();
        assertThat(kept(bob, RecordKind.PROPOSAL)).isZero();
        refuses(
                Rule.PROPOSAL_REFERENCE_UNKNOWN,
                bob,
                alice.insider().commit(new Commit(List.of(new Commit.ByReference(ref)), Optional.empty())));
    }

    @Test
    @Tag("R-12.1-04")
    void keepsNoMoreProposalsThanThePolicyAllows() throws MlsException {
        scene = Scene.empty(
                        SUITE,
                        settings -> settings.policy(
                                Scene.policy().toBuilder().maxCachedProposals(2).build()))
                .withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        MlsMessage last = scene.group("bob").proposeRemove(CAROL);
        for (MlsMessage some : List.of(
                scene.group("carol").proposeUpdate(), scene.group("carol").proposeRemove(BOB))) {
            scene.group("alice").receive(Scene.wire(some));
        }

        refuses(Rule.PROPOSAL_REFUSED_BY_POLICY, scene.actor("alice"), last);
        scene.group("alice").merge(scene.group("alice").commit().build());
        assertThat(scene.group("alice").pendingProposals()).isEmpty();
    }

    /** Their number was bounded and their length was not: some thousand long ones filled the memory of every member. */
    @Test
    @Tag("R-12.1-04")
    void keepsNoMoreBytesOfProposalsThanThePolicyAllows() throws MlsException {
        scene = Scene.empty(
                        SUITE,
                        settings -> settings.policy(Scene.policy().toBuilder()
                                .maxCachedProposalBytes(1000)
                                .build()))
                .withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        Actor alice = scene.actor("alice");
        MlsMessage first = psk(500);
        MlsMessage second = psk(500);
        MlsMessage third = psk(1);
        alice.group().receive(first);
        alice.group().receive(second);
        refuses(Rule.PROPOSAL_REFUSED_BY_POLICY, alice, third);
        // Where the memory is full, a copy is still told as what it is.
        assertThatThrownBy(() -> alice.group().receive(first)).isInstanceOf(DuplicateMessageException.class);
        alice.group().close();
        alice.enter(alice.client().load(alice.group().groupId()));
        refuses(Rule.PROPOSAL_REFUSED_BY_POLICY, alice, third);

        alice.group().merge(alice.group().commit().withoutReceived().build());
        alice.group().proposeRemove(CAROL);
        assertThat(alice.group().pendingProposals()).hasSize(1);
    }

    private MlsMessage psk(int length) throws MlsException {
        Bytes id = Bytes.wrap(new byte[length]);
        return Scene.wire(scene.group("bob").proposeExternalPsk(id));
    }

    @Test
    void keepsAProposalOnceHoweverOftenItComes() throws MlsException {
        MlsMessage proposal = Scene.wire(alice.group().proposeRemove(CAROL));
        bob.group().receive(proposal);
        refuses(Rule.GENERATION_CONSUMED, bob, proposal);
        assertThat(bob.group().pendingProposals()).hasSize(1);
    }

    /** Were its key still there, the second one would be opened, and refused for want of room. */
    @Test
    void aPrivateProposalUsesUpItsKey() throws MlsException {
        scene = Scene.empty(
                        SUITE,
                        settings -> settings.policy(
                                Scene.policy().toBuilder().maxCachedProposals(1).build()))
                .withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        MlsMessage proposal = scene.group("carol")
                .proposeUpdate(LeafUpdate.KEY_ONLY, SendOptions.DEFAULT.withWireFormat(WireFormat.PRIVATE_MESSAGE));
        assertThat(scene.group("alice").receive(Scene.wire(proposal))).isInstanceOf(Received.ProposalCached.class);
        refuses(Rule.GENERATION_CONSUMED, scene.actor("alice"), proposal);
    }

    private static long kept(Actor actor, RecordKind kind) {
        return actor.snapshot().keySet().stream().filter(kind::matches).count();
    }

    // ---- Update

    @Test
    void anUpdateIsMadeByTheGroupOnly() throws MlsException {
        Proposal update = new Proposal.Update(carolsLeaf(
                new LeafNodeSource.Update(),
                CAROL,
                bob.client().crypto().generateHpkeKeyPair().publicKey()));
        Group carol = scene.group("carol");
        assertThatThrownBy(() -> carol.propose(update, SendOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
        for (Proposal own : List.of(update, new Proposal.ExternalInit(Bytes.EMPTY))) {
            assertThatThrownBy(() -> carol.commit().propose(own)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private LeafNode carolsLeaf(LeafNodeSource source, LeafIndex position, HpkePublicKey key) throws MlsException {
        Actor carol = scene.actor("carol");
        return LeafNode.sign(
                carol.group().state().member(CAROL).orElseThrow().leafNode().content(),
                key,
                source,
                new LeafNode.Position(carol.group().groupId(), position),
                carol.client().crypto(),
                carol.client().signer());
    }

    @Test
    @Tag("R-12.1.2-01")
    @Tag("R-12.1.2-02")
    @Tag("R-12.2-04")
    void rejectsUpdateWithLeafThatIsNotForItsSender() throws MlsException {
        HpkePublicKey fresh = bob.client().crypto().generateHpkeKeyPair().publicKey();
        HpkePublicKey present =
                bob.group().state().member(CAROL).orElseThrow().leafNode().encryptionKey();
        HpkePublicKey broken = new HpkePublicKey(Bytes.wrap(new byte[31]));
        LeafNodeSource update = new LeafNodeSource.Update();
        LeafNode good = carolsLeaf(update, CAROL, fresh);

        refusesUpdate(Rule.LEAF_SIGNATURE, CAROL, carolsLeaf(update, BOB, fresh));
        refusesUpdate(Rule.LEAF_SOURCE, CAROL, carolsLeaf(new LeafNodeSource.Commit(Bytes.EMPTY), CAROL, fresh));
        refusesUpdate(Rule.LEAF_ENCRYPTION_KEY_REUSED, CAROL, carolsLeaf(update, CAROL, present));
        refusesUpdate(Rule.INVALID_KEY, CAROL, carolsLeaf(update, CAROL, broken));
        // Alice sends carol's leaf as her own.
        refuses(Rule.LEAF_SIGNATURE, bob, alice.insider().proposal(new Proposal.Update(good)));
        assertThat(bob.group().receive(scene.actor("carol").insider().proposal(new Proposal.Update(good))))
                .isInstanceOf(Received.ProposalCached.class);
    }

    private void refusesUpdate(Rule rule, LeafIndex sender, LeafNode leaf) throws MlsException {
        refuses(rule, bob, scene.actor("carol").insider().at(sender).proposal(new Proposal.Update(leaf)));
    }

    @Test
    @Tag("R-12.1.2-03")
    @Tag("R-12.1.2-04")
    void keepsTheKeyOfAnUpdateUntilTheEpochEnds() throws MlsException {
        scene.deliver("carol", scene.group("carol").proposeUpdate());
        scene.deliver("carol", scene.group("carol").proposeUpdate());
        Actor carol = scene.actor("carol");
        assertThat(kept(carol, RecordKind.UPDATE_KEY)).isEqualTo(2);
        HpkePublicKey before =
                carol.group().state().member(CAROL).orElseThrow().leafNode().encryptionKey();

        scene.follow("alice", alice.group().commit().build());

        assertThat(kept(carol, RecordKind.UPDATE_KEY)).isZero();
        assertThat(carol.group().state().member(CAROL).orElseThrow().leafNode().encryptionKey())
                .isNotEqualTo(before);
        assertThat(carol.group().epochAuthenticator()).isEqualTo(alice.group().epochAuthenticator());
        scene.commit("bob");
        assertThat(carol.group().epochAuthenticator()).isEqualTo(alice.group().epochAuthenticator());
    }

    @Test
    @Tag("R-12.1.2-04")
    void dropsTheKeyOfAnUpdateThatLost() throws MlsException {
        Actor carol = scene.actor("carol");
        carol.group().proposeUpdate();

        scene.commit("alice");

        assertThat(kept(carol, RecordKind.UPDATE_KEY)).isZero();
        scene.commit("bob");
        assertThat(carol.group().epochAuthenticator()).isEqualTo(alice.group().epochAuthenticator());
    }

    // ---- PreSharedKey

    @Test
    @Tag("R-12.1.4-04")
    void makesRandomNonces() throws MlsException {
        StagedCommit commit = alice.group()
                .commit()
                .externalPsk(Bytes.fromHex("01"))
                .externalPsk(Bytes.fromHex("01"))
                .resumptionPsk(alice.group().groupId(), 1)
                .build();

        assertThat(commit.effects().psks()).extracting(PreSharedKeyId::pskNonce).doesNotHaveDuplicates();
        assertThat(commit.effects().psks()).allMatch(psk -> psk.pskNonce().length() == 32);
    }

    @Test
    @Tag("R-12.1.4-05")
    @Tag("R-12.3-06")
    void membersAndJoinersTakePsksInTheOrderOfTheCommit() throws MlsException {
        scene.deliver("carol", scene.group("carol").proposeExternalPsk(Bytes.fromHex("03")));
        Actor dave = scene.client("dave");
        KeyPackageBundle bundle = dave.client().generateKeyPackage();

        StagedCommit commit = alice.group()
                .commit()
                .externalPsk(Bytes.fromHex("02"))
                .add(bundle.keyPackage())
                .externalPsk(Bytes.fromHex("01"))
                .build();
        scene.follow("alice", commit);
        dave.enter(dave.client().join(Scene.wire(commit.welcome().orElseThrow()), bundle));

        assertThat(commit.effects().psks())
                .extracting(psk -> ((PreSharedKeyId.External) psk).pskId().toHex())
                .containsExactly("03", "02", "01");
        assertThat(dave.group().epochAuthenticator())
                .isEqualTo(bob.group().epochAuthenticator())
                .isEqualTo(alice.group().epochAuthenticator());
    }
}
