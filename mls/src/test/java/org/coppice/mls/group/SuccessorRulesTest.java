package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.rules.CommitKind;
import org.coppice.mls.state.InMemoryStateStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a joiner demands of a group that continues another one (RFC 9420 §11.2, §11.3). */
class SuccessorRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Bytes OLD = Bytes.fromHex("01");
    private static final Bytes NEW = Bytes.fromHex("02");

    private static MlsClient client(String name) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(new InMemoryStateStore())
                .build();
        return MlsClient.create(
                environment, SUITE, Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    @Tag("R-11.2-03")
    @Tag("R-11.3-04")
    void joinerRefusesSuccessorThatIsNotAtEpochOne() throws MlsException {
        MlsClient alice = client("alice");
        MlsClient bob = client("bob");
        MemberState oldState = alice.create(OLD, Extensions.EMPTY);
        Group old = new Group(oldState);
        KeyPackageBundle first = bob.generateKeyPackage();
        StagedCommit add = old.commit().add(first.keyPackage()).build();
        old.merge(add);
        Group bobs = bob.join(add.welcome().orElseThrow(), first);
        MemberState fresh = alice.create(NEW, Extensions.EMPTY);
        Group branch = new Group(fresh);
        branch.merge(branch.commit().build());
        fresh.predecessor = Optional.of(oldState);
        KeyPackageBundle second = bob.generateKeyPackage();

        for (ResumptionPskUsage usage : List.of(ResumptionPskUsage.BRANCH, ResumptionPskUsage.REINIT)) {
            CommitKind kind = usage == ResumptionPskUsage.BRANCH ? CommitKind.BRANCH_FIRST : CommitKind.REINIT_FIRST;
            StagedCommit late = new CommitBuilder(fresh, kind)
                    .add(second.keyPackage())
                    .psk(usage, OLD, old.epoch())
                    .build();
            assertThat(late.nextState().epoch()).isEqualTo(2);
            JoinRequest request = JoinRequest.of(late.welcome().orElseThrow(), List.of(second))
                    .withPredecessor(bobs);

            assertThatThrownBy(() -> bob.join(request))
                    .isInstanceOfSatisfying(
                            ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.RESUMPTION_EPOCH));
        }
        assertThat(bob.environment().store().groups()).containsExactly(OLD);
        Successor good = old.branch(alice, Bytes.fromHex("03"), List.of(second.keyPackage()));
        assertThat(bob.join(JoinRequest.of(good.commit().welcome().orElseThrow(), List.of(second))
                                .withPredecessor(bobs))
                        .epoch())
                .isEqualTo(1);
    }
}
