package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Reachable;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.WatchedCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;
import org.coppice.mls.state.StateStoreException;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is derived for one purpose is wiped when it has served: after each call, every array that held a secret on the way is zero,
 * or is that of a secret that one of the caller's objects still holds; and what they held before and hold no more is closed
 * (RFC 9420 §9.2).
 */
class LeftSecretsTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Bytes PSK_ID = Bytes.fromHex("aa");
    private static final byte[] DATA = "hello".getBytes(StandardCharsets.UTF_8);

    private final WatchedCrypto crypto = new WatchedCrypto();
    /** The objects that may hold secrets. */
    private final List<Object> owners = new ArrayList<>();
    /** They have the signature keys, for as long as a test lasts. */
    private final List<MlsClient> clients = new ArrayList<>();
    /** What they have held so far. */
    private final Set<Secret> held = Collections.newSetFromMap(new IdentityHashMap<>());

    private final BreakableStore bobsStore = new BreakableStore();
    private MlsClient aliceClient;
    private MlsClient bobClient;
    private Group alice;
    private Group bob;
    private Group carol;

    /** While it is broken, it refuses to write, and has lost what is left of the secret trees. */
    private static final class BreakableStore implements StateStore {
        private final InMemoryStateStore inner = new InMemoryStateStore();
        /** The values that it gave away. */
        private final List<byte[]> given = new ArrayList<>();

        private boolean broken;
        /** How many writes there is room for. */
        private int room = Integer.MAX_VALUE;

        @Override
        public void apply(StateChange change) {
            if (broken || room == 0) {
                throw new StateStoreException("the disk is full");
            }
            room--;
            inner.apply(change);
        }

        @Override
        public Map<Bytes, byte[]> load(Bytes groupId) {
            Map<Bytes, byte[]> records = inner.load(groupId);
            if (broken) {
                records.keySet().removeIf(RecordKind.SECRET_NODE::matches);
            }
            given.addAll(records.values());
            return records;
        }

        @Override
        public Set<Bytes> groups() {
            return inner.groups();
        }
    }

    private MlsClient client(String name, StateStore store) throws MlsException {
        return client(name, store, 1);
    }

    private MlsClient client(String name, StateStore store, int pastEpochs) throws MlsException {
        Environment environment = Environment.builder()
                .provider(crypto)
                .validator(CredentialValidator.acceptAll())
                .policy(GroupPolicy.builder()
                        .pastEpochs(pastEpochs)
                        .resumptionPsks(1)
                        .build())
                .psks(id -> Optional.of(Secret.wrap(id.toByteArray())))
                .store(store)
                .build();
        MlsClient client = MlsClient.create(environment, SUITE, Credential.basic(utf8(name)));
        clients.add(client);
        return client;
    }

    private static Bytes utf8(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private <T> T own(T owner) {
        owners.add(owner);
        return owner;
    }

    private void assertNothingIsLeft(String when) {
        Set<Secret> holding = Reachable.secretsOf(List.of(owners, clients));
        assertThat(crypto.leftBy(holding)).as(when).isEmpty();
        held.addAll(holding);
        assertThat(held).as(when).allMatch(secret -> secret.isClosed() || holding.contains(secret));
    }

    private void assertRefusedWithoutLeavings(String what, ThrowingCallable call) {
        assertThatThrownBy(call).as(what).isInstanceOf(Exception.class);
        assertNothingIsLeft(what);
    }

    @BeforeEach
    void threeMembers() throws MlsException {
        aliceClient = client("alice", new InMemoryStateStore());
        bobClient = client("bob", bobsStore);
        MlsClient carolClient = client("carol", new InMemoryStateStore(), 0);
        alice = own(aliceClient.createGroup());
        assertNothingIsLeft("a group is created");
        KeyPackageBundle bobs = own(bobClient.generateKeyPackage());
        KeyPackageBundle carols = own(carolClient.generateKeyPackage());
        assertNothingIsLeft("key packages are made");
        StagedCommit add = own(
                alice.commit().add(bobs.keyPackage()).add(carols.keyPackage()).build());
        assertNothingIsLeft("a Commit with a Welcome is made");
        MlsMessage welcome = add.welcome().orElseThrow();
        alice.merge(add);
        assertNothingIsLeft("it is merged");
        bobsStore.broken = true;
        assertRefusedWithoutLeavings("a join that cannot be stored", () -> bobClient.join(welcome, bobs));
        bobsStore.broken = false;
        bob = own(bobClient.join(welcome, bobs));
        carol = own(carolClient.join(welcome, carols));
        assertNothingIsLeft("members join");
    }

    /** Merges a Commit of one member everywhere. */
    private void follow(String what, StagedCommit commit, Group committer, Group... others) throws MlsException {
        own(commit);
        assertNothingIsLeft(what + " is committed");
        for (Group other : others) {
            StagedCommit staged =
                    own(other.stage(MlsMessage.decode(commit.message().encoded())));
            assertNothingIsLeft(what + " is staged");
            other.merge(staged);
            assertNothingIsLeft(what + " is followed");
        }
        committer.merge(commit);
        assertNothingIsLeft(what + " is merged");
    }

    /** Also with a past epoch and a resumption PSK to drop at each step, for the policy keeps one of each; carol keeps no epoch. */
    @Test
    @Tag("R-9.2-01")
    void membersKeepNothingOnTheWay() throws MlsException {
        assertThat(crypto.seen()).isGreaterThan(100);
        follow("an empty Commit", carol.commit().build(), carol, alice, bob);
        follow("another", bob.commit().build(), bob, alice, carol);
        follow("one with a PSK", alice.commit().externalPsk(PSK_ID).build(), alice, bob, carol);
        follow(
                "one with a resumption PSK and no path",
                alice.commit()
                        .resumptionPsk(alice.groupId(), alice.epoch())
                        .withoutPath()
                        .build(),
                alice,
                bob,
                carol);
        MlsMessage update = bob.proposeUpdate();
        assertNothingIsLeft("an Update is proposed");
        alice.receive(update);
        carol.receive(update);
        assertNothingIsLeft("an Update is received");
        follow("an Update", carol.commit().build(), carol, alice, bob);
        carol.proposeUpdate();
        follow("an Update that is not covered", alice.commit().build(), alice, bob, carol);
        own(alice.commit().build()).close();
        assertNothingIsLeft("a Commit is dropped");
        StagedCommit lost = own(alice.commit().build());
        follow("a rival", bob.commit().build(), bob, alice, carol);
        assertThat(lost.isClosed()).isTrue();
        follow("a Remove", alice.commit().remove(carol.ownLeaf()).build(), alice, bob, carol);
        alice.proposeUpdate();
        own(bob.commit().build());
        assertNothingIsLeft("an Update and a Commit wait");
        alice.close();
        bob.close();
        owners.clear();
        assertNothingIsLeft("all groups are closed");
    }

    @Test
    void messagesLeaveNothing() throws MlsException {
        MlsMessage message = alice.encrypt(DATA);
        MlsMessage late = alice.encrypt(DATA);
        MlsMessage later = alice.encrypt(DATA);
        assertNothingIsLeft("messages are sent");
        bob.receive(later);
        bob.receive(message);
        assertNothingIsLeft("messages are received");
        MlsMessage next = alice.encrypt(DATA);
        for (MlsMessage genuine : List.of(late, next)) {
            byte[] changed = genuine.encoded();
            changed[changed.length - 1] ^= 1;
            assertRefusedWithoutLeavings("a damaged message", () -> bob.receive(MlsMessage.decode(changed)));
        }
        bobsStore.broken = true;
        assertRefusedWithoutLeavings("the next message, which cannot be stored", () -> bob.receive(next));
        assertRefusedWithoutLeavings("a message that cannot be stored", () -> bob.receive(late));
        assertRefusedWithoutLeavings("one to be sent", () -> bob.encrypt(DATA));
        assertRefusedWithoutLeavings("an Update that cannot be stored", () -> bob.proposeUpdate());
        assertRefusedWithoutLeavings(
                "a Commit that cannot be stored", () -> bob.commit().build());
        StagedCommit commit = own(carol.commit().build());
        StagedCommit staged = own(bob.stage(commit.message()));
        assertRefusedWithoutLeavings("a merge that cannot be stored", () -> bob.merge(staged));
        bobsStore.broken = false;
        bob.merge(staged);
        assertNothingIsLeft("it is merged after all");
        bob.receive(late);
        assertNothingIsLeft("a message of the past epoch is received");
    }

    /** A library that throws where it must not leaves neither nonce nor plaintext, nor keys of what was not sent. */
    @Test
    void whatCannotBeSealedLeavesNothing() throws MlsException {
        List<ThrowingCallable> calls = List.of(
                () -> bob.encrypt(DATA),
                () -> bob.proposeUpdate(),
                () -> bob.commit().wireFormat(WireFormat.PRIVATE_MESSAGE).build());
        int failed = 0;
        for (ThrowingCallable call : calls) {
            int before = failed;
            for (int seals = 0; throwsAfter(seals, call); seals++) {
                assertNothingIsLeft("a failure after " + seals);
                failed++;
            }
            // Content and sender data at least.
            assertThat(failed - before).isGreaterThanOrEqualTo(2);
        }
        assertThat(failed).isGreaterThan(6);
    }

    private boolean throwsAfter(int seals, ThrowingCallable call) {
        crypto.failSealingAfter(seals);
        try {
            call.call();
            return false;
        } catch (IllegalStateException e) {
            return true;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            crypto.failSealingAfter(Integer.MAX_VALUE);
        }
    }

    @Test
    void commitsThatAreDroppedLeaveNothing() throws MlsException {
        alice.commit().build();
        assertNothingIsLeft("a Commit waits");
        alice.clearPendingCommits();
        assertNothingIsLeft("it is dropped");
    }

    @Test
    void aPathThatIsNotSignedLeavesNothing() throws MlsException {
        assertRefusedWithoutLeavings(
                "a Commit that the signer refuses",
                () -> alice.commit()
                        .leaf(LeafUpdate.KEY_ONLY.withSigner(withoutToken()))
                        .build());
        follow("the next", alice.commit().build(), alice, bob, carol);
    }

    @Test
    void whatElseIsNotSignedLeavesNothing() throws MlsException {
        MlsClient client =
                own(MlsClient.of(aliceClient.environment(), SUITE, Credential.basic(utf8("dave")), withoutToken()));
        assertRefusedWithoutLeavings("a key package", client::generateKeyPackage);
        assertRefusedWithoutLeavings("a group", client::createGroup);
        MlsMessage groupInfo = bob.groupInfo(true);
        assertRefusedWithoutLeavings(
                "an external join",
                () -> client.joinExternally(ExternalJoinRequest.of(groupInfo).replacing(new LeafIndex(0))));
        assertRefusedWithoutLeavings(
                "an Update",
                () -> alice.proposeUpdate(LeafUpdate.KEY_ONLY.withSigner(withoutToken()), SendOptions.DEFAULT));
    }

    @Test
    void whatIsNotStoredLeavesNothing() throws MlsException {
        KeyPackageBundle alices = own(aliceClient.generateKeyPackage());
        StagedCommit own = own(bob.commit().build());
        StagedCommit other = own(bob.stage(
                MlsMessage.decode(own(alice.commit().build()).message().encoded())));
        bobsStore.room = 0;
        assertRefusedWithoutLeavings("a group", bobClient::createGroup);
        assertRefusedWithoutLeavings("a message", () -> bob.encrypt(DATA));
        assertRefusedWithoutLeavings("an Update", bob::proposeUpdate);
        assertRefusedWithoutLeavings("a Commit", () -> bob.commit().build());
        assertRefusedWithoutLeavings("an own Commit that is merged", () -> bob.merge(own));
        assertRefusedWithoutLeavings("another's Commit that is merged", () -> bob.merge(other));
        for (int room = 0; room < 2; room++) {
            bobsStore.room = room;
            Bytes id = utf8("a subgroup with room for " + room);
            assertRefusedWithoutLeavings("a subgroup", () -> bob.branch(bobClient, id, List.of(alices.keyPackage())));
        }
        bobsStore.room = Integer.MAX_VALUE;
        bob.merge(other);
        assertNothingIsLeft("it is merged");
    }

    private Signer withoutToken() {
        return new Signer() {
            @Override
            public SignaturePublicKey publicKey() {
                return aliceClient.signer().publicKey();
            }

            @Override
            public byte[] sign(byte[] message) throws CryptoException {
                throw new CryptoException(CryptoException.Reason.SIGNER_FAILED, "the token was taken out");
            }
        };
    }

    @Test
    void joiningFromOutsideLeavesNothing() throws MlsException {
        BreakableStore davesStore = new BreakableStore();
        MlsClient dave = client("dave", davesStore);
        ExternalJoin dropped = own(dave.joinExternally(alice.groupInfo(true)));
        assertNothingIsLeft("an external Commit is made");
        dropped.close();
        owners.remove(dropped);
        assertNothingIsLeft("it is dropped");
        ExternalJoin join = own(dave.joinExternally(
                ExternalJoinRequest.of(alice.groupInfo(true)).externalPsk(PSK_ID)));
        davesStore.broken = true;
        assertRefusedWithoutLeavings("an entry that cannot be stored", join::group);
        davesStore.broken = false;
        own(join.group());
        owners.remove(join);
        assertNothingIsLeft("the group is entered after all");
        MlsMessage unconfirmed = unconfirmed(join.commit());
        assertRefusedWithoutLeavings("an external Commit with a wrong tag", () -> alice.stage(unconfirmed));
        for (Group member : List.of(alice, bob, carol)) {
            StagedCommit staged = own(member.stage(join.commit()));
            assertNothingIsLeft("an external Commit is staged");
            member.merge(staged);
            assertNothingIsLeft("an external Commit is followed");
        }
    }

    private MlsMessage unconfirmed(MlsMessage commit) {
        AuthenticatedContent content = ((PublicMessage) commit.body()).authenticated();
        Bytes context = alice.state().encodedContext();
        return new MlsMessage(
                PublicMessage.protect(content.withConfirmationTag(utf8("wrong")), context, input -> Bytes.EMPTY));
    }

    @Test
    void groupsThatContinueOthersLeaveNothing() throws MlsException {
        KeyPackageBundle bobs = own(bobClient.generateKeyPackage());
        Successor branch = alice.branch(aliceClient, utf8("branch"), List.of(bobs.keyPackage()));
        own(branch.group());
        own(branch.commit());
        assertNothingIsLeft("a branch is made");
        own(bobClient.join(JoinRequest.of(branch.commit().welcome().orElseThrow(), List.of(bobs))
                .withPredecessor(bob)));
        branch.group().merge(branch.commit());
        assertNothingIsLeft("a branch is joined");
        Proposal.ReInit reInit = new Proposal.ReInit(utf8("next"), ProtocolVersion.MLS10, SUITE, Extensions.EMPTY);
        follow("a ReInit", bob.commit().reInit(reInit).build(), bob, alice, carol);
        Group reloaded = own(bobClient.load(bob.groupId()));
        assertThat(reloaded.status()).isEqualTo(GroupStatus.REINITIALIZED);
        assertNothingIsLeft("a group is loaded");
        bobsStore.broken = true;
        assertRefusedWithoutLeavings("a group that was damaged", () -> bobClient.load(bob.groupId()));
        assertThat(bobsStore.given).hasSizeGreaterThan(10).allMatch(LeftSecretsTest::isZero);
    }

    private static boolean isZero(byte[] array) {
        return Arrays.equals(array, new byte[array.length]);
    }
}
