package org.coppice.interop;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.interop.wire.CreateBranchRequest;
import org.coppice.interop.wire.CreateSubgroupResponse;
import org.coppice.interop.wire.HandleBranchRequest;
import org.coppice.interop.wire.HandleBranchResponse;
import org.coppice.interop.wire.HandleCommitRequest;
import org.coppice.interop.wire.HandlePendingCommitRequest;
import org.coppice.interop.wire.HandleReInitCommitResponse;
import org.coppice.interop.wire.HandleReInitWelcomeRequest;
import org.coppice.interop.wire.JoinGroupResponse;
import org.coppice.interop.wire.ProposalResponse;
import org.coppice.interop.wire.ReInitProposalRequest;
import org.coppice.interop.wire.ReInitWelcomeRequest;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.group.Successor;
import org.coppice.mls.group.SuccessorRequest;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;

/** Groups that continue others (RFC 9420 §11.2, §11.3). */
final class SuccessorCalls {
    private final Handles handles;

    SuccessorCalls(Handles handles) {
        this.handles = handles;
    }

    // ---- reinitialization

    ProposalResponse reInitProposal(ReInitProposalRequest request) throws MlsException {
        Membership member = handles.get(request.getStateId(), Membership.class);
        return GroupCalls.response(member.propose(new Proposal.ReInit(
                Wire.bytes(request.getGroupId()),
                ProtocolVersion.MLS10,
                Wire.suite(request.getCipherSuite()),
                Wire.extensions(request.getExtensionsList()))));
    }

    HandleReInitCommitResponse handlePendingReInitCommit(HandlePendingCommitRequest request) throws MlsException {
        Membership member = handles.get(request.getStateId(), Membership.class);
        synchronized (member) {
            member.enterPending();
            return ended(request.getStateId(), member);
        }
    }

    HandleReInitCommitResponse handleReInitCommit(HandleCommitRequest request) throws MlsException {
        Membership member = handles.get(request.getStateId(), Membership.class);
        synchronized (member) {
            member.handle(request.getProposalList(), request.getCommit());
            return ended(request.getStateId(), member);
        }
    }

    private HandleReInitCommitResponse ended(int stateId, Membership member) throws MlsException {
        Proposal.ReInit reInit =
                member.group().reInit().orElseThrow(() -> new IllegalArgumentException("the Commit holds no ReInit"));
        Joiner next = Joiner.of(member.participant().inSuite(reInit.cipherSuite()));
        return HandleReInitCommitResponse.newBuilder()
                .setReinitId(handles.put(new Reinitialization(stateId, member, next)))
                .setKeyPackage(Wire.bytes(next.bundle().message()))
                .setEpochAuthenticator(member.epochAuthenticator())
                .build();
    }

    CreateSubgroupResponse reInitWelcome(ReInitWelcomeRequest request) throws MlsException {
        Reinitialization reinit = handles.get(request.getReinitId(), Reinitialization.class);
        Participant creator = reinit.next().participant();
        SuccessorRequest wanted =
                wanted(creator, request.getKeyPackageList(), request.getForcePath(), request.getExternalTree());
        synchronized (reinit.old()) {
            CreateSubgroupResponse out = created(
                    reinit.old().group().reinitialize(wanted), creator, reinit.old(), request.getExternalTree());
            forget(request.getReinitId(), reinit);
            return out;
        }
    }

    JoinGroupResponse handleReInitWelcome(HandleReInitWelcomeRequest request) throws MlsException {
        Reinitialization reinit = handles.get(request.getReinitId(), Reinitialization.class);
        synchronized (reinit.old()) {
            Membership member = reinit.next()
                    .join(
                            request.getWelcome(),
                            request.getRatchetTree(),
                            Optional.of(reinit.old()),
                            reinit.old().encryptsHandshake());
            forget(request.getReinitId(), reinit);
            return JoinGroupResponse.newBuilder()
                    .setStateId(handles.put(member))
                    .setEpochAuthenticator(member.epochAuthenticator())
                    .build();
        }
    }

    /** The runner never frees the state that a reinitialization ends. */
    private void forget(int reinitId, Reinitialization reinit) {
        handles.discard(reinitId);
        handles.discard(reinit.stateId());
        reinit.old().close();
    }

    // ---- subgroups

    CreateSubgroupResponse createBranch(CreateBranchRequest request) throws MlsException {
        Membership member = handles.get(request.getStateId(), Membership.class);
        SuccessorRequest wanted = wanted(
                        member.participant(),
                        request.getKeyPackagesList(),
                        request.getForcePath(),
                        request.getExternalTree())
                .withExtensions(Wire.extensions(request.getExtensionsList()));
        synchronized (member) {
            Successor successor = member.group().branch(Wire.bytes(request.getGroupId()), wanted);
            return created(successor, member.participant(), member, request.getExternalTree());
        }
    }

    HandleBranchResponse handleBranch(HandleBranchRequest request) throws MlsException {
        Membership old = handles.get(request.getStateId(), Membership.class);
        Joiner joiner = handles.get(request.getTransactionId(), Joiner.class);
        synchronized (old) {
            Membership member = joiner.join(
                    request.getWelcome(), request.getRatchetTree(), Optional.of(old), old.encryptsHandshake());
            handles.discard(request.getTransactionId());
            return HandleBranchResponse.newBuilder()
                    .setStateId(handles.put(member))
                    .setEpochAuthenticator(member.epochAuthenticator())
                    .build();
        }
    }

    // ---- both

    private static SuccessorRequest wanted(
            Participant creator, List<ByteString> encodedPackages, boolean forcePath, boolean externalTree)
            throws MlsException {
        List<KeyPackage> keyPackages = new ArrayList<>();
        for (ByteString encoded : encodedPackages) {
            keyPackages.add(Wire.keyPackage(encoded));
        }
        SuccessorRequest out = SuccessorRequest.of(creator.client(), keyPackages);
        out = forcePath ? out : out.withoutPath();
        return externalTree ? out.withoutTreeInWelcome() : out;
    }

    private CreateSubgroupResponse created(
            Successor successor, Participant creator, Membership old, boolean externalTree) {
        StagedCommit commit = successor.commit();
        CreateSubgroupResponse.Builder out =
                CreateSubgroupResponse.newBuilder().setWelcome(Wire.bytes(commit.welcome()));
        if (externalTree) {
            out.setRatchetTree(Wire.bare(commit.nextState().tree()));
        }
        successor.group().merge(commit);
        Membership member = new Membership(creator, successor.group(), old.encryptsHandshake());
        return out.setEpochAuthenticator(member.epochAuthenticator())
                .setStateId(handles.put(member))
                .build();
    }
}
