package org.coppice.testkit.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.IdentityClaim.Event;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When the application is asked about a credential, and what its answer does (RFC 9420 §5.3). */
class CredentialRulesTest {
    private static final CipherSuite SUITE = CipherSuite.STANDARD.get(0);

    /** Remembers what it is asked, and refuses identities that begin with "mallory". */
    private static final class Judge implements CredentialValidator {
        final List<IdentityClaim> asked = new ArrayList<>();
        int batches;

        @Override
        public void validate(List<IdentityClaim> claims) throws ValidationException {
            batches++;
            asked.addAll(claims);
            for (IdentityClaim claim : claims) {
                if (name(claim).startsWith("mallory")) {
                    throw new ValidationException(Rule.CREDENTIAL_REJECTED);
                }
            }
        }

        static String name(IdentityClaim claim) {
            return new String(((Credential.Basic) claim.credential()).identity().toByteArray(), UTF_8);
        }

        /** "alice/phone" and "alice/laptop" are one client here. */
        @Override
        public Bytes identity(IdentityClaim claim) {
            return Bytes.copyOf(name(claim).split("/")[0].getBytes(UTF_8));
        }

        List<String> take(Event event) {
            List<String> out = asked.stream()
                    .filter(claim -> claim.event() == event)
                    .map(Judge::name)
                    .toList();
            asked.clear();
            return out;
        }
    }

    private final Judge judge = new Judge();
    private final Scene scene = Scene.empty(SUITE, builder -> builder.validator(judge));

    private static Credential named(String name) {
        return Credential.basic(Bytes.copyOf(name.getBytes(UTF_8)));
    }

    private void group() throws MlsException {
        scene.withGroup(Extensions.EMPTY, "alice", "bob");
        judge.asked.clear();
        judge.batches = 0;
    }

    @Test
    @Tag("R-5.3.1-01")
    @Tag("R-5.3.1-02")
    @Tag("R-5.3.1-03")
    void aKeyPackageThatIsAddedIsJudgedByCommitterAndReceivers() throws MlsException {
        group();
        KeyPackageBundle carol = scene.client("carol").client().generateKeyPackage();
        StagedCommit commit =
                scene.group("alice").commit().add(carol.keyPackage()).build();
        assertThat(judge.take(Event.ADD)).containsExactly("carol");
        scene.group("bob").stage(Scene.wire(commit.message()));
        assertThat(judge.take(Event.ADD)).containsExactly("carol");
        KeyPackageBundle mallory = scene.client("mallory").client().generateKeyPackage();
        Refusals.refuses(
                Rule.CREDENTIAL_REJECTED,
                scene.actor("alice"),
                () -> scene.group("alice").commit().add(mallory.keyPackage()).build());
    }

    @Test
    @Tag("R-5.3.1-05")
    void anAddProposalIsJudgedWhenItIsMadeAndWhenItArrivesAndNotAgain() throws MlsException {
        group();
        MlsMessage proposal = scene.group("bob")
                .proposeAdd(scene.client("carol").client().generateKeyPackage().keyPackage());
        assertThat(judge.take(Event.ADD)).containsExactly("carol");
        scene.group("alice").receive(Scene.wire(proposal));
        assertThat(judge.take(Event.ADD)).containsExactly("carol");
        StagedCommit commit = scene.group("alice").commit().build();
        scene.group("bob").stage(Scene.wire(commit.message()));
        assertThat(judge.asked).isEmpty();
    }

    @Test
    @Tag("R-5.3.1-04")
    void aJoinerJudgesAllLeavesAndExternalSendersInOneBatch() throws MlsException {
        SuiteCrypto crypto = scene.client("service").client().crypto();
        Signer service = crypto.signer(crypto.generateSignatureKeyPair());
        ExternalSender sender = new ExternalSender(service.publicKey(), named("service"));
        scene.withGroup(Extensions.of(ExternalSender.toExtension(List.of(sender))), "alice", "bob");
        KeyPackageBundle carol = scene.client("carol").client().generateKeyPackage();
        StagedCommit commit =
                scene.group("alice").commit().add(carol.keyPackage()).build();
        judge.asked.clear();
        judge.batches = 0;
        scene.actor("carol").client().join(commit.welcome().orElseThrow(), carol);
        assertThat(judge.batches).isEqualTo(1);
        assertThat(judge.asked).extracting(Judge::name).containsExactly("alice", "bob", "carol", "service");
        judge.asked.clear();
        scene.client("dave").client().joinExternally(scene.group("alice").groupInfo(true));
        assertThat(judge.take(Event.JOIN)).containsExactly("alice", "bob");
    }

    @Test
    @Tag("R-5.3.1-06")
    @Tag("R-5.3.1-10")
    void anUpdateWithANewCredentialIsJudgedAndHasToSucceedTheOldOne() throws MlsException {
        group();
        MlsMessage same = scene.group("bob").proposeUpdate();
        scene.group("alice").receive(Scene.wire(same));
        assertThat(judge.asked).isEmpty();
        MlsMessage renamed = scene.group("bob")
                .proposeUpdate(LeafUpdate.KEY_ONLY.withCredential(named("bob/laptop")), SendOptions.DEFAULT);
        judge.asked.clear();
        scene.group("alice").receive(Scene.wire(renamed));
        assertThat(judge.take(Event.UPDATE)).containsExactly("bob/laptop");
        Refusals.refuses(
                Rule.CREDENTIAL_SUCCESSION_REJECTED,
                scene.actor("bob"),
                () -> scene.group("bob")
                        .proposeUpdate(LeafUpdate.KEY_ONLY.withCredential(named("eve")), SendOptions.DEFAULT));
    }

    @Test
    @Tag("R-5.3.1-07")
    @Tag("R-5.3.1-10")
    @Tag("R-7.5-03")
    @Tag("A-4-03")
    void aPathWithANewCredentialIsJudgedAndHasToSucceedTheOldOne() throws MlsException {
        group();
        StagedCommit renamed = scene.group("bob")
                .commit()
                .leaf(LeafUpdate.KEY_ONLY.withCredential(named("bob/laptop")))
                .build();
        judge.asked.clear();
        scene.group("alice").stage(Scene.wire(renamed.message()));
        assertThat(judge.take(Event.COMMIT)).containsExactly("bob/laptop");
        Refusals.refuses(
                Rule.CREDENTIAL_SUCCESSION_REJECTED,
                scene.actor("bob"),
                () -> scene.group("bob")
                        .commit()
                        .leaf(LeafUpdate.KEY_ONLY.withCredential(named("eve")))
                        .build());
        Refusals.refuses(
                Rule.CREDENTIAL_REJECTED,
                scene.actor("bob"),
                () -> scene.group("bob")
                        .commit()
                        .leaf(LeafUpdate.KEY_ONLY.withCredential(named("mallory")))
                        .build());
    }

    /** Nobody but the members stands between a stranger and the group: an external Commit was asked for by none of them. */
    /** What an authentication service vouches for is that a key is somebody's: the name alone says nothing. */
    @Test
    @Tag("R-5.3.1-06")
    @Tag("R-5.3.1-07")
    @Tag("R-5.3.1-10")
    void anotherSignatureKeyIsJudgedThoughTheCredentialStays() throws MlsException {
        group();
        SuiteCrypto crypto = scene.actor("bob").client().crypto();
        Signer next = crypto.signer(crypto.generateSignatureKeyPair());
        LeafUpdate another = LeafUpdate.KEY_ONLY.withSigner(next);
        MlsMessage update = scene.group("bob").proposeUpdate(another, SendOptions.DEFAULT);
        judge.asked.clear();
        scene.group("alice").receive(Scene.wire(update));
        assertThat(judge.asked).extracting(IdentityClaim::signatureKey).containsExactly(next.publicKey());
        assertThat(judge.take(Event.UPDATE)).containsExactly("bob");

        StagedCommit commit = scene.group("bob").commit().leaf(another).build();
        judge.asked.clear();
        scene.group("alice").stage(Scene.wire(commit.message()));
        assertThat(judge.asked).extracting(IdentityClaim::signatureKey).containsExactly(next.publicKey());
        assertThat(judge.take(Event.COMMIT)).containsExactly("bob");
    }

    @Test
    @Tag("R-5.3.1-07")
    void whoComesFromOutsideIsJudgedByTheMembers() throws MlsException {
        group();
        ExternalJoin join = scene.client("carol")
                .client()
                .joinExternally(scene.group("alice").groupInfo(true));
        judge.asked.clear();
        scene.group("bob").stage(Scene.wire(join.commit()));
        assertThat(judge.take(Event.COMMIT)).containsExactly("carol");

        MlsClient stranger = scene.client("mallory").client();
        MlsClient trusting = MlsClient.create(
                stranger.environment().toBuilder()
                        .validator(CredentialValidator.acceptAll())
                        .build(),
                SUITE,
                stranger.credential());
        Refusals.refuses(
                Rule.CREDENTIAL_REJECTED,
                scene.actor("bob"),
                trusting.joinExternally(scene.group("alice").groupInfo(true)).commit());
    }

    @Test
    @Tag("R-5.3.1-08")
    @Tag("R-5.3.1-09")
    void addedAndChangedExternalSendersAreJudged() throws MlsException {
        group();
        SuiteCrypto crypto = scene.group("alice").crypto();
        Signer first = crypto.signer(crypto.generateSignatureKeyPair());
        Signer second = crypto.signer(crypto.generateSignatureKeyPair());
        ExternalSender one = new ExternalSender(first.publicKey(), named("one"));
        ExternalSender two = new ExternalSender(second.publicKey(), named("two"));
        StagedCommit added = scene.group("alice")
                .commit()
                .extensions(Extensions.of(ExternalSender.toExtension(List.of(one))))
                .build();
        assertThat(judge.take(Event.EXTERNAL_SENDER)).containsExactly("one");
        scene.follow("alice", added);
        assertThat(judge.take(Event.EXTERNAL_SENDER)).containsExactly("one");
        StagedCommit changed = scene.group("alice")
                .commit()
                .extensions(Extensions.of(ExternalSender.toExtension(List.of(one, two))))
                .build();
        judge.asked.clear();
        scene.group("bob").stage(Scene.wire(changed.message()));
        assertThat(judge.take(Event.EXTERNAL_SENDER)).containsExactly("two");
        ExternalSender bad = new ExternalSender(second.publicKey(), named("mallory"));
        Refusals.refuses(
                Rule.CREDENTIAL_REJECTED,
                scene.actor("alice"),
                () -> scene.group("alice")
                        .commit()
                        .extensions(Extensions.of(ExternalSender.toExtension(List.of(bad))))
                        .build());
    }

    @Test
    @Tag("R-5.1.2-01")
    void aKeyOfAnotherSignatureSchemeIsRefused() throws MlsException {
        group();
        SuiteCrypto p256 = scene.actor("alice").client().environment().crypto(CipherSuite.STANDARD.get(1));
        Signer stranger = p256.signer(p256.generateSignatureKeyPair());
        ExternalSender sender = new ExternalSender(stranger.publicKey(), named("service"));
        Refusals.refuses(
                Rule.INVALID_KEY,
                scene.actor("alice"),
                () -> scene.group("alice")
                        .commit()
                        .extensions(Extensions.of(ExternalSender.toExtension(List.of(sender))))
                        .build());
    }

    @Test
    @Tag("R-5.3.3-01")
    @Tag("R-5.3.3-03")
    void twoClientsOfOneIdentityStandSideBySide() throws MlsException {
        scene.withGroup(Extensions.EMPTY, "bob", "bob/phone", "bob/laptop");
        assertThat(scene.group("bob").roster()).hasSize(3);
        scene.commit("bob/laptop");
        StagedCommit remove = scene.group("bob")
                .commit()
                .remove(scene.group("bob/phone").ownLeaf())
                .build();
        scene.follow("bob", remove);
        scene.client("carol");
        scene.add("bob", "carol");
        // The leaf of the removed member has a new owner: an index means a member in one epoch only.
        assertThat(Judge.name(new IdentityClaim(
                        scene.group("bob")
                                .state()
                                .member(scene.group("carol").ownLeaf())
                                .orElseThrow()
                                .credential(),
                        scene.actor("carol").client().signer().publicKey(),
                        Event.JOIN)))
                .isEqualTo("carol");
        assertThat(scene.group("carol").ownLeaf().value()).isEqualTo(1);
    }

    @Test
    @Tag("R-5.3.3-02")
    @Tag("R-5.3.3-04")
    void anApplicationIdIsCarriedAndNeverPartOfAnIdentity() throws MlsException {
        Bytes id = new org.coppice.mls.codec.TlsWriter()
                .vector(Bytes.fromHex("1234"))
                .toBytes();
        Extensions extensions = Extensions.of(new Extension(ExtensionType.APPLICATION_ID, id));
        Scene.Actor alice = scene.client("alice");
        alice.become(alice.client().withLeafExtensions(extensions));
        scene.withGroup(Extensions.EMPTY, "alice", "bob");
        assertThat(scene.group("bob").roster().get(0).leafNode().extensions().find(ExtensionType.APPLICATION_ID))
                .contains(Bytes.fromHex("021234"));
        assertThat(judge.asked).extracting(Judge::name).contains("alice").doesNotContain("1234");
    }

    @Test
    @Tag("R-5.3-01")
    void credentialsAreLaidOutAsTheRfcSays() throws MlsException {
        assertThat(Bytes.wrap(Credential.basic(Bytes.fromHex("aabb")).encoded()).toHex())
                .isEqualTo("0001" + "02aabb");
        assertThat(Bytes.wrap(new Credential.X509(List.of(Bytes.fromHex("01"), Bytes.fromHex("0203"))).encoded())
                        .toHex())
                .isEqualTo("0002" + "05" + "0101" + "020203");
    }

    @Test
    @Tag("R-5.3.1-04")
    void anObserverJudgesAllLeavesToo() throws MlsException {
        group();
        PublicGroup.follow(
                scene.actor("alice").client().environment(),
                scene.group("alice").groupInfo(true),
                java.util.Optional.empty());
        assertThat(judge.take(Event.JOIN)).containsExactly("alice", "bob");
    }
}
