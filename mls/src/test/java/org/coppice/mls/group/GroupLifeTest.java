package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.InMemoryStateStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The life of a group among three clients, for every suite. */
class GroupLifeTest {
    static Stream<CipherSuite> suites() {
        return CipherSuite.STANDARD.stream();
    }

    private static MlsClient client(String name, CipherSuite suite) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(new InMemoryStateStore())
                .build();
        return MlsClient.create(
                environment, suite, Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8))));
    }

    private static MlsMessage wire(MlsMessage message) throws MlsException {
        return MlsMessage.decode(message.encoded());
    }

    private static String read(Group group, MlsMessage message) throws MlsException {
        Received.Application received = (Received.Application) group.receive(wire(message));
        return new String(received.data().toByteArray(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-3.4-01")
    void threeClientsLiveThroughAGroup(CipherSuite suite) throws MlsException {
        MlsClient alice = client("alice", suite);
        MlsClient bob = client("bob", suite);
        MlsClient carol = client("carol", suite);
        Group a = alice.createGroup();

        // Add by Welcome.
        KeyPackageBundle bobPackage = bob.generateKeyPackage();
        StagedCommit add = a.commit().add(bobPackage.keyPackage()).build();
        a.merge(add);
        Group b = bob.join(wire(add.welcome().orElseThrow()), bobPackage);
        assertThat(b.epochAuthenticator()).isEqualTo(a.epochAuthenticator());
        assertThat(read(b, a.encrypt(utf8("hello")))).isEqualTo("hello");
        assertThat(read(a, b.encrypt(utf8("hi")))).isEqualTo("hi");

        // An external join.
        ExternalJoin join = carol.joinExternally(wire(a.groupInfo(true)));
        a.merge(a.stage(wire(join.commit())));
        b.merge(b.stage(wire(join.commit())));
        Group c = join.group();
        assertThat(c.epochAuthenticator()).isEqualTo(a.epochAuthenticator()).isEqualTo(b.epochAuthenticator());

        // An Update by proposal, committed by another.
        MlsMessage update = b.proposeUpdate();
        a.receive(wire(update));
        c.receive(wire(update));
        StagedCommit commit = c.commit().build();
        a.merge(a.stage(wire(commit.message())));
        b.merge(b.stage(wire(commit.message())));
        c.merge(commit);
        assertThat(c.epochAuthenticator()).isEqualTo(a.epochAuthenticator()).isEqualTo(b.epochAuthenticator());

        // Reload bob from what he stored.
        Group reloaded = bob.load(b.groupId());
        assertThat(reloaded.state()).isEqualTo(b.state());
        assertThat(read(reloaded, c.encrypt(utf8("again")))).isEqualTo("again");
        b = reloaded;

        // Remove.
        StagedCommit remove = a.commit().remove(c.ownLeaf()).build();
        b.merge(b.stage(wire(remove.message())));
        c.merge(c.stage(wire(remove.message())));
        a.merge(remove);
        assertThat(c.status()).isEqualTo(GroupStatus.REMOVED);
        assertThat(b.epochAuthenticator()).isEqualTo(a.epochAuthenticator());

        // Branch.
        KeyPackageBundle bobBranch = bob.generateKeyPackage();
        Successor branch = a.branch(alice, Bytes.wrap(utf8("branch")), List.of(bobBranch.keyPackage()));
        Group bBranch = bob.join(JoinRequest.of(wire(branch.commit().welcome().orElseThrow()), List.of(bobBranch))
                .withPredecessor(b));
        branch.group().merge(branch.commit());
        assertThat(bBranch.epochAuthenticator()).isEqualTo(branch.group().epochAuthenticator());

        // ReInit.
        StagedCommit reInit = b.commit()
                .reInit(new Proposal.ReInit(Bytes.wrap(utf8("next")), ProtocolVersion.MLS10, suite, Extensions.EMPTY))
                .build();
        a.merge(a.stage(wire(reInit.message())));
        b.merge(reInit);
        KeyPackageBundle bobNext = bob.generateKeyPackage();
        Successor next = a.reinitialize(alice, List.of(bobNext.keyPackage()));
        Group bNext = bob.join(JoinRequest.of(wire(next.commit().welcome().orElseThrow()), List.of(bobNext))
                .withPredecessor(b));
        next.group().merge(next.commit());
        assertThat(read(bNext, next.group().encrypt(utf8("new life")))).isEqualTo("new life");
    }
}
