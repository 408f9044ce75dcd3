package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.cookbook.Kitchen.SUITE;
import static org.coppice.cookbook.Kitchen.bytes;
import static org.coppice.cookbook.Kitchen.client;
import static org.coppice.cookbook.Kitchen.environment;
import static org.coppice.cookbook.Kitchen.join;
import static org.coppice.mls.crypto.CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.x509.X509CredentialValidator;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStoreException;
import org.coppice.testkit.contract.StateStoreContract;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What docs/COOKBOOK.md says can go wrong, in its order: the recipes over {@code mls}. */
class MlsTroubleTest {
    @TempDir
    private Path directory;

    private final Group alices;
    private final MlsClient bob;

    MlsTroubleTest() throws MlsException {
        alices = client(environment().build(), "alice").createGroup();
        bob = client(environment().build(), "bob");
    }

    private static void refuses(Rule rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }

    // ---- two members

    @Test
    void whatIsNoMessageSaysWhere() {
        assertThatThrownBy(() -> MlsMessage.decode(new byte[] {0, 1, 0}))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.offset()).isEqualTo(2));
    }

    @Test
    void aMessageTwiceAndAMessageTooEarlyAreToldApart() throws MlsException {
        Group bobs = join(alices, bob);
        MlsMessage message = alices.encrypt("once".getBytes(UTF_8));
        bobs.receive(message);
        assertThatThrownBy(() -> bobs.receive(message)).isInstanceOf(DuplicateMessageException.class);
        alices.merge(alices.commit().build());
        MlsMessage early = alices.encrypt("too early".getBytes(UTF_8));
        assertThatThrownBy(() -> bobs.receive(early)).isInstanceOf(FutureEpochException.class);
    }

    @Test
    void aLateMessageIsReadForTwoMoreEpochs() throws MlsException {
        Group bobs = join(alices, bob);
        MlsMessage late = alices.encrypt("late".getBytes(UTF_8));
        MlsMessage tooLate = alices.encrypt("too late".getBytes(UTF_8));
        for (int i = 0; i < 3; i++) {
            StagedCommit refresh = alices.commit().build();
            bobs.merge(bobs.stage(refresh.message()));
            alices.merge(refresh);
            if (i == 1) {
                assertThat(bobs.receive(late)).isInstanceOf(Received.Application.class);
            }
        }
        assertThatThrownBy(() -> bobs.receive(tooLate)).isInstanceOf(StaleEpochException.class);
    }

    @Test
    void nothingIsSentWhileProposalsWait() throws MlsException {
        alices.proposeAdd(bob.generateKeyPackage().keyPackage());
        assertThatThrownBy(() -> alices.encrypt("hello".getBytes(UTF_8))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWelcomeIsForOneKeyPackage() throws MlsException {
        MlsMessage welcome = alices.commit()
                .add(bob.generateKeyPackage().keyPackage())
                .build()
                .welcome()
                .orElseThrow();
        KeyPackageBundle another = bob.generateKeyPackage();
        refuses(Rule.WELCOME_NOT_FOR_US, () -> bob.join(welcome, another));
    }

    @Test
    void aKeyPackageServesOnceAndAGroupIsJoinedOnce() throws MlsException {
        Environment environment = environment().store(new InMemoryStateStore()).build();
        MlsClient carol = client(environment, "carol");
        KeyPackageBundle keys = carol.generateKeyPackage();
        byte[] kept;
        try (Secret encoded = keys.encode()) {
            kept = encoded.exposeCopy();
        }
        MlsMessage welcome =
                alices.commit().add(keys.keyPackage()).build().welcome().orElseThrow();
        carol.join(welcome, keys);
        assertThatThrownBy(() -> carol.join(welcome, keys)).isInstanceOf(IllegalStateException.class);
        // The process died before it could delete what it kept.
        KeyPackageBundle again = KeyPackageBundle.decode(Secret.wrap(kept));
        refuses(Rule.GROUP_ID_IN_USE, () -> carol.join(welcome, again));
    }

    @Test
    void aKeyPackageOfAFormerSignatureKeyIsForAClientOfThatKey() throws MlsException {
        KeyPackageBundle keys = bob.generateKeyPackage();
        StagedCommit adding = alices.commit().add(keys.keyPackage()).build();
        MlsMessage welcome = adding.welcome().orElseThrow();
        MlsClient bobAnew = client(environment().build(), "bob");
        assertThatThrownBy(() -> bobAnew.join(welcome, keys)).isInstanceOf(IllegalArgumentException.class);

        MlsClient former = MlsClient.of(environment().build(), SUITE, bob.credential(), bob.signer());
        Group bobs = former.join(welcome, keys);
        alices.merge(adding);
        StagedCommit replacing = bobs.commit()
                .leaf(LeafUpdate.KEY_ONLY.withSigner(bobAnew.signer()))
                .build();
        alices.merge(alices.stage(replacing.message()));
        bobs.merge(replacing);
        assertThat(alices.roster().get(1).leafNode().signatureKey())
                .isEqualTo(bobAnew.signer().publicKey());
    }

    // ---- X.509

    @Test
    void aCertificateForAnotherKeyIsTheClientsMistakeOrALie() throws Exception {
        Certificates authority = Certificates.authority("Orchard CA");
        Environment environment = certified(authority);
        SuiteCrypto crypto = environment.crypto(SUITE);
        SignatureKeyPair certifiedKey = crypto.generateSignatureKeyPair();
        Bytes certificate = Bytes.wrap(
                authority.certify("mallory", certifiedKey.publicKey()).getEncoded());
        MlsClient mallory = MlsClient.of(
                environment,
                SUITE,
                new Credential.X509(List.of(certificate)),
                crypto.signer(crypto.generateSignatureKeyPair()));
        Group group =
                CertifiedMembership.certified(environment, authority, "alice").createGroup();
        refuses(Rule.CREDENTIAL_KEY_MISMATCH, () -> join(group, mallory));
    }

    private static Environment certified(Certificates authority) {
        return Environment.builder()
                .validator(X509CredentialValidator.builder(Clock.systemUTC())
                        .trust(authority.anchor())
                        .build())
                .build();
    }

    @Test
    void aBasicCredentialIsNoCertificate() throws Exception {
        Certificates authority = Certificates.authority("Orchard CA");
        Group group = CertifiedMembership.certified(certified(authority), authority, "alice")
                .createGroup();
        refuses(Rule.CREDENTIAL_REJECTED, () -> join(group, bob));
    }

    // ---- external join

    @Test
    void membersMayRefuseExternalCommits() throws MlsException {
        Environment closed = environment()
                .policy(GroupPolicy.builder().externalCommits(false).build())
                .build();
        Group group = client(closed, "alice").createGroup();
        MlsMessage commit = bob.joinExternally(group.groupInfo(true)).commit();
        refuses(Rule.EXTERNAL_COMMIT_REFUSED, () -> group.receive(commit));
    }

    @Test
    void aGroupInfoWithoutTheTreeNeedsItFromElsewhere() throws MlsException {
        MlsMessage info = alices.groupInfo(false);
        refuses(Rule.RATCHET_TREE_MISSING, () -> bob.joinExternally(info));
        Bytes tree = Bytes.wrap(alices.state().tree().encoded());
        bob.joinExternally(ExternalJoinRequest.of(info).withRatchetTree(tree)).close();
    }

    // ---- another suite

    @Test
    void anEndedGroupSaysNothingMoreAndItsSuccessorNeedsEverybody() throws MlsException {
        Group bobs = join(alices, bob);
        var next = MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
        var reInit = new Proposal.ReInit(bytes("next"), ProtocolVersion.MLS10, next, Extensions.EMPTY);
        StagedCommit ending = alices.commit().reInit(reInit).build();
        bobs.merge(bobs.stage(ending.message()));
        alices.merge(ending);
        assertThatThrownBy(() -> alices.encrypt("more".getBytes(UTF_8))).isInstanceOf(IllegalStateException.class);

        MlsClient alice = MlsClient.create(environment().build(), next, Credential.basic(bytes("alice")));
        MlsClient bobAnew = MlsClient.create(environment().build(), next, Credential.basic(bytes("bob")));
        refuses(Rule.REINIT_MEMBERS, () -> alices.reinitialize(alice, List.of()));
        KeyPackageBundle keys = bobAnew.generateKeyPackage();
        MlsMessage welcome = alices.reinitialize(alice, List.of(keys.keyPackage()))
                .commit()
                .welcome()
                .orElseThrow();
        refuses(Rule.PSK_UNKNOWN, () -> bobAnew.join(JoinRequest.of(welcome, List.of(keys))));
    }

    // ---- a signer elsewhere

    @Test
    void aSignerThatDoesNotSignEndsTheCallAndNothingElse() throws Exception {
        Signer broken = new Signer() {
            private final Signer before = bob.signer();

            @Override
            public SignaturePublicKey publicKey() {
                return before.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) throws CryptoException {
                throw new CryptoException(CryptoException.Reason.SIGNER_FAILED, "the card was pulled out");
            }
        };
        MlsClient carol = MlsClient.of(environment().build(), SUITE, Credential.basic(bytes("carol")), broken);
        assertThatThrownBy(carol::createGroup)
                .isInstanceOfSatisfying(
                        CryptoException.class,
                        e -> assertThat(e.reason()).isEqualTo(CryptoException.Reason.SIGNER_FAILED));
    }

    @Test
    void aSignerOfAnotherCurveIsTheCallersMistake() {
        assertThatThrownBy(() -> MlsClient.of(
                        environment().build(),
                        MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
                        Credential.basic(bytes("bob")),
                        bob.signer()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theKeyStoreGivesOutNoKey() throws Exception {
        var store = Token.keyStore("alice");
        assertThat(store.getKey("alice", "1234".toCharArray()).getEncoded()).isNull();
    }

    // ---- a store of one's own

    // begin contract
    @TestFactory
    Stream<DynamicTest> theStoreOfTheRecipeHoldsTheContract() {
        return StateStoreContract.cases(SqlFile::new, SqlFile::reopened).stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }
    // end contract

    /** The store of the recipe, each time over a file of its own. */
    private final class SqlFile implements org.coppice.mls.state.StateStore {
        private final Path file;
        private final Connection connection;
        private final SqlStateStore store;

        SqlFile() {
            this(directory.resolve(java.util.UUID.randomUUID() + ".db"));
        }

        private SqlFile(Path file) {
            try {
                this.file = file;
                connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                // Bound by the disk otherwise; that a commit is on it when it returns is SQLite's promise.
                connection.createStatement().execute("PRAGMA synchronous = OFF");
                store = new SqlStateStore(connection);
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
        }

        SqlFile reopened() {
            try {
                connection.close();
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
            return new SqlFile(file);
        }

        @Override
        public void apply(StateChange change) {
            store.apply(change);
        }

        @Override
        public java.util.Map<Bytes, byte[]> load(Bytes groupId) {
            return store.load(groupId);
        }

        @Override
        public java.util.Set<Bytes> groups() {
            return store.groups();
        }
    }

    @Test
    void aSignatureKeyThatWasKeptOpensTheGroupAgain() throws MlsException {
        Environment environment = environment().store(new InMemoryStateStore()).build();
        SuiteCrypto crypto = environment.crypto(SUITE);
        SignatureKeyPair made = crypto.generateSignatureKeyPair();
        Bytes groupId = MlsClient.of(environment, SUITE, Credential.basic(bytes("alice")), crypto.signer(made))
                .createGroup()
                .groupId();
        byte[] kept = made.privateKey().exposeCopy();
        made.close();

        SignatureKeyPair again = new SignatureKeyPair(Secret.wrap(kept), made.publicKey());
        MlsClient alice = MlsClient.of(environment, SUITE, Credential.basic(bytes("alice")), crypto.signer(again));
        Group group = alice.load(groupId);
        group.merge(group.commit().build());
        assertThat(group.epoch()).isEqualTo(1);
        assertThatThrownBy(() -> client(environment, "alice").load(groupId))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signature key");
    }

    @Test
    void whatTheStoreThrowsAbortsTheCall() throws Exception {
        Connection database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("broken.db"));
        Group group = client(environment().store(new SqlStateStore(database)).build(), "alice")
                .createGroup();
        database.close();
        assertThatThrownBy(() -> group.encrypt("hello".getBytes(UTF_8))).isInstanceOf(StateStoreException.class);
        assertThat(group.epoch()).isZero();
    }

    @Test
    void damagedRecordsAreNotLoaded() throws MlsException {
        InMemoryStateStore store = new InMemoryStateStore();
        MlsClient alice = client(environment().store(store).build(), "alice");
        Bytes groupId = alice.createGroup().groupId();
        Bytes some = store.load(groupId).keySet().iterator().next();
        store.apply(StateChange.builder(groupId).delete(some).build());
        assertThatThrownBy(() -> alice.load(groupId))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
    }

    // ---- an observer

    @Test
    void privateHandshakesPassTheObserverUnseen() throws MlsException {
        PublicGroup observer = PublicGroup.follow(environment().build(), alices.groupInfo(true), Optional.empty());
        StagedCommit unseen = alices.commit().build();
        assertThat(observer.stage(unseen.message())).isInstanceOf(Observed.Opaque.class);
        alices.merge(unseen);
        MlsMessage later = alices.commit().build().message();
        assertThatThrownBy(() -> observer.stage(later)).isInstanceOf(FutureEpochException.class);
    }

    // ---- a lost state

    @Test
    void nobodyTakesAnothersLeaf() throws MlsException {
        Group bobs = join(alices, bob);
        MlsClient mallory = client(environment().build(), "mallory");
        ExternalJoinRequest request =
                ExternalJoinRequest.of(bobs.groupInfo(true)).replacing(bobs.ownLeaf());
        refuses(Rule.EXTERNAL_COMMIT_REMOVE, () -> mallory.joinExternally(request));
    }
}
