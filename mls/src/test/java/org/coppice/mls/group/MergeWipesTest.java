package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.state.InMemoryStateStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a member has wiped, in memory and in its store, once it is in the next epoch (RFC 9420 §7.5, §9.2). */
class MergeWipesTest {
    private final InMemoryStateStore store = new InMemoryStateStore();
    private MemberState member;
    private Group alice;
    private Group bob;
    private Group carol;

    private static MlsClient client(String name, InMemoryStateStore store) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(store)
                .build();
        return MlsClient.create(
                environment,
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8))));
    }

    @BeforeEach
    void threeMembers() throws MlsException {
        member = client("alice", store).create(Bytes.fromHex("01"), Extensions.EMPTY);
        alice = new Group(member);
        MlsClient bobsClient = client("bob", new InMemoryStateStore());
        MlsClient carolsClient = client("carol", new InMemoryStateStore());
        KeyPackageBundle bobs = bobsClient.generateKeyPackage();
        KeyPackageBundle carols = carolsClient.generateKeyPackage();
        StagedCommit add =
                alice.commit().add(bobs.keyPackage()).add(carols.keyPackage()).build();
        MlsMessage welcome = add.welcome().orElseThrow();
        alice.merge(add);
        bob = bobsClient.join(welcome, bobs);
        carol = carolsClient.join(welcome, carols);
        follow(bob, alice, carol);
    }

    private static void follow(Group committer, Group... others) throws MlsException {
        StagedCommit commit = committer.commit().build();
        for (Group other : others) {
            other.merge(other.stage(MlsMessage.decode(commit.message().encoded())));
        }
        committer.merge(commit);
    }

    /** The private keys of alice's leaf and of the nodes above it. */
    private List<Secret> treeKeys() {
        List<Secret> out = new ArrayList<>();
        out.add(member.keys.treeKeys().leafKey().privateKey());
        member.keys.treeKeys().forEachPathKey((node, pair) -> out.add(pair.privateKey()));
        return out;
    }

    private static Set<Bytes> exposed(List<Secret> secrets) {
        Set<Bytes> out = new HashSet<>();
        secrets.forEach(secret -> out.add(Bytes.wrap(secret.exposeCopy())));
        return out;
    }

    private void assertNotStored(Set<Bytes> secrets) {
        for (Bytes record : store.snapshot(alice.groupId()).values()) {
            assertThat(secrets).noneMatch(secret -> record.toHex().contains(secret.toHex()));
        }
    }

    @Test
    @Tag("R-7.5-12")
    void aFollowerKeepsNoKeyThatWasReplaced() throws MlsException {
        List<Secret> before = treeKeys();
        Set<Bytes> values = exposed(before);
        assertThat(before).hasSizeGreaterThan(1);
        Bytes leafKey = Bytes.wrap(before.get(0).exposeCopy());
        // Carol's path replaces the root, bob's the nodes below it, too.
        follow(carol, alice, bob);
        follow(bob, alice, carol);
        assertThat(before).allMatch(Secret::isClosed);
        Set<Bytes> after = exposed(treeKeys());
        after.retainAll(values);
        assertThat(after).as("what was not replaced").containsExactly(leafKey);
        values.remove(leafKey);
        assertNotStored(values);
    }

    @Test
    @Tag("R-7.5-13")
    void aCommitterKeepsNoKeyThatItReplaced() throws MlsException {
        List<Secret> before = treeKeys();
        Set<Bytes> values = exposed(before);
        follow(alice, bob, carol);
        assertThat(before).allMatch(Secret::isClosed);
        assertThat(exposed(treeKeys())).doesNotContainAnyElementsOf(values);
        assertNotStored(values);
    }

    @Test
    @Tag("R-9.2-01")
    @Tag("R-9.2-02")
    @Tag("A-6.1-09")
    void anEpochThatIsOverLeavesNoSecretThatLeadsOn() throws MlsException {
        InitSecret init = member.keys.secrets().initSecret();
        Secret external = member.keys.secrets().externalKeyPair().privateKey();
        SecretWriter out = new SecretWriter();
        member.keys.secrets().exposeTo(out);
        TlsReader in = new TlsReader(out.toBytes(), DecodeLimits.DEFAULT);
        in.uint8();
        List<Bytes> stored = new ArrayList<>();
        while (in.remaining() > 0) {
            stored.add(in.vector());
        }
        // Exporter, external, confirmation, membership and init secret; those that open late messages stay.
        Set<Bytes> values = Set.of(stored.get(2), stored.get(3), stored.get(4), stored.get(5), stored.get(8));
        assertThat(values).allMatch(value -> value.length() == 32);
        StagedCommit commit = carol.commit().build();
        StagedCommit staged = alice.stage(commit.message());
        assertThat(init.isClosed()).isFalse();
        alice.merge(staged);
        assertThat(init.isClosed()).isTrue();
        assertThat(external.isClosed()).isTrue();
        assertThat(staged.isClosed()).isTrue();
        assertNotStored(values);
    }

    @Test
    @Tag("R-9.2-01")
    void theKeyThatOpenedACommitGoesWithIt() throws MlsException {
        StagedCommit commit = carol.commit().build();
        for (boolean merged : List.of(false, true)) {
            StagedCommit staged = alice.stage(commit.message());
            PendingKey key = ((StagedCommit.Origin.Received) staged.origin())
                    .key()
                    .orElseThrow()
                    .key();
            Secret secret = key.key();
            if (merged) {
                alice.merge(staged);
            } else {
                staged.close();
            }
            assertThat(key.isUsable()).isFalse();
            assertThat(secret.isClosed()).isTrue();
        }
    }

    @Test
    @Tag("R-9.2-01")
    void theEpochThatIsKeptHasUsedUpTheKeyOfTheCommitThatEndedIt() throws MlsException {
        alice.merge(alice.stage(carol.commit().build().message()));
        SecretTree kept = member.past.getFirst().messageKeys();
        assertThat(kept.nextGeneration(carol.ownLeaf(), RatchetType.HANDSHAKE)).isEqualTo(1);
    }
}
