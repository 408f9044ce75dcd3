package org.coppice.testkit.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStoreException;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a group writes, when, and that it comes back from it. */
class StoredStateTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private final FailingStore aliceStore = new FailingStore();
    private final FailingStore bobStore = new FailingStore();
    private MlsClient alice;
    private MlsClient bob;
    private Group a;
    private Group b;

    private static MlsClient client(String name, FailingStore store) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(store)
                .build();
        return MlsClient.create(environment, SUITE, Credential.basic(Bytes.copyOf(name.getBytes(UTF_8))));
    }

    @BeforeEach
    void twoMembers() throws MlsException {
        alice = client("alice", aliceStore);
        bob = client("bob", bobStore);
        a = alice.createGroup();
        KeyPackageBundle bundle = bob.generateKeyPackage();
        StagedCommit add = a.commit().add(bundle.keyPackage()).build();
        MlsMessage welcome = add.welcome().orElseThrow();
        a.merge(add);
        b = bob.join(welcome, bundle);
    }

    private static String text(Received received) {
        return new String(((Received.Application) received).data().toByteArray(), UTF_8);
    }

    private MlsMessage fromAlice(String text) throws MlsException {
        return a.encrypt(text.getBytes(UTF_8));
    }

    private void reloadBob() throws MlsException {
        b = bob.load(b.groupId());
    }

    @Test
    void eachOperationWritesOnce() throws MlsException {
        int before = aliceStore.writes;
        MlsMessage message = fromAlice("x");
        assertThat(aliceStore.writes).isEqualTo(before + 1);
        int bobBefore = bobStore.writes;
        b.receive(message);
        assertThat(bobStore.writes).isEqualTo(bobBefore + 1);
        StagedCommit commit = a.commit().build();
        assertThat(aliceStore.writes).isEqualTo(before + 2);
        MlsMessage commitMessage = commit.message();
        a.merge(commit);
        assertThat(aliceStore.writes).isEqualTo(before + 3);
        StagedCommit staged = b.stage(commitMessage);
        assertThat(bobStore.writes).isEqualTo(bobBefore + 1);
        b.merge(staged);
        assertThat(bobStore.writes).isEqualTo(bobBefore + 2);
    }

    @Test
    void aReloadedMemberReadsWhatWasSentBeforeAndAfter() throws MlsException {
        MlsMessage early = fromAlice("early");
        MlsMessage late = fromAlice("late");
        b.receive(late);
        reloadBob();
        assertThat(text(b.receive(early))).isEqualTo("early");
        reloadBob();
        assertThatThrownBy(() -> b.receive(early)).hasMessageContaining(Rule.GENERATION_CONSUMED.description());
        assertThat(text(b.receive(fromAlice("next")))).isEqualTo("next");
    }

    @Test
    void aReloadedSenderDoesNotRepeatAGeneration() throws MlsException {
        b.receive(fromAlice("0"));
        a = alice.load(a.groupId());
        Received.Application second = (Received.Application) b.receive(fromAlice("1"));
        assertThat(second.generation()).isEqualTo(1);
    }

    @Test
    void lateMessagesOfPastEpochsAreReadAfterAReload() throws MlsException {
        MlsMessage late = fromAlice("late");
        for (int i = 0; i < 2; i++) {
            StagedCommit commit = a.commit().build();
            b.merge(b.stage(commit.message()));
            a.merge(commit);
        }
        reloadBob();
        assertThat(text(b.receive(late))).isEqualTo("late");
    }

    @Test
    void aPendingCommitSurvivesAReload() throws MlsException {
        StagedCommit commit = a.commit().build();
        MlsMessage message = commit.message();
        GroupState next = commit.nextState();
        a = alice.load(a.groupId());
        assertThat(a.pendingCommits()).hasSize(1);
        Received.Own echo = (Received.Own) a.receive(message);
        a.merge(echo.commit().orElseThrow());
        assertThat(a.state()).isEqualTo(next);
        b.merge(b.stage(message));
        assertThat(b.epochAuthenticator()).isEqualTo(a.epochAuthenticator());
    }

    @Test
    void aPendingCommitComesBackWithItsWelcomeAndItsEffects() throws MlsException {
        a.receive(b.proposeUpdate());
        KeyPackageBundle carol = client("carol", new FailingStore()).generateKeyPackage();
        StagedCommit commit = a.commit().add(carol.keyPackage()).build();

        a = alice.load(a.groupId());

        StagedCommit back = a.pendingCommits().get(0);
        assertThat(back.welcome()).isPresent().isEqualTo(commit.welcome());
        assertThat(back.effects()).isEqualTo(commit.effects());
        assertThat(back.effects().proposals()).hasSize(2);
    }

    @Test
    void theKeyOfAnUncommittedUpdateSurvivesAReload() throws MlsException {
        MlsMessage update = b.proposeUpdate();
        a.receive(update);
        reloadBob();
        assertThat(b.pendingProposals()).hasSize(1);
        StagedCommit commit = a.commit().build();
        b.merge(b.stage(commit.message()));
        a.merge(commit);
        assertThat(b.epochAuthenticator()).isEqualTo(a.epochAuthenticator());
        reloadBob();
        assertThat(text(b.receive(fromAlice("x")))).isEqualTo("x");
    }

    /** The latest of several Updates counts (RFC 9420 §12.2), whichever reference is the lower one. */
    @Test
    void proposalsComeBackInTheirOrderAndNewOnesComeAfterThem() throws MlsException {
        List<ResolvedProposal> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            b.receive(a.proposeUpdate());
            sent.add(a.pendingProposals().get(i));
            reloadBob();
            assertThat(b.pendingProposals()).isEqualTo(sent);
        }
        a = alice.load(a.groupId());
        assertThat(a.pendingProposals()).isEqualTo(sent);
    }

    @Test
    void anOwnUpdateWhosePrivateKeyWasLostIsNotFollowed() throws MlsException {
        a.receive(b.proposeUpdate());
        Proposal.Update update = (Proposal.Update) b.pendingProposals().get(0).proposal();
        bobStore.inner.apply(StateChange.builder(b.groupId())
                .delete(new RecordKey.UpdateKey(
                        update.leafNode().encryptionKey().data()))
                .build());
        reloadBob();
        GroupState before = b.state();

        assertThatThrownBy(() -> b.stage(a.commit().build().message()))
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.PATH_DECRYPTION));
        assertThat(b.state()).isSameAs(before);
    }

    @Test
    void whatItsCommitterSendsBeforeAStagedCommitIsMergedDoesNoHarm() throws MlsException {
        MlsMessage first = fromAlice("first");
        MlsMessage late = fromAlice("late");
        StagedCommit commit = a.commit().build();
        StagedCommit staged = b.stage(commit.message());
        // Consumes the way down to alice's ratchets that the key of her Commit was derived by, too.
        assertThat(text(b.receive(first))).isEqualTo("first");
        b.merge(staged);
        a.merge(commit);
        assertThat(b.epochAuthenticator()).isEqualTo(a.epochAuthenticator());
        reloadBob();
        assertThat(text(b.receive(late))).isEqualTo("late");
        assertThat(text(b.receive(fromAlice("next")))).isEqualTo("next");
    }

    @Test
    void aWriteThatFailsLeavesEverythingAsItWas() throws MlsException {
        MlsMessage message = fromAlice("x");
        StagedCommit commit = a.commit().build();
        MlsMessage commitMessage = commit.message();
        Map<Bytes, Bytes> before = bobStore.inner.snapshot(b.groupId());
        GroupState state = b.state();
        bobStore.failing = true;
        assertThatThrownBy(() -> b.receive(message)).isInstanceOf(StateStoreException.class);
        StagedCommit staged = b.stage(commitMessage);
        assertThatThrownBy(() -> b.merge(staged)).isInstanceOf(StateStoreException.class);
        assertThatThrownBy(() -> b.encrypt(new byte[1])).isInstanceOf(StateStoreException.class);
        assertThatThrownBy(() -> b.proposeUpdate()).isInstanceOf(StateStoreException.class);
        assertThatThrownBy(() -> b.commit().build()).isInstanceOf(StateStoreException.class);
        bobStore.failing = false;
        assertThat(bobStore.inner.snapshot(b.groupId())).isEqualTo(before);
        assertThat(b.state()).isSameAs(state);
        assertThat(b.pendingProposals()).isEmpty();
        assertThat(b.pendingCommits()).isEmpty();
        assertThat(text(b.receive(message))).isEqualTo("x");
        b.merge(staged);
        a.merge(commit);
        assertThat(b.epochAuthenticator()).isEqualTo(a.epochAuthenticator());
        assertThat(text(a.receive(b.encrypt("y".getBytes(UTF_8))))).isEqualTo("y");
    }

    @Test
    void resumptionPsksOfTheFirstEpochAndLaterOnesSurviveAReload() throws MlsException {
        for (int i = 0; i < 2; i++) {
            reloadBob();
            StagedCommit commit =
                    b.commit().resumptionPsk(b.groupId(), b.epoch()).build();
            a.merge(a.stage(commit.message()));
            b.merge(commit);
            assertThat(a.state()).isEqualTo(b.state());
        }
    }

    /** A group wrote that secret when it began, whatever the policy said, and had it again after a reload. */
    @Test
    void whoKeepsNoResumptionPskStoresNone() throws MlsException {
        FailingStore store = new FailingStore();
        Group group =
                client(store, GroupPolicy.builder().resumptionPsks(0).build()).createGroup();
        assertHasNoResumptionPsk(group);
        group.merge(group.commit().build());
        assertHasNoResumptionPsk(group);
        assertThat(store.inner.snapshot(group.groupId()).keySet())
                .isNotEmpty()
                .noneMatch(RecordKind.RESUMPTION_PSK::matches);
    }

    private static MlsClient client(FailingStore store, GroupPolicy policy) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .policy(policy)
                .store(store)
                .build();
        return MlsClient.create(environment, SUITE, Credential.basic(Bytes.fromHex("aa")));
    }

    private static void assertHasNoResumptionPsk(Group group) {
        assertThatThrownBy(() -> group.commit()
                        .resumptionPsk(group.groupId(), group.epoch())
                        .build())
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.PSK_UNKNOWN));
    }

    /** RFC 9420 §9.2: the next epoch does not leave the last one's keys on the disk. */
    @Test
    void whoKeepsNoPastEpochStoresNone() throws MlsException {
        FailingStore store = new FailingStore();
        MlsClient client = client(store, GroupPolicy.builder().pastEpochs(0).build());
        Group group = client.createGroup();
        group.encrypt(new byte[1]);
        group.merge(group.commit().build());

        assertThat(store.inner.snapshot(group.groupId()).keySet())
                .filteredOn(key -> RecordKind.EPOCH.matches(key)
                        || RecordKind.UNDO.matches(key)
                        || RecordKind.SECRET_NODE.matches(key)
                        || RecordKind.RATCHET.matches(key))
                .containsExactlyInAnyOrder(
                        new RecordKey.Epoch(group.epoch()).toBytes(),
                        new RecordKey.SecretNode(group.epoch(), 0).toBytes());
        assertThat(client.load(group.groupId()).state()).isEqualTo(group.state());
    }

    /** RFC 9420 §9.2: what opened the Commit is used up, and so is the root of the secret tree that it was derived from. */
    @Test
    void theKeyOfAnAcceptedCommitIsGoneFromTheStore() throws MlsException {
        Bytes root = new RecordKey.SecretNode(b.epoch(), 1).toBytes();
        assertThat(bobStore.inner.snapshot(b.groupId())).containsKey(root);
        b.merge(b.stage(a.commit().build().message()));
        assertThat(bobStore.inner.snapshot(b.groupId())).doesNotContainKey(root);
    }

    /**
     * Dave, at leaf 3, has a key for the node above carol and himself until carol goes; the root gets a new one.
     */
    @Test
    void privateKeysOfNodesThatBecameBlankAreGoneFromTheStore() throws MlsException {
        FailingStore davesStore = new FailingStore();
        KeyPackageBundle carol = client("carol", new FailingStore()).generateKeyPackage();
        MlsClient dave = client("dave", davesStore);
        KeyPackageBundle bundle = dave.generateKeyPackage();
        StagedCommit add =
                a.commit().add(carol.keyPackage()).add(bundle.keyPackage()).build();
        a.merge(add);
        Group d = dave.join(add.welcome().orElseThrow(), bundle);
        StagedCommit own = d.commit().build();
        a.merge(a.stage(own.message()));
        d.merge(own);
        Bytes key = new RecordKey.TreeKey(5).toBytes();
        assertThat(davesStore.inner.snapshot(d.groupId())).containsKey(key);

        StagedCommit remove = a.commit().remove(new LeafIndex(2)).build();
        d.merge(d.stage(remove.message()));
        assertThat(davesStore.inner.snapshot(d.groupId())).doesNotContainKey(key);
    }

    @Test
    void aRemovedMemberKeepsNothing() throws MlsException {
        StagedCommit remove = a.commit().remove(b.ownLeaf()).build();
        b.merge(b.stage(remove.message()));
        assertThat(bobStore.groups()).isEmpty();
    }

    @Test
    void epochsThatAreNotKeptLeaveNoRecord() throws MlsException {
        b.receive(fromAlice("x"));
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            StagedCommit commit = a.commit().build();
            b.merge(b.stage(commit.message()));
            a.merge(commit);
            b.receive(fromAlice("x"));
            sizes.add(bobStore.inner.snapshot(b.groupId()).size());
        }
        reloadBob();
        assertThat(text(b.receive(fromAlice("y")))).isEqualTo("y");
        assertThat(sizes.get(11)).isEqualTo(sizes.get(10)).isEqualTo(sizes.get(9));
        assertThat(bobStore.inner.snapshot(b.groupId()))
                .doesNotContainKey(new RecordKey.Epoch(b.epoch() - 3).toBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 64, 256})
    void aCommitWritesAsManyRecordsAsTheTreeIsDeep(int members) throws MlsException {
        List<KeyPackage> packages = new ArrayList<>();
        for (int i = 2; i < members; i++) {
            packages.add(
                    client("m" + i, new FailingStore()).generateKeyPackage().keyPackage());
        }
        a.merge(a.commit().addAll(packages).build());
        a.merge(a.commit().build());
        a.merge(a.commit().build());
        int depth = 32 - Integer.numberOfLeadingZeros(members - 1);
        assertThat(aliceStore.lastRecords).isLessThan(4 * depth + 24);
    }

    @Test
    void damagedStateIsRefusedWithItsOwnRule() {
        bobStore.inner.apply(StateChange.builder(b.groupId())
                .put(new RecordKey.Group(), new byte[] {0, 9})
                .build());
        assertThatThrownBy(() -> bob.load(b.groupId()))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    /** It was told that the state is damaged. */
    @Test
    void aClientOfAnotherSuiteIsToldThatItIsTheWrongOne() throws MlsException {
        MlsClient other = MlsClient.create(bob.environment(), new CipherSuite(2), bob.credential());
        assertThatThrownBy(() -> other.load(b.groupId()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("suite");
    }

    @Test
    void aGroupWithANewSignatureKeyIsLoadedWithItsSigner() throws MlsException {
        Signer next = bob.crypto().signer(bob.crypto().generateSignatureKeyPair());
        StagedCommit change =
                b.commit().leaf(LeafUpdate.KEY_ONLY.withSigner(next)).build();
        a.merge(a.stage(change.message()));
        b.merge(change);
        assertThatThrownBy(this::reloadBob)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hand over its signer");
        b = bob.load(b.groupId(), next);
        assertThat(text(a.receive(b.encrypt("signed anew".getBytes(UTF_8))))).isEqualTo("signed anew");
    }

    @Test
    void aMissingRecordIsRefused() {
        bobStore.inner.apply(StateChange.builder(b.groupId())
                .delete(new RecordKey.Epoch(b.epoch()))
                .build());
        assertThatThrownBy(() -> bob.load(b.groupId()))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }
}
