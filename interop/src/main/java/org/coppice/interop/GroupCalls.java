package org.coppice.interop;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.coppice.interop.wire.AddProposalRequest;
import org.coppice.interop.wire.CommitRequest;
import org.coppice.interop.wire.CommitResponse;
import org.coppice.interop.wire.ExportRequest;
import org.coppice.interop.wire.ExportResponse;
import org.coppice.interop.wire.ExternalPSKProposalRequest;
import org.coppice.interop.wire.FreeRequest;
import org.coppice.interop.wire.FreeResponse;
import org.coppice.interop.wire.GroupContextExtensionsProposalRequest;
import org.coppice.interop.wire.GroupInfoRequest;
import org.coppice.interop.wire.GroupInfoResponse;
import org.coppice.interop.wire.HandleCommitRequest;
import org.coppice.interop.wire.HandleCommitResponse;
import org.coppice.interop.wire.HandlePendingCommitRequest;
import org.coppice.interop.wire.ProposalDescription;
import org.coppice.interop.wire.ProposalResponse;
import org.coppice.interop.wire.ProtectRequest;
import org.coppice.interop.wire.ProtectResponse;
import org.coppice.interop.wire.RemoveProposalRequest;
import org.coppice.interop.wire.ResumptionPSKProposalRequest;
import org.coppice.interop.wire.StateAuthRequest;
import org.coppice.interop.wire.StateAuthResponse;
import org.coppice.interop.wire.StorePSKRequest;
import org.coppice.interop.wire.StorePSKResponse;
import org.coppice.interop.wire.UnprotectRequest;
import org.coppice.interop.wire.UnprotectResponse;
import org.coppice.interop.wire.UpdateProposalRequest;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;

/** What members do in one group. */
final class GroupCalls {
    private final Handles handles;

    GroupCalls(Handles handles) {
        this.handles = handles;
    }

    private Membership member(int stateId) {
        return handles.get(stateId, Membership.class);
    }

    // ---- looking at a state, and using its keys

    GroupInfoResponse groupInfo(GroupInfoRequest request) throws MlsException {
        Membership member = member(request.getStateId());
        synchronized (member) {
            GroupInfoResponse.Builder out = GroupInfoResponse.newBuilder()
                    .setGroupInfo(Wire.bytes(member.group().groupInfo(!request.getExternalTree())));
            if (request.getExternalTree()) {
                out.setRatchetTree(Wire.bare(member.group().state().tree()));
            }
            return out.build();
        }
    }

    StateAuthResponse stateAuth(StateAuthRequest request) {
        return StateAuthResponse.newBuilder()
                .setStateAuthSecret(member(request.getStateId()).epochAuthenticator())
                .build();
    }

    ExportResponse export(ExportRequest request) {
        Membership member = member(request.getStateId());
        synchronized (member) {
            try (Secret secret = member.group()
                    .export(request.getLabel(), Wire.bytes(request.getContext()), request.getKeyLength())) {
                return ExportResponse.newBuilder()
                        .setExportedSecret(Wire.exposed(secret))
                        .build();
            }
        }
    }

    ProtectResponse protect(ProtectRequest request) throws MlsException {
        Membership member = member(request.getStateId());
        SendOptions options = SendOptions.DEFAULT.withAuthenticatedData(Wire.bytes(request.getAuthenticatedData()));
        synchronized (member) {
            return ProtectResponse.newBuilder()
                    .setCiphertext(Wire.bytes(
                            member.group().encrypt(request.getPlaintext().toByteArray(), options)))
                    .build();
        }
    }

    UnprotectResponse unprotect(UnprotectRequest request) throws MlsException {
        Membership member = member(request.getStateId());
        synchronized (member) {
            Received received = member.group().receive(Wire.message(request.getCiphertext()));
            if (received instanceof Received.Application message) {
                return UnprotectResponse.newBuilder()
                        .setAuthenticatedData(Wire.bytes(message.authenticatedData()))
                        .setPlaintext(Wire.bytes(message.data()))
                        .build();
            }
        }
        throw new IllegalArgumentException("an application message of another member was expected");
    }

    /** For a member, or for a client that waits for its Welcome. */
    StorePSKResponse storePsk(StorePSKRequest request) {
        int id = request.getStateOrTransactionId();
        Object owner = handles.get(id, Object.class);
        PskShelf shelf;
        if (owner instanceof Membership member) {
            shelf = member.participant().psks();
        } else if (owner instanceof Joiner joiner) {
            shelf = joiner.participant().psks();
        } else {
            throw new NoSuchElementException("neither a state nor a transaction has the number " + id);
        }
        shelf.put(Wire.bytes(request.getPskId()), Wire.bytes(request.getPskSecret()));
        return StorePSKResponse.getDefaultInstance();
    }

    // ---- proposals

    ProposalResponse addProposal(AddProposalRequest request) throws MlsException {
        return propose(request.getStateId(), new Proposal.Add(Wire.keyPackage(request.getKeyPackage())));
    }

    ProposalResponse removeProposal(RemoveProposalRequest request) throws MlsException {
        Proposals proposals = member(request.getStateId()).proposals();
        return propose(request.getStateId(), proposals.remove(Wire.bytes(request.getRemovedId())));
    }

    ProposalResponse externalPskProposal(ExternalPSKProposalRequest request) throws MlsException {
        Proposals proposals = member(request.getStateId()).proposals();
        return propose(request.getStateId(), proposals.externalPsk(Wire.bytes(request.getPskId())));
    }

    ProposalResponse resumptionPskProposal(ResumptionPSKProposalRequest request) throws MlsException {
        Proposals proposals = member(request.getStateId()).proposals();
        return propose(request.getStateId(), proposals.resumptionPsk(request.getEpochId()));
    }

    ProposalResponse groupContextExtensionsProposal(GroupContextExtensionsProposalRequest request) throws MlsException {
        return propose(
                request.getStateId(),
                new Proposal.GroupContextExtensions(Wire.extensions(request.getExtensionsList())));
    }

    ProposalResponse updateProposal(UpdateProposalRequest request) throws MlsException {
        return response(member(request.getStateId()).proposeUpdate());
    }

    private ProposalResponse propose(int stateId, Proposal proposal) throws MlsException {
        return response(member(stateId).propose(proposal));
    }

    static ProposalResponse response(ByteString proposal) {
        return ProposalResponse.newBuilder().setProposal(proposal).build();
    }

    // ---- Commits

    CommitResponse commit(CommitRequest request) throws MlsException {
        Membership member = member(request.getStateId());
        synchronized (member) {
            Proposals proposals = member.proposals();
            List<Proposal> byValue = new ArrayList<>();
            for (ProposalDescription description : request.getByValueList()) {
                byValue.add(proposals.of(description));
            }
            StagedCommit staged = member.commit(
                    request.getByReferenceList(), byValue, request.getForcePath(), request.getExternalTree());
            CommitResponse.Builder out = CommitResponse.newBuilder()
                    .setCommit(Wire.bytes(staged.message()))
                    .setWelcome(Wire.bytes(staged.welcome()));
            if (request.getExternalTree()) {
                out.setRatchetTree(Wire.bare(staged.nextState().tree()));
            }
            return out.build();
        }
    }

    HandleCommitResponse handlePendingCommit(HandlePendingCommitRequest request) {
        Membership member = member(request.getStateId());
        synchronized (member) {
            member.enterPending();
            return entered(request.getStateId(), member);
        }
    }

    HandleCommitResponse handleCommit(HandleCommitRequest request) throws MlsException {
        Membership member = member(request.getStateId());
        synchronized (member) {
            member.handle(request.getProposalList(), request.getCommit());
            return entered(request.getStateId(), member);
        }
    }

    private static HandleCommitResponse entered(int stateId, Membership member) {
        return HandleCommitResponse.newBuilder()
                .setStateId(stateId)
                .setEpochAuthenticator(member.epochAuthenticator())
                .build();
    }

    FreeResponse free(FreeRequest request) {
        handles.remove(request.getStateId(), Membership.class).close();
        return FreeResponse.getDefaultInstance();
    }
}
