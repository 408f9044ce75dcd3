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
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.state.InMemoryStateStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The number of the epoch is an unsigned 64-bit number that each Commit raises by one (RFC 9420 §12). */
class EpochNumberTest {
    private final MlsClient alice = client("alice");

    private static MlsClient client(String name) {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(new InMemoryStateStore())
                .build();
        try {
            return MlsClient.create(
                    environment,
                    CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                    Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8))));
        } catch (MlsException e) {
            throw new AssertionError(e);
        }
    }

    /** A group of alice's that has reached an epoch. */
    private MemberState at(long epoch) throws MlsException {
        MemberState out = alice.create(Bytes.fromHex("01"), Extensions.EMPTY);
        GroupState first = out.state;
        GroupContext context = first.context();
        out.state = new GroupState(
                new GroupContext(
                        context.version(),
                        context.cipherSuite(),
                        context.groupId(),
                        epoch,
                        context.treeHash(),
                        context.confirmedTranscriptHash(),
                        context.extensions()),
                first.tree(),
                first.interimTranscriptHash(),
                first.confirmationTag());
        return out;
    }

    @Test
    @Tag("R-12-01")
    void countsCommitsFromZero() throws MlsException {
        Group group = alice.createGroup();
        for (long epoch = 0; epoch < 3; epoch++) {
            assertThat(group.epoch()).isEqualTo(epoch);
            group.merge(group.commit().build());
        }
    }

    @Test
    @Tag("R-12-01")
    void takesTheNumberAsUnsigned() throws MlsException {
        Group group = new Group(at(Long.MAX_VALUE));

        StagedCommit commit = group.commit().build();

        assertThat(commit.nextState().epoch()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    @Tag("R-12-01")
    void refusesToGoBeyondTheLastEpoch() throws MlsException {
        MemberState last = at(-1);
        Group group = new Group(last);
        MlsClient bob = client("bob");

        assertThatThrownBy(() -> group.commit().build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bob.joinExternally(group.groupInfo(true)))
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.EPOCH_EXHAUSTED));
        assertThat(bob.environment().store().groups()).isEmpty();
    }

    @Test
    @Tag("R-12-01")
    void refusesACommitThatGoesBeyondTheLastEpoch() throws MlsException {
        MemberState last = at(-1);
        Environment observer =
                Environment.builder().validator(CredentialValidator.acceptAll()).build();
        PublicGroup group = PublicGroup.follow(observer, new Group(last).groupInfo(true), Optional.empty());
        GroupState before = group.state();

        assertThatThrownBy(() -> group.stage(emptyCommit(last)))
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.EPOCH_EXHAUSTED));
        assertThat(group.state()).isSameAs(before);
    }

    /** What this library refuses to make. */
    private static MlsMessage emptyCommit(MemberState member) throws MlsException {
        AuthenticatedContent signed = new MessageSender(member)
                .sign(
                        new Content.Commit(new Commit(List.of(), Optional.empty())),
                        SendOptions.DEFAULT.withWireFormat(WireFormat.PUBLIC_MESSAGE));
        return new MlsMessage(PublicMessage.protect(
                signed.withConfirmationTag(member.state.confirmationTag()),
                member.state.encodedContext(),
                member.keys.secrets()::membershipTag));
    }
}
