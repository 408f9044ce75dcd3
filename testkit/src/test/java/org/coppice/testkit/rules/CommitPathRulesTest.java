package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Commit holds, and when it needs a path (RFC 9420 §12.4). */
class CommitPathRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Bytes PSK_ID = Bytes.fromHex("5e");
    private static final ProposalType LIGHT = new ProposalType(0xf001);
    private static final ProposalType HEAVY = new ProposalType(0xf002);

    private Scene scene;
    private Group alice;
    private Actor bob;

    @BeforeEach
    void threeMembers() throws MlsException {
        scene = Scene.empty(
                SUITE,
                builder -> builder.psks(id -> Optional.of(Secret.zeros(32)))
                        .policy(Scene.policy().toBuilder()
                                .customProposals(Map.of(LIGHT, new CustomProposalRule(false, false, false)))
                                .build()));
        for (String name : List.of("alice", "bob", "carol")) {
            Actor actor = scene.client(name);
            Capabilities plain = actor.client().capabilities();
            actor.become(actor.client()
                    .withCapabilities(new Capabilities(
                            plain.versions(),
                            plain.cipherSuites(),
                            plain.extensions(),
                            List.of(LIGHT, HEAVY),
                            plain.credentials())));
        }
        scene.withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        alice = scene.group("alice");
        bob = scene.actor("bob");
    }

    private static Commit commitOf(MlsMessage message) {
        return ((Content.Commit) ((PublicMessage) message.body())
                        .authenticated()
                        .content()
                        .content())
                .commit();
    }

    private Proposal.ReInit reInit() {
        return new Proposal.ReInit(Bytes.fromHex("07"), ProtocolVersion.MLS10, SUITE, Extensions.EMPTY);
    }

    @Test
    @Tag("R-12.4-01")
    void encodesProposalsByTheirKindAndAnOptionalPath() throws MlsException {
        bob.group().receive(Scene.wire(alice.proposeExternalPsk(PSK_ID)));
        StagedCommit staged = alice.commit()
                .propose(new Proposal.Custom(LIGHT, Bytes.fromHex("0102")))
                .withoutPath()
                .build();
        Commit commit = commitOf(staged.message());
        Bytes ref = bob.group().pendingProposals().get(0).ref().orElseThrow().hash();
        TlsWriter entries = new TlsWriter()
                .uint8(2)
                .vector(ref)
                .uint8(1)
                .uint16(LIGHT.value())
                .vector(Bytes.fromHex("0102"));
        TlsWriter expected = new TlsWriter().vector(entries.toBytes()).uint8(0);
        TlsWriter actual = new TlsWriter().struct(commit);
        assertThat(actual.toBytes()).isEqualTo(expected.toBytes());

        Commit withPath = commitOf(alice.commit().withoutReceived().build().message());
        TlsWriter rest = new TlsWriter()
                .vector(Bytes.EMPTY)
                .uint8(1)
                .struct(withPath.path().orElseThrow());
        assertThat(new TlsWriter().struct(withPath).toBytes()).isEqualTo(rest.toBytes());
    }

    /** Dave, at leaf 3, learns the path secret by his Welcome; in the path it is for bob below node 1, and for carol at the root. */
    @Test
    @Tag("R-7.5-04")
    @Tag("R-7.6-03")
    void encryptsNoPathSecretToWhoIsNewByTheSameCommit() throws MlsException {
        StagedCommit staged = alice.commit()
                .add(scene.client("dave").client().generateKeyPackage().keyPackage())
                .build();
        assertThat(commitOf(staged.message()).path().orElseThrow().nodes())
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.encryptedPathSecret()).hasSize(1));
        scene.follow("alice", staged);
    }

    @Test
    @Tag("R-12.4-02")
    void sendsNoApplicationDataBeforeAReceivedProposalIsCommitted() throws MlsException {
        alice.receive(Scene.wire(bob.group().proposeUpdate()));
        assertThatThrownBy(() -> alice.encrypt(new byte[] {1})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bob.group().encrypt(new byte[] {1})).isInstanceOf(IllegalStateException.class);
        alice.merge(alice.commit().build());
        assertThat(alice.encrypt(new byte[] {1})).isNotNull();
    }

    @Test
    @Tag("R-12.4-03")
    void refusesToCommitAListThatIsInvalid() throws MlsException {
        LeafIndex carol = scene.group("carol").ownLeaf();
        Refusals.refuses(
                Rule.SAME_LEAF_TWICE,
                scene.actor("alice"),
                () -> alice.commit().remove(carol).remove(carol).build());
        Refusals.refuses(
                Rule.SAME_LEAF_TWICE,
                bob,
                scene.actor("alice")
                        .insider()
                        .commit(List.of(new Proposal.Remove(carol), new Proposal.Remove(carol)), Optional.empty()));
    }

    @Test
    @Tag("R-12.4-04")
    void coversAllProposalsThatWereReceived() throws MlsException {
        scene.deliver("bob", bob.group().proposeUpdate());
        scene.deliver("carol", scene.group("carol").proposeUpdate());
        scene.deliver("alice", alice.proposeExternalPsk(PSK_ID));
        StagedCommit staged = alice.commit().build();
        assertThat(staged.effects().proposals()).hasSize(3);
        scene.follow("alice", staged);
        assertThat(bob.group().epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
    }

    @Test
    @Tag("R-12.4-05")
    @Tag("R-12.4-06")
    void acceptsACommitThatLeavesAProposalOutWhichMayBeMadeAgain() throws MlsException {
        scene.deliver("bob", bob.group().proposeUpdate());
        scene.follow("alice", alice.commit().withoutReceived().build());
        assertThat(bob.group().pendingProposals()).isEmpty();
        scene.deliver("bob", bob.group().proposeUpdate());
        StagedCommit staged = alice.commit().build();
        assertThat(staged.effects().updated()).hasSize(2);
        scene.follow("alice", staged);
    }

    @Test
    @Tag("R-12.4-07")
    @Tag("R-12.4-08")
    void anEmptyCommitRefreshesTheOwnKeys() throws MlsException {
        StagedCommit staged = alice.commit().build();
        Commit commit = commitOf(staged.message());
        assertThat(commit.proposals()).isEmpty();
        assertThat(commit.path()).isPresent();
        scene.follow("alice", staged);
        assertThat(bob.group().epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
    }

    @Test
    @Tag("R-12.4-08")
    @Tag("R-12.4.1-02")
    void thePathIsThereUnlessItIsLeftOut() throws MlsException {
        assertThat(commitOf(alice.commit().externalPsk(PSK_ID).build().message())
                        .path())
                .isPresent();
    }

    static Stream<String> light() {
        return Stream.of("add", "psk", "reinit", "custom");
    }

    static Stream<String> heavy() {
        return Stream.of("nothing", "update", "remove", "extensions", "custom");
    }

    private CommitBuilder lightCommit(String kind) throws MlsException {
        CommitBuilder commit = alice.commit();
        return switch (kind) {
            case "add" ->
                commit.add(scene.client("dave").client().generateKeyPackage().keyPackage());
            case "psk" -> commit.externalPsk(PSK_ID);
            case "reinit" -> commit.reInit(reInit());
            default -> commit.propose(new Proposal.Custom(LIGHT, Bytes.EMPTY));
        };
    }

    private CommitBuilder heavyCommit(String kind) throws MlsException {
        if (kind.equals("update")) {
            scene.deliver("bob", bob.group().proposeUpdate());
        }
        CommitBuilder commit = alice.commit();
        return switch (kind) {
            case "remove" -> commit.remove(scene.group("carol").ownLeaf());
            case "extensions" -> commit.extensions(Extensions.EMPTY);
            case "custom" -> commit.propose(new Proposal.Custom(HEAVY, Bytes.EMPTY));
            default -> commit;
        };
    }

    @ParameterizedTest
    @MethodSource("light")
    @Tag("R-12.4-09")
    @Tag("R-12.4-10")
    void followsCommitsThatNeedNoPath(String kind) throws MlsException {
        StagedCommit staged = lightCommit(kind).withoutPath().build();
        assertThat(commitOf(staged.message()).path()).isEmpty();
        scene.follow("alice", staged);
        assertThat(bob.group().epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
    }

    @ParameterizedTest
    @MethodSource("heavy")
    @Tag("R-12.4-10")
    @Tag("R-12.4-11")
    @Tag("R-12.4-12")
    @Tag("R-12.4.1-02")
    @Tag("R-12.4.2-06")
    void refusesCommitsThatLackAPathTheyNeed(String kind) throws MlsException {
        CommitBuilder without = heavyCommit(kind).withoutPath();
        assertThatThrownBy(without::build).isInstanceOf(IllegalStateException.class);
        StagedCommit genuine = (kind.equals("update") ? alice.commit() : heavyCommit(kind)).build();
        MlsMessage bad = scene.actor("alice")
                .insider()
                .alter(genuine.message(), commit -> new Commit(commit.proposals(), Optional.empty()));
        Refusals.refuses(Rule.PATH_REQUIRED, bob, bad);
        scene.follow("alice", genuine);
        assertThat(bob.group().epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
    }

    @Test
    @Tag("R-12.4-13")
    void ownEarlierProposalsAreCommittedByReferenceAndNewOnesByValue() throws MlsException {
        scene.deliver("alice", alice.proposeExternalPsk(PSK_ID));
        scene.deliver("bob", bob.group().proposeExternalPsk(PSK_ID));
        StagedCommit staged = alice.commit().externalPsk(PSK_ID).withoutPath().build();
        assertThat(commitOf(staged.message()).proposals())
                .extracting(entry -> entry instanceof Commit.ByReference)
                .containsExactly(true, true, false);
        scene.follow("alice", staged);
        assertThat(bob.group().state()).isEqualTo(alice.state());
    }

    @Test
    @Tag("R-12.4-14")
    void rejectsAnUpdateByValue() throws Exception {
        MlsMessage message = scene.group("carol").proposeUpdate();
        Proposal update = ((Content.Proposal) ((PublicMessage) message.body())
                        .authenticated()
                        .content()
                        .content())
                .proposal();
        StagedCommit genuine = alice.commit().build();
        MlsMessage bad = scene.actor("alice")
                .insider()
                .alter(genuine.message(), commit -> new Commit(List.of(new Commit.ByValue(update)), commit.path()));
        Refusals.refusesThenFollows(Rule.UPDATE_BY_COMMITTER, bob, bad, genuine);
        assertThatThrownBy(() -> alice.commit().propose(update)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("R-16-07")
    @Tag("A-8.2.2-02")
    @Tag("A-8.3-01")
    void anUpdateHealsOnceItIsCommittedAndACommitWithPathAtOnce() throws MlsException {
        Bytes before = leafKey(bob.group());
        scene.deliver("bob", bob.group().proposeUpdate());
        assertThat(leafKey(bob.group())).isEqualTo(before);
        scene.follow("alice", alice.commit().build());
        Bytes healed = leafKey(bob.group());
        assertThat(healed).isNotEqualTo(before);
        scene.commit("bob");
        assertThat(leafKey(bob.group())).isNotEqualTo(healed);
    }

    private static Bytes leafKey(Group group) {
        return group.state()
                .tree()
                .leaf(group.ownLeaf())
                .orElseThrow()
                .encryptionKey()
                .data();
    }

    @Test
    @Tag("R-15-01")
    void groupEpochSenderTypeAndGenerationSelectTheKey() throws MlsException {
        MlsMessage first = alice.encrypt("one".getBytes(StandardCharsets.UTF_8));
        MlsMessage second = alice.encrypt("two".getBytes(StandardCharsets.UTF_8));
        scene.commit("carol");
        MlsMessage third = alice.encrypt("three".getBytes(StandardCharsets.UTF_8));
        for (MlsMessage message : List.of(third, second, first)) {
            Received.Application received = (Received.Application) bob.group().receive(Scene.wire(message));
            assertThat(received.sender().leafIndex()).isEqualTo(alice.ownLeaf());
            assertThat(received.generation()).isEqualTo(message == second ? 1 : 0);
            assertThat(received.epoch()).isEqualTo(message == third ? alice.epoch() : alice.epoch() - 1);
        }
    }
}
