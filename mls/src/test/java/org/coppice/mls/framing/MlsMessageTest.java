package org.coppice.mls.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MlsMessageTest {
    private Group group;
    private KeyPackageBundle bobs;

    private static MlsClient client(String name) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(new InMemoryStateStore())
                .policy(GroupPolicy.builder()
                        .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                        .build())
                .build();
        return MlsClient.create(
                environment,
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                Credential.basic(Bytes.fromHex(name)));
    }

    @BeforeEach
    void aGroup() throws MlsException {
        group = client("aa").createGroup();
        bobs = client("bb").generateKeyPackage();
    }

    private static void assertKind(MlsMessage message, WireFormat format, Optional<Bytes> groupId) throws MlsException {
        for (MlsMessage same : new MlsMessage[] {message, MlsMessage.decode(message.encoded())}) {
            assertThat(same.wireFormat()).isEqualTo(format);
            assertThat(same.groupId()).isEqualTo(groupId);
            assertThat(same.encoded()).startsWith(0, 1, 0, format.code());
            assertThat(same.welcome().isPresent()).isEqualTo(format == WireFormat.WELCOME);
            assertThat(same.groupInfo().isPresent()).isEqualTo(format == WireFormat.GROUP_INFO);
            assertThat(same.keyPackage().isPresent()).isEqualTo(format == WireFormat.KEY_PACKAGE);
        }
    }

    @Test
    void aMessageNamesItsKindAndItsGroup() throws MlsException {
        Optional<Bytes> id = Optional.of(group.groupId());
        assertKind(
                new MlsMessage(new MlsMessage.KeyPackage(bobs.keyPackage())), WireFormat.KEY_PACKAGE, Optional.empty());
        assertKind(group.groupInfo(true), WireFormat.GROUP_INFO, id);
        assertKind(group.encrypt(new byte[1]), WireFormat.PRIVATE_MESSAGE, id);
        StagedCommit commit = group.commit().add(bobs.keyPackage()).build();
        assertKind(commit.message(), WireFormat.PUBLIC_MESSAGE, id);
        assertKind(commit.welcome().orElseThrow(), WireFormat.WELCOME, Optional.empty());
    }

    @Test
    void aKeyPackageOfAnotherVersionIsNoMessage() throws MlsException {
        byte[] message = bobs.message().encoded();
        message[5]++;
        assertThatThrownBy(() -> MlsMessage.decode(message))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.KEY_PACKAGE_VERSION_MISMATCH));
    }

    @Test
    void signedContentIsReadAsItWasWritten() throws MlsException {
        AuthenticatedContent commit = content(group.commit().build());
        AuthenticatedContent other = content(group.commit().build());
        Decoder<AuthenticatedContent> decoder = AuthenticatedContent::decode;

        assertThat(decoder.decodeAll(commit.encoded())).isEqualTo(commit).hasSameHashCodeAs(commit);
        assertThat(commit.content()).isNotEqualTo(other.content()).isNotEqualTo(commit);
        assertThat(commit.content().hashCode()).isNotEqualTo(other.content().hashCode());
    }

    private static AuthenticatedContent content(StagedCommit commit) {
        return ((PublicMessage) commit.message().body()).authenticated();
    }

    /** What was signed for one wire format counts for no other (RFC 9420 §6.1), and a tag is there for members alone (§6.2). */
    @Test
    void aPublicMessageIsOfPublicContentAndHasItsTag() throws MlsException {
        PublicMessage sent = (PublicMessage) group.commit().build().message().body();
        AuthenticatedContent content = sent.authenticated();
        AuthenticatedContent ofPrivate = new AuthenticatedContent(
                WireFormat.PRIVATE_MESSAGE, content.content(), content.signature(), content.confirmationTag());
        assertThatIllegalArgumentException().isThrownBy(() -> new PublicMessage(ofPrivate, sent.membershipTag()));
        assertThatIllegalArgumentException().isThrownBy(() -> new PublicMessage(content, Optional.empty()));
    }

    /** RFC 9420 §6.1, FramedContentTBS. */
    @Test
    void whoKnowsTheGroupSignsItsContext() {
        assertThat(new Sender.Member(new LeafIndex(0)).signsGroupContext()).isTrue();
        assertThat(new Sender.NewMemberCommit().signsGroupContext()).isTrue();
        assertThat(new Sender.External(0).signsGroupContext()).isFalse();
        assertThat(new Sender.NewMemberProposal().signsGroupContext()).isFalse();
    }
}
