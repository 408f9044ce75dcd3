package org.coppice.testkit.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.testkit.Scene;
import org.coppice.testkit.SeededRandomness;
import org.coppice.testkit.state.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an observer writes, and that it comes back from it as it was. */
class ObserverStorageTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private final InMemoryStateStore store = new InMemoryStateStore();
    private PublicGroup observer;

    private void follow(Environment environment, MlsMessage groupInfo) throws MlsException {
        observer = PublicGroup.follow(environment, Scene.wire(groupInfo), Optional.empty());
        store.apply(observer.initialChange());
    }

    private PublicGroup loaded(Environment environment) throws MlsException {
        return PublicGroup.load(environment, store.load(observer.state().groupId()));
    }

    /** Stages, writes and merges, as a delivery service does; returns how many records that took. */
    private int observe(MlsMessage message) throws MlsException {
        Observed.Staged staged = (Observed.Staged) observer.stage(Scene.wire(message));
        StateChange change = observer.change(staged);
        assertThat(change.deletesGroup()).isFalse();
        store.apply(change);
        observer.merge(staged);
        return change.puts().size() + change.deletes().size();
    }

    /** All that can be seen of an observer. */
    private static Map<Bytes, Bytes> everything(PublicGroup group) {
        Map<Bytes, Bytes> out = new TreeMap<>();
        group.initialChange().puts().forEach(put -> out.put(put.key(), Bytes.copyOf(put.value())));
        return out;
    }

    private void assertSameAsLoaded(Environment environment) throws MlsException {
        PublicGroup loaded = loaded(environment);
        assertThat(loaded.state()).isEqualTo(observer.state());
        assertThat(loaded.state().interimTranscriptHash())
                .isEqualTo(observer.state().interimTranscriptHash());
        assertThat(loaded.ratchetTree()).isEqualTo(observer.ratchetTree());
        assertThat(loaded.pendingProposals()).isEqualTo(observer.pendingProposals());
        assertThat(loaded.isReinitialized()).isEqualTo(observer.isReinitialized());
        assertThat(everything(loaded)).isEqualTo(everything(observer));
        assertThat(store.snapshot(observer.state().groupId())).isEqualTo(everything(observer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ash", "birch", "cherry", "dogwood"})
    void reloadedAfterEachStepItIsTheOneThatFollowed(String seed) throws MlsException {
        SeededRandomness random = new SeededRandomness(seed);
        History history = new History(random);
        Environment environment = history.environment();
        follow(environment, history.groupInfo());
        for (int step = 0; step < 60; step++) {
            MlsMessage message = history.next();
            Map<Bytes, Bytes> before = everything(observer);
            Map<Bytes, Bytes> stored = store.snapshot(observer.state().groupId());
            MlsMessage spoiled = history.spoil(message);
            assertThatThrownBy(() -> observer.stage(spoiled))
                    .as("seed %s, step %s", seed, step)
                    .isInstanceOf(MlsException.class);
            observer.change((Observed.Staged) observer.stage(message));
            assertThat(everything(observer)).isEqualTo(before);
            assertThat(store.snapshot(observer.state().groupId())).isEqualTo(stored);
            observe(message);
            assertThat(observer.state()).isEqualTo(history.state());
            assertSameAsLoaded(environment);
            if (random.chance(30)) {
                observer = loaded(environment);
            }
        }
    }

    /** An untouched tree is written once; after that, no message costs more than its path. */
    @Test
    void aThousandMembersCostARecordForEachLevelOfTheTree() throws MlsException {
        int depth = 10;
        Scene scene = Scene.empty(SUITE);
        Scene.Actor alice = scene.client("alice");
        alice.enter(alice.client().createGroup());
        List<KeyPackage> packages = new ArrayList<>();
        Map<Scene.Actor, KeyPackageBundle> joiners = new LinkedHashMap<>();
        for (int i = 1; i < 1000; i++) {
            Scene.Actor actor = scene.client("m" + i);
            KeyPackageBundle bundle = actor.client().generateKeyPackage();
            packages.add(bundle.keyPackage());
            if (i == 100 || i == 900) {
                joiners.put(actor, bundle);
            }
        }
        StagedCommit add = alice.group().commit().addAll(packages).build();
        for (Map.Entry<Scene.Actor, KeyPackageBundle> joiner : joiners.entrySet()) {
            Scene.Actor actor = joiner.getKey();
            actor.enter(actor.client().join(add.welcome().orElseThrow(), joiner.getValue()));
        }
        alice.group().merge(add);
        follow(alice.client().environment(), alice.group().groupInfo(true));

        List<Scene.Actor> members = new ArrayList<>(joiners.keySet());
        members.add(alice);
        for (Scene.Actor actor : members) {
            StagedCommit commit = actor.group().commit().build();
            // The header, the leaf, and at most each node above it.
            assertThat(observe(commit.message())).isLessThanOrEqualTo(2 + depth);
            scene.follow(actor.name(), commit);
        }
        Group group = alice.group();
        MlsMessage update = members.get(0).group().proposeUpdate();
        assertThat(observe(update)).isEqualTo(1);
        scene.deliver(members.get(0).name(), update);
        StagedCommit covering = group.commit().build();
        // The header, two paths, and the proposal that goes.
        assertThat(observe(covering.message())).isLessThanOrEqualTo(1 + 2 * (1 + depth) + 1);
        scene.follow("alice", covering);

        StagedCommit remove = group.commit()
                .remove(members.get(1).group().ownLeaf())
                .add(scene.client("newcomer").client().generateKeyPackage().keyPackage())
                .build();
        assertThat(observe(remove.message())).isLessThanOrEqualTo(1 + 3 * (1 + depth));
        group.merge(remove);
        assertThat(observer.state()).isEqualTo(group.state());
        assertSameAsLoaded(alice.client().environment());
    }

    @Test
    void theRecordsAreAHeaderTheTreeAndTheProposals() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        follow(scene.actor("alice").client().environment(), scene.group("alice").groupInfo(true));
        observe(scene.group("bob").proposeUpdate());
        assertThat(store.snapshot(observer.state().groupId()).keySet())
                .allSatisfy(key -> assertThat(RecordKey.parse(key).kind())
                        .isIn(RecordKind.OBSERVER, RecordKind.TREE_NODE, RecordKind.PROPOSAL));
    }

    @Test
    void proposalsComeBackInTheirOrder() throws MlsException {
        Scene scene = Scene.of("alice", "bob", "carol");
        Environment environment = scene.actor("alice").client().environment();
        follow(environment, scene.group("alice").groupInfo(true));
        for (int i = 0; i < 12; i++) {
            observe(scene.group(i % 2 == 0 ? "bob" : "carol").proposeUpdate());
            if (i == 5) {
                observer = loaded(environment);
            }
        }
        assertThat(observer.pendingProposals()).hasSize(12);
        assertSameAsLoaded(environment);
    }

    /** Two servers on one database: the one that lost the race may have written its proposal late. */
    @Test
    void aProposalOfAnEpochThatIsOverIsIgnoredAndGoesWithTheNextCommit() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        Environment environment = scene.actor("alice").client().environment();
        follow(environment, scene.group("alice").groupInfo(true));
        StateChange late = observer.change(
                (Observed.Staged) observer.stage(scene.group("bob").proposeUpdate()));
        StagedCommit first = scene.group("alice").commit().build();
        observe(first.message());
        scene.follow("alice", first);
        store.apply(late);
        observer = loaded(environment);
        assertThat(observer.pendingProposals()).isEmpty();
        observe(scene.group("alice").commit().build().message());
        assertSameAsLoaded(environment);
    }

    @Test
    void thatTheGroupHasEndedSurvives() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        Environment environment = scene.actor("alice").client().environment();
        follow(environment, scene.group("alice").groupInfo(true));
        observe(scene.group("alice")
                .commit()
                .reInit(new Proposal.ReInit(
                        Bytes.fromHex("aa"), observer.state().context().version(), SUITE, Extensions.EMPTY))
                .build()
                .message());
        assertThat(loaded(environment).isReinitialized()).isTrue();
        assertSameAsLoaded(environment);
    }

    // ---- what is refused

    private void refusesToLoad(Environment environment) {
        assertThatThrownBy(() -> loaded(environment))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    @Test
    void damagedOrForeignRecordsAreRefused() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        Scene.Actor alice = scene.actor("alice");
        Environment environment = alice.client().environment();
        follow(environment, alice.group().groupInfo(true));
        Bytes group = observer.state().groupId();
        StateChange whole = observer.initialChange();

        store.apply(StateChange.builder(group).delete(new RecordKey.TreeNode(0)).build());
        refusesToLoad(environment);
        store.apply(whole);
        store.apply(StateChange.builder(group).delete(new RecordKey.Observer()).build());
        refusesToLoad(environment);
        store.apply(whole);
        byte[] otherVersion = store.load(group).get(new RecordKey.Observer().toBytes());
        otherVersion[1]++;
        store.apply(StateChange.builder(group)
                .put(new RecordKey.Observer(), otherVersion)
                .build());
        refusesToLoad(environment);

        // A member's records are no observer's, and an observer's are no member's.
        assertThatThrownBy(() -> PublicGroup.load(environment, alice.store().load(group)))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
        MlsClient member = MlsClient.create(
                environment.toBuilder().store(store).build(), SUITE, Credential.basic(Bytes.fromHex("aa")));
        store.apply(whole);
        assertThatThrownBy(() -> member.load(group))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }
}
