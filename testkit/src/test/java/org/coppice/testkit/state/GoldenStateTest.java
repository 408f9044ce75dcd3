package org.coppice.testkit.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.Successor;
import org.coppice.mls.group.WholeState;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.testkit.golden.GoldenState;
import org.coppice.testkit.golden.GoldenStateMaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State that a release has written is read by every later one, and its groups go on: with the recorded files, which are never made
 * anew, and with files made now, so that the maker stays able to write those of the next version.
 */
class GoldenStateTest {
    private static final CryptoProvider PROVIDER = CryptoProviders.best();

    /** What the format's version says; with the next version come its own files, and these stay as long as it can be read. */
    private static final int RECORDED_VERSION = 1;

    static List<GoldenState> all() throws IOException, MlsException {
        List<GoldenState> out = new ArrayList<>(recorded());
        out.add(GoldenStateMaker.make(new CipherSuite(1), PROVIDER, "now"));
        return out;
    }

    static List<GoldenState> recorded() throws IOException {
        List<GoldenState> out = new ArrayList<>();
        for (int suite = 1; suite <= 3; suite++) {
            String name = "/state/v" + RECORDED_VERSION + "/suite-" + suite + ".json";
            try (InputStream in = GoldenStateTest.class.getResourceAsStream(name)) {
                out.add(GoldenState.read(in));
            }
        }
        return out;
    }

    private static Environment environment(GoldenState golden) {
        return GoldenState.environment(PROVIDER, Randomness.system(), golden.time())
                .build();
    }

    private static Group load(GoldenState golden, String name, String group) throws MlsException {
        return golden.client(name, PROVIDER).load(golden.bytes(group + "/id"));
    }

    private static PublicGroup observer(GoldenState golden, String group) throws MlsException {
        return PublicGroup.load(environment(golden), arrays(golden.records(group + "/observer")));
    }

    private static Map<Bytes, byte[]> arrays(Map<Bytes, Bytes> records) {
        Map<Bytes, byte[]> out = new TreeMap<>();
        records.forEach((key, value) -> out.put(key, value.toByteArray()));
        return out;
    }

    private static void assertReads(Group group, GoldenState golden, String field) throws MlsException {
        Received.Application received = (Received.Application) group.receive(golden.message(field + "/message"));
        assertThat(received.data()).as(field).isEqualTo(golden.bytes(field + "/data"));
    }

    private static void assertIsIn(Group group, GoldenState golden, String field) {
        assertThat(group.state().encodedContext()).isEqualTo(golden.bytes(field + "/group_context"));
        assertThat(group.epochAuthenticator()).isEqualTo(golden.bytes(field + "/epoch_authenticator"));
    }

    // ---- the version

    @Test
    void theVersionIsTheRecordedOne() {
        assertThat(RecordKey.FORMAT_VERSION)
                .as(
                        "The format of stored state has another version than the recorded files. Keep state/v%s, which releases have"
                                + " written. Make files of the new version as docs/STATE.md says, let this test read both folders, and"
                                + " either bring the old records into the new form when they are loaded or refuse them with STORED_STATE;"
                                + " CHANGELOG.md and docs/STATE.md say which.",
                        RECORDED_VERSION)
                .isEqualTo(RECORDED_VERSION);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void otherVersionsAreRefused(GoldenState golden) throws MlsException {
        for (int version : new int[] {0, 2, 0xffff}) {
            Bytes group = golden.bytes("group/id");
            MlsClient ada = golden.client("ada", PROVIDER);
            byte[] header = ada.environment().store().load(group).get(new RecordKey.Group().toBytes());
            header[0] = (byte) (version >> 8);
            header[1] = (byte) version;
            ada.environment()
                    .store()
                    .apply(StateChange.builder(group)
                            .put(new RecordKey.Group(), header)
                            .build());
            refused(() -> ada.load(group));

            Map<Bytes, byte[]> observed = arrays(golden.records("group/observer"));
            byte[] observerHeader = observed.get(new RecordKey.Observer().toBytes());
            observerHeader[0] = (byte) (version >> 8);
            observerHeader[1] = (byte) version;
            refused(() -> PublicGroup.load(environment(golden), observed));
        }
    }

    private static void refused(ThrowingCallable load) {
        assertThatThrownBy(load)
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    // ---- the records

    @ParameterizedTest
    @MethodSource("all")
    void everyKindOfRecordIsThere(GoldenState golden) throws MlsException {
        Set<RecordKind> kinds = EnumSet.noneOf(RecordKind.class);
        for (String place : List.of("group/ada", "group/observer")) {
            for (Bytes key : golden.records(place).keySet()) {
                kinds.add(RecordKey.parse(key).kind());
            }
        }
        assertThat(kinds).containsExactlyInAnyOrder(RecordKind.values());
    }

    @ParameterizedTest
    @MethodSource("all")
    void writingAgainGivesTheSameRecords(GoldenState golden) throws MlsException {
        for (String group : List.of("group", "ended")) {
            for (String name : List.of("ada", "bea")) {
                assertThat(WholeState.of(load(golden, name, group))).isEqualTo(golden.records(group + "/" + name));
            }
            Map<Bytes, Bytes> written = new TreeMap<>();
            observer(golden, group)
                    .initialChange()
                    .puts()
                    .forEach(put -> written.put(put.key(), Bytes.copyOf(put.value())));
            assertThat(written).isEqualTo(golden.records(group + "/observer"));
        }
    }

    // ---- the groups go on

    @ParameterizedTest
    @MethodSource("all")
    void messagesOfThePresentAndOfPastEpochsAreRead(GoldenState golden) throws MlsException {
        Group ada = load(golden, "ada", "group");
        assertIsIn(ada, golden, "present");
        for (String name : List.of("next", "skipped", "first", "past")) {
            assertReads(ada, golden, "messages/" + name);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aCommitThatCoversAnOwnUpdateIsProcessed(GoldenState golden) throws MlsException {
        Group ada = load(golden, "ada", "group");
        assertThat(ada.pendingProposals()).hasSize(2);
        ada.merge(ada.stage(golden.message("commit/message")));
        assertIsIn(ada, golden, "commit");
        assertReads(ada, golden, "commit/then");
        assertReads(ada, golden, "messages/skipped");
        assertThat(ada.pendingCommits()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theCommitThatWaitsIsMerged(GoldenState golden) throws MlsException {
        Group ada = load(golden, "ada", "group");
        Received.Own echo = (Received.Own) ada.receive(golden.message("pending/message"));
        assertThat(echo.commit().orElseThrow().welcome()).isPresent();
        ada.merge(echo.commit().orElseThrow());
        assertIsIn(ada, golden, "pending");
        assertReads(ada, golden, "pending/then");
        Group bea = load(golden, "bea", "group");
        bea.merge(bea.stage(golden.message("pending/message")));
        Received.Application heard = (Received.Application) bea.receive(ada.encrypt("on we go".getBytes(UTF_8)));
        assertThat(heard.data()).isEqualTo(Bytes.wrap("on we go".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aGroupThatEndedIsContinued(GoldenState golden) throws MlsException {
        MlsClient ada = golden.client("ada", PROVIDER);
        Group adasOld = ada.load(golden.bytes("ended/id"));
        assertThat(adasOld.status()).isEqualTo(GroupStatus.REINITIALIZED);
        assertThat(adasOld.reInit().orElseThrow().groupId()).isEqualTo(golden.bytes("ended/reinit_group_id"));
        MlsClient bea = golden.client("bea", PROVIDER);
        Group beasOld = bea.load(golden.bytes("ended/id"));
        KeyPackageBundle bundle = bea.generateKeyPackage();
        Successor successor = adasOld.reinitialize(ada, List.of(bundle.keyPackage()));
        MlsMessage welcome = successor.commit().welcome().orElseThrow();
        Group beas = bea.join(JoinRequest.of(welcome, List.of(bundle)).withPredecessor(beasOld));
        successor.group().merge(successor.commit());
        assertThat(beas.epochAuthenticator()).isEqualTo(successor.group().epochAuthenticator());
    }

    @ParameterizedTest
    @MethodSource("all")
    void anObserverGoesOn(GoldenState golden) throws MlsException {
        for (String world : List.of("commit", "pending")) {
            PublicGroup observer = observer(golden, "group");
            assertThat(observer.state().encodedContext()).isEqualTo(golden.bytes("present/group_context"));
            assertThat(observer.pendingProposals()).hasSize(2);
            assertThat(observer.ratchetTree())
                    .isEqualTo(SuiteCrypto.encode(
                            load(golden, "ada", "group").state().tree()));
            observer.merge((StagedPublicCommit) observer.stage(golden.message(world + "/message")));
            assertThat(observer.state().encodedContext()).isEqualTo(golden.bytes(world + "/group_context"));
        }
        assertThat(observer(golden, "ended").isReinitialized()).isTrue();
    }
}
