package org.coppice.testkit.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Own Commits that wait for the delivery service's order: until they are merged, dropped or overtaken. */
class PendingCommitTest {
    private final FailingStore store = new FailingStore();
    private MlsClient client;
    private Group group;

    @BeforeEach
    void aGroup() throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(store)
                .build();
        client = MlsClient.create(
                environment,
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                Credential.basic(Bytes.fromHex("aa")));
        group = client.createGroup();
    }

    private long stored() {
        return store.inner.snapshot(group.groupId()).keySet().stream()
                .filter(RecordKind.PENDING_COMMIT::matches)
                .count();
    }

    /**
     * It stayed among those that wait, closed, so that its echo brought a Commit that could not be merged; and in the store with all
     * secrets of its epoch, so that it was back after a reload.
     */
    @Test
    void closingOneDropsItHereAndInTheStoreAndLeavesTheOthers() throws MlsException {
        StagedCommit dropped = group.commit().build();
        StagedCommit kept = group.commit().build();
        dropped.close();
        assertThat(dropped.isClosed()).isTrue();
        assertThat(group.pendingCommits()).containsExactly(kept);
        assertThat(stored()).isEqualTo(1);
        assertThat(((Received.Own) group.receive(dropped.message())).commit()).isEmpty();
        int writes = store.writes;
        dropped.close();
        assertThat(store.writes).isEqualTo(writes);

        Group reloaded = client.load(group.groupId());
        assertThat(reloaded.pendingCommits()).hasSize(1);
        reloaded.pendingCommits().get(0).close();
        assertThat(reloaded.pendingCommits()).isEmpty();
        assertThat(stored()).isZero();
    }

    @Test
    void aStoreThatFailsKeepsTheCommitToBeDropped() throws MlsException {
        StagedCommit commit = group.commit().build();
        store.failing = true;
        assertThatThrownBy(commit::close).isInstanceOf(StateStoreException.class);
        store.failing = false;
        assertThat(commit.isClosed()).isFalse();
        assertThat(group.pendingCommits()).containsExactly(commit);
        group.merge(commit);
        assertThat(group.state()).isEqualTo(commit.nextState());
    }

    @Test
    void theEndOfAProcessLeavesStoredCommitsWaiting() throws MlsException {
        StagedCommit commit = group.commit().build();
        Map<Bytes, Bytes> before = store.inner.snapshot(group.groupId());
        group.close();
        commit.close();
        assertThat(store.inner.snapshot(group.groupId())).isEqualTo(before);
        assertThat(client.load(group.groupId()).pendingCommits()).hasSize(1);
    }

    @Test
    void oneThatWasMergedOrOvertakenHasNothingLeftToDrop() throws MlsException {
        StagedCommit loser = group.commit().build();
        StagedCommit winner = group.commit().build();
        group.merge(winner);
        int writes = store.writes;
        loser.close();
        winner.close();
        assertThat(store.writes).isEqualTo(writes);
        assertThat(group.state()).isEqualTo(winner.nextState());
    }

    @Test
    void itsGroupInfoIsOfTheEpochThatItBeginsAndLetsOthersJoinThat() throws MlsException {
        StagedCommit commit = group.commit().build();
        GroupInfo groupInfo = commit.groupInfo(true).groupInfo().orElseThrow();
        assertThat(groupInfo.groupContext()).isEqualTo(commit.nextState().context());
        assertThat(groupInfo.extensions().types()).contains(ExtensionType.RATCHET_TREE, ExtensionType.EXTERNAL_PUB);
        assertThat(commit.isOwn()).isTrue();

        StagedCommit joining = group.stage(MlsClient.create(
                        client.environment().toBuilder()
                                .store(new FailingStore())
                                .build(),
                        client.crypto().suite(),
                        Credential.basic(Bytes.fromHex("bb")))
                .joinExternally(group.groupInfo(true))
                .commit());
        assertThat(joining.isOwn()).isFalse();
        assertThat(joining.groupInfo(false).groupInfo().orElseThrow().groupContext())
                .isEqualTo(joining.nextState().context());
    }

    @Test
    void oneThatWasMergedSignsNoGroupInfo() throws MlsException {
        StagedCommit commit = group.commit().build();
        group.merge(commit);
        assertThatThrownBy(() -> commit.groupInfo(true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneOfAnotherEpochIsNotTakenFromTheStore() throws MlsException {
        group.merge(group.commit().build());
        group.commit().build();
        Map.Entry<Bytes, Bytes> record = store.inner.snapshot(group.groupId()).entrySet().stream()
                .filter(entry -> RecordKind.PENDING_COMMIT.matches(entry.getKey()))
                .findFirst()
                .orElseThrow();
        byte[] value = record.getValue().toByteArray();
        assertThat(value[7]).isEqualTo((byte) group.epoch());
        value[7]--;
        store.inner.apply(StateChange.builder(group.groupId())
                .put(RecordKey.parse(record.getKey()), value)
                .build());
        assertThatThrownBy(() -> client.load(group.groupId()))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    /** A new signature key or credential was left out without a word. */
    @Test
    void aNewLeafIsNotLeftOutWithThePath() throws MlsException {
        LeafUpdate update = LeafUpdate.KEY_ONLY.withCredential(Credential.basic(Bytes.fromHex("bb")));
        assertThatThrownBy(() -> group.commit()
                        .add(client.generateKeyPackage().keyPackage())
                        .leaf(update)
                        .withoutPath()
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("path");
        assertThat(group.pendingCommits()).isEmpty();
    }
}
