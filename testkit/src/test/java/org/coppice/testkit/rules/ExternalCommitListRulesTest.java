package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.testkit.rules.Refusals.refuses;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.tree.Capabilities;
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

/** Which proposals an external Commit may hold (RFC 9420 §12.2). */
class ExternalCommitListRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final LeafIndex BOB = new LeafIndex(1);
    private static final LeafIndex CAROL = new LeafIndex(2);
    private static final LeafIndex NEXT = new LeafIndex(3);
    private static final ProposalType FORBIDDEN = new ProposalType(0xf010);
    private static final ProposalType ALLOWED = new ProposalType(0xf011);
    private static final PskSource PSKS = id -> Optional.of(Secret.wrap(id.toByteArray()));

    private Scene scene;
    private Actor bob;
    private Outsider dave;

    @BeforeEach
    void aGroupOfThreeThatKnowsCustomTypes() throws MlsException {
        GroupPolicy policy = Scene.policy().toBuilder()
                .customProposals(Map.of(ALLOWED, new CustomProposalRule(false, false, true)))
                .build();
        scene = Scene.empty(SUITE, settings -> settings.policy(policy).psks(PSKS));
        for (String name : List.of("alice", "bob", "carol", "dave")) {
            Actor actor = scene.client(name);
            Capabilities plain = actor.client().capabilities();
            actor.become(actor.client()
                    .withCapabilities(new Capabilities(
                            plain.versions(),
                            plain.cipherSuites(),
                            List.of(),
                            List.of(FORBIDDEN, ALLOWED),
                            plain.credentials())));
        }
        scene.withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        bob = scene.actor("bob");
        dave = new Outsider(scene.actor("dave").client(), bob.group().state());
    }

    /** Bob refuses dave's Commit, and an honest join of dave's goes through afterwards. */
    /** Tells nobody from anybody. */
    private static final class Careless implements CredentialValidator {
        @Override
        public void validate(List<IdentityClaim> claims) {
            // Nobody is refused.
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            return Bytes.EMPTY;
        }
    }

    private void refusesList(Rule rule, Proposal... proposals) throws MlsException {
        refuses(rule, bob, dave.externalCommit(NEXT, proposals));
        ExternalJoin join = dave.client().joinExternally(scene.group("alice").groupInfo(true));
        enterAll(join);
    }

    private void enterAll(ExternalJoin join) throws MlsException {
        for (String name : List.of("alice", "bob", "carol")) {
            if (scene.group(name).epoch() == join.state().epoch() - 1) {
                scene.group(name).merge(scene.group(name).stage(Scene.wire(join.commit())));
            }
        }
        assertThat(bob.group().state()).isEqualTo(join.state());
        assertThat(bob.group().epochAuthenticator()).isEqualTo(join.group().epochAuthenticator());
    }

    private static Proposal.PreSharedKey psk(int id) {
        byte[] nonce = new byte[32];
        nonce[0] = (byte) id;
        return new Proposal.PreSharedKey(
                new PreSharedKeyId.External(Bytes.wrap(new byte[] {(byte) id}), Bytes.wrap(nonce)));
    }

    @Test
    @Tag("R-12.2-19")
    @Tag("R-12.2-02")
    void rejectsExternalCommitWithoutExternalInit() throws MlsException {
        refusesList(Rule.EXTERNAL_COMMIT_INIT_COUNT);
    }

    @Test
    @Tag("R-12.2-19")
    void rejectsExternalCommitWithTwoExternalInits() throws MlsException {
        refusesList(Rule.EXTERNAL_COMMIT_INIT_COUNT, dave.externalInit(), dave.externalInit());
    }

    @Test
    @Tag("R-12.2-20")
    void rejectsTwoRemoves() throws MlsException {
        refusesList(
                Rule.EXTERNAL_COMMIT_REMOVE,
                dave.externalInit(),
                new Proposal.Remove(CAROL),
                new Proposal.Remove(new LeafIndex(0)));
    }

    @Test
    @Tag("R-12.2-20")
    @Tag("R-12.2-21")
    @Tag("R-12.2-24")
    void rejectsRemoveOfAnotherClient() throws MlsException {
        ExternalJoinRequest request =
                ExternalJoinRequest.of(scene.group("alice").groupInfo(true)).replacing(CAROL);
        refuses(
                Rule.EXTERNAL_COMMIT_REMOVE,
                scene.actor("dave"),
                () -> dave.client().joinExternally(request));

        // To one who takes everybody for the same.
        MlsClient careless = MlsClient.of(
                        dave.client().environment().toBuilder()
                                .validator(new Careless())
                                .build(),
                        SUITE,
                        dave.client().credential(),
                        dave.client().signer())
                .withCapabilities(dave.client().capabilities());
        ExternalJoin wrong = careless.joinExternally(request);

        refuses(Rule.EXTERNAL_COMMIT_REMOVE, bob, wrong.commit());
        enterAll(dave.client().joinExternally(scene.group("alice").groupInfo(true)));
    }

    @Test
    @Tag("R-12.2-20")
    @Tag("R-12.2-21")
    @Tag("R-12.2-24")
    void acceptsResyncOfOneIdentityWithAnotherSignatureKey() throws MlsException {
        MlsClient old = scene.actor("carol").client();
        MlsClient fresh = MlsClient.create(
                        old.environment().toBuilder()
                                .store(new InMemoryStateStore())
                                .build(),
                        SUITE,
                        old.credential())
                .withCapabilities(old.capabilities());
        ExternalJoin join = fresh.joinExternally(
                ExternalJoinRequest.of(scene.group("alice").groupInfo(true)).replacing(CAROL));

        for (String name : List.of("alice", "bob")) {
            scene.group(name).merge(scene.group(name).stage(Scene.wire(join.commit())));
        }
        assertThat(bob.group().epochAuthenticator()).isEqualTo(join.group().epochAuthenticator());
        assertThat(bob.group().roster()).hasSize(3);
        assertThat(bob.group().state().member(CAROL).orElseThrow().leafNode().signatureKey())
                .isEqualTo(fresh.signer().publicKey());
    }

    @Test
    @Tag("R-12.2-20")
    void rejectsRemoveOfBlankLeaf() throws MlsException {
        refusesList(Rule.REMOVE_TARGET, dave.externalInit(), new Proposal.Remove(NEXT));
    }

    @Test
    @Tag("R-12.2-21")
    void rejectsResyncThatKeepsTheEncryptionKey() throws MlsException {
        Outsider carol = new Outsider(scene.actor("carol").client(), bob.group().state());
        HpkePublicKey present =
                bob.group().state().member(CAROL).orElseThrow().leafNode().encryptionKey();

        refuses(
                Rule.LEAF_ENCRYPTION_KEY_REUSED,
                bob,
                carol.externalCommit(carol.path(CAROL, present), carol.externalInit(), new Proposal.Remove(CAROL)));
    }

    @Test
    @Tag("R-12.2-22")
    void acceptsManyPsks() throws MlsException {
        List<PreSharedKeyId> ids = List.of(psk(1).psk(), psk(2).psk(), psk(3).psk());

        enterAll(dave.client()
                .joinExternally(ExternalJoinRequest.of(scene.group("alice").groupInfo(true))
                        .withPsks(ids)));
    }

    @Test
    @Tag("R-12.2-11")
    @Tag("R-12.2-22")
    void rejectsSamePskTwice() throws MlsException {
        refusesList(Rule.PSK_TWICE, dave.externalInit(), psk(1), psk(1));
    }

    @Test
    @Tag("R-12.2-04")
    @Tag("R-11.2-06")
    @Tag("R-11.3-07")
    @Tag("R-12.1.4-01")
    @Tag("R-12.1.4-02")
    @Tag("R-12.1.4-03")
    void rejectsPsksThatAreInvalidAlone() throws MlsException {
        Bytes nonce = Bytes.wrap(new byte[32]);
        Bytes group = bob.group().groupId();
        PreSharedKeyId reInit = new PreSharedKeyId.Resumption(ResumptionPskUsage.REINIT, group, 1, nonce);
        PreSharedKeyId branch = new PreSharedKeyId.Resumption(ResumptionPskUsage.BRANCH, group, 1, nonce);
        PreSharedKeyId shortNonce = new PreSharedKeyId.External(Bytes.EMPTY, Bytes.wrap(new byte[31]));
        Proposal init = dave.externalInit();

        refuses(Rule.PSK_REINIT_USAGE, bob, dave.externalCommit(NEXT, init, new Proposal.PreSharedKey(reInit)));
        refuses(Rule.PSK_BRANCH_USAGE, bob, dave.externalCommit(NEXT, init, new Proposal.PreSharedKey(branch)));
        refuses(Rule.PSK_NONCE_LENGTH, bob, dave.externalCommit(NEXT, init, new Proposal.PreSharedKey(shortNonce)));
    }

    @Test
    @Tag("R-12.2-23")
    void rejectsAllOtherTypes() throws MlsException {
        LeafNode update = LeafNode.sign(
                new LeafNode.Content(
                        dave.client().signer().publicKey(),
                        dave.client().credential(),
                        dave.client().capabilities(),
                        Extensions.EMPTY),
                dave.client().crypto().generateHpkeKeyPair().publicKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(bob.group().groupId(), BOB),
                dave.client().crypto(),
                dave.client().signer());
        List<Proposal> others = List.of(
                new Proposal.Add(
                        KeyPackageForge.of(scene.client("erin").client()).make()),
                new Proposal.Update(update),
                new Proposal.GroupContextExtensions(Extensions.EMPTY),
                new Proposal.ReInit(Bytes.EMPTY, ProtocolVersion.MLS10, SUITE, Extensions.EMPTY),
                new Proposal.Custom(FORBIDDEN, Bytes.EMPTY));
        for (Proposal other : others) {
            refuses(Rule.EXTERNAL_COMMIT_PROPOSAL_TYPE, bob, dave.externalCommit(NEXT, dave.externalInit(), other));
        }
        refusesList(Rule.EXTERNAL_COMMIT_PROPOSAL_TYPE, others.get(0));
    }

    @Test
    @Tag("R-12.2-23")
    void goesOnToThePathWithCustomTypeThatAllowsIt() throws MlsException {
        // The forged path has no nodes: that it is looked at shows that the list was found good.
        refuses(
                Rule.PATH_LENGTH,
                bob,
                dave.externalCommit(NEXT, dave.externalInit(), new Proposal.Custom(ALLOWED, Bytes.EMPTY)));
    }

    @Test
    @Tag("R-12.1.6-01")
    @Tag("R-12.2-15")
    void rejectsExternalInitThatStandsAlone() throws MlsException {
        refuses(
                Rule.EXTERNAL_INIT_PLACE,
                bob,
                scene.actor("alice").insider().proposal(new Proposal.ExternalInit(Bytes.wrap(new byte[32]))));
    }

    @Test
    @Tag("R-12.1.6-02")
    @Tag("R-12.3-06")
    void takesTheInitSecretFromTheKemOutput() throws MlsException {
        enterAll(dave.client().joinExternally(scene.group("alice").groupInfo(true)));
    }

    @Test
    @Tag("R-12.1.6-02")
    void refusesAnotherKemOutput() throws MlsException {
        ExternalJoin join = dave.client().joinExternally(scene.group("alice").groupInfo(true));
        Proposal.ExternalInit other = dave.externalInit();
        PublicMessage body = (PublicMessage) join.commit().body();
        Commit commit = ((Content.Commit) body.authenticated().content().content()).commit();

        refuses(Rule.CONFIRMATION_TAG, bob, dave.externalCommit(commit.path().orElseThrow(), other));
    }
}
