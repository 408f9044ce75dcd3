package org.coppice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.interop.wire.AddProposalRequest;
import org.coppice.interop.wire.CommitRequest;
import org.coppice.interop.wire.CommitResponse;
import org.coppice.interop.wire.CreateGroupRequest;
import org.coppice.interop.wire.CreateKeyPackageRequest;
import org.coppice.interop.wire.CreateKeyPackageResponse;
import org.coppice.interop.wire.ExportRequest;
import org.coppice.interop.wire.FreeRequest;
import org.coppice.interop.wire.HandleCommitRequest;
import org.coppice.interop.wire.HandlePendingCommitRequest;
import org.coppice.interop.wire.JoinGroupRequest;
import org.coppice.interop.wire.MLSClientGrpc;
import org.coppice.interop.wire.MLSClientGrpc.MLSClientBlockingStub;
import org.coppice.interop.wire.NameRequest;
import org.coppice.interop.wire.ProposalDescription;
import org.coppice.interop.wire.ProtectRequest;
import org.coppice.interop.wire.StateAuthRequest;
import org.coppice.interop.wire.StorePSKRequest;
import org.coppice.interop.wire.SupportedCiphersuitesRequest;
import org.coppice.interop.wire.UnprotectRequest;
import org.coppice.mls.crypto.CryptoProviders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server answers when all is not well; that it works is for the scripts. Over the network, as the runner calls it. */
class InteropServiceTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final InteropService service = new InteropService(CryptoProviders.best(), true, log::add);
    private InteropServer server;
    private ManagedChannel channel;
    private MLSClientBlockingStub client;

    @BeforeEach
    void start() throws IOException {
        server = InteropServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), service);
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
                .usePlaintext()
                .build();
        client = MLSClientGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private int group() {
        return client.createGroup(CreateGroupRequest.newBuilder()
                        .setGroupId(ByteString.copyFromUtf8("group"))
                        .setCipherSuite(1)
                        .setIdentity(ByteString.copyFromUtf8("alice"))
                        .build())
                .getStateId();
    }

    private CreateKeyPackageResponse keyPackage(int suite) {
        return client.createKeyPackage(CreateKeyPackageRequest.newBuilder()
                .setCipherSuite(suite)
                .setIdentity(ByteString.copyFromUtf8("bob"))
                .build());
    }

    private CommitResponse add(int state, ByteString keyPackage) {
        return client.commit(CommitRequest.newBuilder()
                .setStateId(state)
                .addByValue(ProposalDescription.newBuilder()
                        .setProposalType(ByteString.copyFromUtf8("add"))
                        .setKeyPackage(keyPackage))
                .build());
    }

    private static void fails(Status.Code code, String description, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).startsWith(description);
        });
    }

    @Test
    void tellsItsNameAndAllSevenSuites() {
        assertThat(client.name(NameRequest.getDefaultInstance()).getName()).isEqualTo("Coppice");
        assertThat(client.supportedCiphersuites(SupportedCiphersuitesRequest.getDefaultInstance())
                        .getCiphersuitesList())
                .containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void aNumberThatNothingHasIsNotFound() {
        int state = group();
        int transaction = keyPackage(1).getTransactionId();

        fails(
                Status.Code.NOT_FOUND,
                "no Membership has the number 0",
                () -> client.stateAuth(StateAuthRequest.getDefaultInstance()));
        fails(
                Status.Code.NOT_FOUND,
                "no Membership has the number " + transaction,
                () -> client.stateAuth(
                        StateAuthRequest.newBuilder().setStateId(transaction).build()));
        fails(
                Status.Code.NOT_FOUND,
                "no Joiner has the number " + state,
                () -> client.joinGroup(
                        JoinGroupRequest.newBuilder().setTransactionId(state).build()));
        fails(
                Status.Code.NOT_FOUND,
                "",
                () -> client.storePSK(
                        StorePSKRequest.newBuilder().setStateOrTransactionId(99).build()));
    }

    @Test
    void inputThatBreaksARuleIsAnsweredWithTheRulesName() {
        int state = group();

        fails(
                Status.Code.INVALID_ARGUMENT,
                "TRUNCATED: ",
                () -> client.addProposal(AddProposalRequest.newBuilder()
                        .setStateId(state)
                        .setKeyPackage(ByteString.copyFrom(new byte[] {0, 1, 0}))
                        .build()));
        fails(
                Status.Code.INVALID_ARGUMENT,
                "KEY_PACKAGE",
                () -> add(state, keyPackage(2).getKeyPackage()));
        fails(Status.Code.INVALID_ARGUMENT, "UNSUPPORTED: ", () -> keyPackage(0xF00D));
        assertThat(log).hasSize(3).anySatisfy(line -> assertThat(line).startsWith("AddProposal: INVALID_ARGUMENT"));
    }

    @Test
    void whatIsOfAnotherKindThanExpectedIsTheCallersMistake() {
        int state = group();
        ByteString own = client.protect(
                        ProtectRequest.newBuilder().setStateId(state).build())
                .getCiphertext();

        fails(
                Status.Code.INVALID_ARGUMENT,
                "a KeyPackage was expected",
                () -> client.addProposal(AddProposalRequest.newBuilder()
                        .setStateId(state)
                        .setKeyPackage(own)
                        .build()));
        fails(
                Status.Code.INVALID_ARGUMENT,
                "a Commit was expected",
                () -> client.handleCommit(HandleCommitRequest.newBuilder()
                        .setStateId(state)
                        .setCommit(own)
                        .build()));
        fails(
                Status.Code.INVALID_ARGUMENT,
                "an application message of another member was expected",
                () -> client.unprotect(UnprotectRequest.newBuilder()
                        .setStateId(state)
                        .setCiphertext(own)
                        .build()));
        fails(
                Status.Code.INVALID_ARGUMENT,
                "unknown type of proposal: praise",
                () -> client.commit(CommitRequest.newBuilder()
                        .setStateId(state)
                        .addByValue(ProposalDescription.newBuilder().setProposalType(ByteString.copyFromUtf8("praise")))
                        .build()));
        fails(
                Status.Code.INVALID_ARGUMENT,
                "no member has this identity",
                () -> client.commit(CommitRequest.newBuilder()
                        .setStateId(state)
                        .addByValue(ProposalDescription.newBuilder()
                                .setProposalType(ByteString.copyFromUtf8("remove"))
                                .setRemovedId(ByteString.copyFromUtf8("eve")))
                        .build()));
    }

    @Test
    void withoutACommitThereIsNoneToEnter() {
        int state = group();

        fails(
                Status.Code.FAILED_PRECONDITION,
                "no Commit of this member waits",
                () -> client.handlePendingCommit(HandlePendingCommitRequest.newBuilder()
                        .setStateId(state)
                        .build()));
    }

    @Test
    void aStateThatIsFreedIsForgotten() {
        int state = group();
        CreateKeyPackageResponse bob = keyPackage(1);
        CommitResponse commit = add(state, bob.getKeyPackage());
        client.handlePendingCommit(
                HandlePendingCommitRequest.newBuilder().setStateId(state).build());
        int joined = client.joinGroup(JoinGroupRequest.newBuilder()
                        .setTransactionId(bob.getTransactionId())
                        .setWelcome(commit.getWelcome())
                        .build())
                .getStateId();
        assertThat(service.kept()).isEqualTo(2);
        ExportRequest export =
                ExportRequest.newBuilder().setStateId(joined).setKeyLength(20).build();
        assertThat(client.export(export).getExportedSecret().size()).isEqualTo(20);

        client.free(FreeRequest.newBuilder().setStateId(state).build());
        client.free(FreeRequest.newBuilder().setStateId(joined).build());

        assertThat(service.kept()).isZero();
        fails(Status.Code.NOT_FOUND, "no Membership has the number " + joined, () -> client.export(export));
        fails(
                Status.Code.NOT_FOUND,
                "no Membership",
                () -> client.free(FreeRequest.newBuilder().setStateId(state).build()));
    }

    @Test
    void theOwnCommitMayComeBackLikeAnyOther() {
        int state = group();
        CommitResponse commit = add(state, keyPackage(1).getKeyPackage());

        assertThat(client.handleCommit(HandleCommitRequest.newBuilder()
                                .setStateId(state)
                                .setCommit(commit.getCommit())
                                .build())
                        .getEpochAuthenticator())
                .isEqualTo(client.stateAuth(
                                StateAuthRequest.newBuilder().setStateId(state).build())
                        .getStateAuthSecret());
    }
}
