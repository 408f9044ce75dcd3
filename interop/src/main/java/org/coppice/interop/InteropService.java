package org.coppice.interop;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.coppice.interop.wire.AddExternalSignerRequest;
import org.coppice.interop.wire.AddProposalRequest;
import org.coppice.interop.wire.CommitRequest;
import org.coppice.interop.wire.CommitResponse;
import org.coppice.interop.wire.CreateBranchRequest;
import org.coppice.interop.wire.CreateExternalSignerRequest;
import org.coppice.interop.wire.CreateExternalSignerResponse;
import org.coppice.interop.wire.CreateGroupRequest;
import org.coppice.interop.wire.CreateGroupResponse;
import org.coppice.interop.wire.CreateKeyPackageRequest;
import org.coppice.interop.wire.CreateKeyPackageResponse;
import org.coppice.interop.wire.CreateSubgroupResponse;
import org.coppice.interop.wire.ExportRequest;
import org.coppice.interop.wire.ExportResponse;
import org.coppice.interop.wire.ExternalJoinRequest;
import org.coppice.interop.wire.ExternalJoinResponse;
import org.coppice.interop.wire.ExternalPSKProposalRequest;
import org.coppice.interop.wire.ExternalSignerProposalRequest;
import org.coppice.interop.wire.FreeRequest;
import org.coppice.interop.wire.FreeResponse;
import org.coppice.interop.wire.GroupContextExtensionsProposalRequest;
import org.coppice.interop.wire.GroupInfoRequest;
import org.coppice.interop.wire.GroupInfoResponse;
import org.coppice.interop.wire.HandleBranchRequest;
import org.coppice.interop.wire.HandleBranchResponse;
import org.coppice.interop.wire.HandleCommitRequest;
import org.coppice.interop.wire.HandleCommitResponse;
import org.coppice.interop.wire.HandlePendingCommitRequest;
import org.coppice.interop.wire.HandleReInitCommitResponse;
import org.coppice.interop.wire.HandleReInitWelcomeRequest;
import org.coppice.interop.wire.JoinGroupRequest;
import org.coppice.interop.wire.JoinGroupResponse;
import org.coppice.interop.wire.MLSClientGrpc;
import org.coppice.interop.wire.NameRequest;
import org.coppice.interop.wire.NameResponse;
import org.coppice.interop.wire.NewMemberAddProposalRequest;
import org.coppice.interop.wire.NewMemberAddProposalResponse;
import org.coppice.interop.wire.ProposalResponse;
import org.coppice.interop.wire.ProtectRequest;
import org.coppice.interop.wire.ProtectResponse;
import org.coppice.interop.wire.ReInitProposalRequest;
import org.coppice.interop.wire.ReInitWelcomeRequest;
import org.coppice.interop.wire.RemoveProposalRequest;
import org.coppice.interop.wire.ResumptionPSKProposalRequest;
import org.coppice.interop.wire.StateAuthRequest;
import org.coppice.interop.wire.StateAuthResponse;
import org.coppice.interop.wire.StorePSKRequest;
import org.coppice.interop.wire.StorePSKResponse;
import org.coppice.interop.wire.SupportedCiphersuitesRequest;
import org.coppice.interop.wire.SupportedCiphersuitesResponse;
import org.coppice.interop.wire.UnprotectRequest;
import org.coppice.interop.wire.UnprotectResponse;
import org.coppice.interop.wire.UpdateProposalRequest;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.LifetimePolicy;

/**
 * The service {@code mls_client.MLSClient}, every call of it. What goes wrong is answered with a gRPC status: NOT_FOUND for a number
 * that nothing has, INVALID_ARGUMENT for input that was refused, with the rule's name first in the description, FAILED_PRECONDITION
 * for what cannot be done now, INTERNAL for a bug. Thread safe.
 */
public final class InteropService extends MLSClientGrpc.MLSClientImplBase {
    /** As the runner's scripts reach back into earlier epochs as far as they like. */
    private static final int EPOCHS_KEPT = 64;

    private final Environment environment;
    private final Consumer<String> log;
    private final JoinCalls joins;
    private final GroupCalls members;
    private final SuccessorCalls successors;
    private final OutsiderCalls outsiders;
    private final Handles handles = new Handles();

    /**
     * @param provider where primitives come from
     * @param grease whether own objects carry GREASE values (RFC 9420 §13.5), which every peer has to ignore
     * @param log takes one line for each call that fails
     */
    public InteropService(CryptoProvider provider, boolean grease, Consumer<String> log) {
        this.log = Objects.requireNonNull(log, "log");
        GroupPolicy policy = GroupPolicy.builder()
                .grease(grease)
                .pastEpochs(EPOCHS_KEPT)
                .resumptionPsks(EPOCHS_KEPT)
                .newMemberProposals(keyPackage -> true)
                // Some peers write the largest number there is.
                .lifetime(new LifetimePolicy(
                        LifetimePolicy.ANY_SPAN, LifetimePolicy.DEFAULT.skew(), LifetimePolicy.DEFAULT.outside()))
                .build();
        environment = Environment.builder()
                .provider(provider)
                .validator(CredentialValidator.acceptAll())
                .policy(policy)
                .build();
        joins = new JoinCalls(environment, handles);
        members = new GroupCalls(handles);
        successors = new SuccessorCalls(handles);
        outsiders = new OutsiderCalls(environment, handles);
    }

    /** How many states, transactions, signers and reinitializations are kept for callers. */
    int kept() {
        return handles.size();
    }

    private interface Call<Q, A> {
        A apply(Q request) throws Exception;
    }

    private <Q, A> void answer(String name, Call<Q, A> call, Q request, StreamObserver<A> observer) {
        A answer;
        try {
            answer = call.apply(request);
        } catch (Exception | AssertionError e) {
            Status status = status(e);
            log.accept(name + ": " + status.getCode() + " " + status.getDescription());
            observer.onError(status.withCause(e).asRuntimeException());
            return;
        }
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static Status status(Throwable e) {
        if (e instanceof ValidationException refused) {
            return Status.INVALID_ARGUMENT.withDescription(refused.rule() + ": " + e.getMessage());
        }
        if (e instanceof DecodeException malformed) {
            return Status.INVALID_ARGUMENT.withDescription(malformed.rule() + ": " + e.getMessage());
        }
        if (e instanceof CryptoException failed) {
            return Status.INVALID_ARGUMENT.withDescription(failed.reason() + ": " + e.getMessage());
        }
        if (e instanceof IllegalArgumentException) {
            return Status.INVALID_ARGUMENT.withDescription(e.getMessage());
        }
        if (e instanceof NoSuchElementException) {
            return Status.NOT_FOUND.withDescription(e.getMessage());
        }
        if (e instanceof IllegalStateException) {
            return Status.FAILED_PRECONDITION.withDescription(e.getMessage());
        }
        return Status.INTERNAL.withDescription(e.toString());
    }

    // ---- about the implementation

    private NameResponse name(NameRequest request) {
        return NameResponse.newBuilder().setName("Coppice").build();
    }

    private SupportedCiphersuitesResponse suites(SupportedCiphersuitesRequest request) {
        SupportedCiphersuitesResponse.Builder out = SupportedCiphersuitesResponse.newBuilder();
        for (CipherSuite suite : CipherSuite.STANDARD) {
            try {
                environment.crypto(suite);
                out.addCiphersuites(suite.value());
            } catch (CryptoException e) {
                log.accept("cipher suite " + suite + " is not offered: " + e.getMessage());
            }
        }
        return out.build();
    }

    // ---- the calls

    @Override
    public void name(NameRequest request, StreamObserver<NameResponse> answer) {
        answer("Name", this::name, request, answer);
    }

    @Override
    public void supportedCiphersuites(
            SupportedCiphersuitesRequest request, StreamObserver<SupportedCiphersuitesResponse> answer) {
        answer("SupportedCiphersuites", this::suites, request, answer);
    }

    @Override
    public void createGroup(CreateGroupRequest request, StreamObserver<CreateGroupResponse> answer) {
        answer("CreateGroup", joins::createGroup, request, answer);
    }

    @Override
    public void createKeyPackage(CreateKeyPackageRequest request, StreamObserver<CreateKeyPackageResponse> answer) {
        answer("CreateKeyPackage", joins::createKeyPackage, request, answer);
    }

    @Override
    public void joinGroup(JoinGroupRequest request, StreamObserver<JoinGroupResponse> answer) {
        answer("JoinGroup", joins::joinGroup, request, answer);
    }

    @Override
    public void externalJoin(ExternalJoinRequest request, StreamObserver<ExternalJoinResponse> answer) {
        answer("ExternalJoin", joins::externalJoin, request, answer);
    }

    @Override
    public void groupInfo(GroupInfoRequest request, StreamObserver<GroupInfoResponse> answer) {
        answer("GroupInfo", members::groupInfo, request, answer);
    }

    @Override
    public void stateAuth(StateAuthRequest request, StreamObserver<StateAuthResponse> answer) {
        answer("StateAuth", members::stateAuth, request, answer);
    }

    @Override
    public void export(ExportRequest request, StreamObserver<ExportResponse> answer) {
        answer("Export", members::export, request, answer);
    }

    @Override
    public void protect(ProtectRequest request, StreamObserver<ProtectResponse> answer) {
        answer("Protect", members::protect, request, answer);
    }

    @Override
    public void unprotect(UnprotectRequest request, StreamObserver<UnprotectResponse> answer) {
        answer("Unprotect", members::unprotect, request, answer);
    }

    @Override
    public void storePSK(StorePSKRequest request, StreamObserver<StorePSKResponse> answer) {
        answer("StorePSK", members::storePsk, request, answer);
    }

    @Override
    public void addProposal(AddProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("AddProposal", members::addProposal, request, answer);
    }

    @Override
    public void updateProposal(UpdateProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("UpdateProposal", members::updateProposal, request, answer);
    }

    @Override
    public void removeProposal(RemoveProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("RemoveProposal", members::removeProposal, request, answer);
    }

    @Override
    public void externalPSKProposal(ExternalPSKProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("ExternalPSKProposal", members::externalPskProposal, request, answer);
    }

    @Override
    public void resumptionPSKProposal(ResumptionPSKProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("ResumptionPSKProposal", members::resumptionPskProposal, request, answer);
    }

    @Override
    public void groupContextExtensionsProposal(
            GroupContextExtensionsProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("GroupContextExtensionsProposal", members::groupContextExtensionsProposal, request, answer);
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<CommitResponse> answer) {
        answer("Commit", members::commit, request, answer);
    }

    @Override
    public void handleCommit(HandleCommitRequest request, StreamObserver<HandleCommitResponse> answer) {
        answer("HandleCommit", members::handleCommit, request, answer);
    }

    @Override
    public void handlePendingCommit(HandlePendingCommitRequest request, StreamObserver<HandleCommitResponse> answer) {
        answer("HandlePendingCommit", members::handlePendingCommit, request, answer);
    }

    @Override
    public void reInitProposal(ReInitProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("ReInitProposal", successors::reInitProposal, request, answer);
    }

    @Override
    public void reInitCommit(CommitRequest request, StreamObserver<CommitResponse> answer) {
        answer("ReInitCommit", members::commit, request, answer);
    }

    @Override
    public void handlePendingReInitCommit(
            HandlePendingCommitRequest request, StreamObserver<HandleReInitCommitResponse> answer) {
        answer("HandlePendingReInitCommit", successors::handlePendingReInitCommit, request, answer);
    }

    @Override
    public void handleReInitCommit(HandleCommitRequest request, StreamObserver<HandleReInitCommitResponse> answer) {
        answer("HandleReInitCommit", successors::handleReInitCommit, request, answer);
    }

    @Override
    public void reInitWelcome(ReInitWelcomeRequest request, StreamObserver<CreateSubgroupResponse> answer) {
        answer("ReInitWelcome", successors::reInitWelcome, request, answer);
    }

    @Override
    public void handleReInitWelcome(HandleReInitWelcomeRequest request, StreamObserver<JoinGroupResponse> answer) {
        answer("HandleReInitWelcome", successors::handleReInitWelcome, request, answer);
    }

    @Override
    public void createBranch(CreateBranchRequest request, StreamObserver<CreateSubgroupResponse> answer) {
        answer("CreateBranch", successors::createBranch, request, answer);
    }

    @Override
    public void handleBranch(HandleBranchRequest request, StreamObserver<HandleBranchResponse> answer) {
        answer("HandleBranch", successors::handleBranch, request, answer);
    }

    @Override
    public void newMemberAddProposal(
            NewMemberAddProposalRequest request, StreamObserver<NewMemberAddProposalResponse> answer) {
        answer("NewMemberAddProposal", outsiders::newMemberAddProposal, request, answer);
    }

    @Override
    public void createExternalSigner(
            CreateExternalSignerRequest request, StreamObserver<CreateExternalSignerResponse> answer) {
        answer("CreateExternalSigner", outsiders::createExternalSigner, request, answer);
    }

    @Override
    public void addExternalSigner(AddExternalSignerRequest request, StreamObserver<ProposalResponse> answer) {
        answer("AddExternalSigner", outsiders::addExternalSigner, request, answer);
    }

    @Override
    public void externalSignerProposal(ExternalSignerProposalRequest request, StreamObserver<ProposalResponse> answer) {
        answer("ExternalSignerProposal", outsiders::externalSignerProposal, request, answer);
    }

    @Override
    public void free(FreeRequest request, StreamObserver<FreeResponse> answer) {
        answer("Free", members::free, request, answer);
    }
}
