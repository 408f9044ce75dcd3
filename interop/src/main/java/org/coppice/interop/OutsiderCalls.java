package org.coppice.interop;

import java.util.ArrayList;
import java.util.List;
import org.coppice.interop.wire.AddExternalSignerRequest;
import org.coppice.interop.wire.CreateExternalSignerRequest;
import org.coppice.interop.wire.CreateExternalSignerResponse;
import org.coppice.interop.wire.ExternalSignerProposalRequest;
import org.coppice.interop.wire.NewMemberAddProposalRequest;
import org.coppice.interop.wire.NewMemberAddProposalResponse;
import org.coppice.interop.wire.ProposalResponse;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.Proposal;

/** Proposals from outside a group (RFC 9420 §12.1.8). */
final class OutsiderCalls {
    private final Environment environment;
    private final Handles handles;

    OutsiderCalls(Environment environment, Handles handles) {
        this.environment = environment;
        this.handles = handles;
    }

    NewMemberAddProposalResponse newMemberAddProposal(NewMemberAddProposalRequest request) throws MlsException {
        GroupContext context = Wire.groupInfo(request.getGroupInfo()).groupContext();
        Joiner joiner =
                Joiner.of(Participant.create(environment, context.cipherSuite(), Wire.bytes(request.getIdentity())));
        MlsClient client = joiner.participant().client();
        MlsMessage proposal = client.proposeAdd(
                context.groupId(), context.epoch(), joiner.bundle().keyPackage());
        return NewMemberAddProposalResponse.newBuilder()
                .setProposal(Wire.bytes(proposal))
                .setInitPriv(Wire.exposed(joiner.bundle().initKeyPair().privateKey()))
                .setEncryptionPriv(Wire.exposed(joiner.bundle().leafKeyPair().privateKey()))
                .setSignaturePriv(
                        Wire.exposed(joiner.participant().signatureKeys().privateKey()))
                .setTransactionId(handles.put(joiner))
                .build();
    }

    CreateExternalSignerResponse createExternalSigner(CreateExternalSignerRequest request) throws MlsException {
        ExternalSigner signer = new ExternalSigner(Participant.create(
                environment, Wire.suite(request.getCipherSuite()), Wire.bytes(request.getIdentity())));
        return CreateExternalSignerResponse.newBuilder()
                .setExternalSender(Wire.bare(signer.sender()))
                .setSignerId(handles.put(signer))
                .build();
    }

    /** A member proposes to take the signer among the external senders, behind those that the group has. */
    ProposalResponse addExternalSigner(AddExternalSignerRequest request) throws MlsException {
        Membership member = handles.get(request.getStateId(), Membership.class);
        Extensions present = member.proposals().context().extensions();
        List<ExternalSender> senders = new ArrayList<>(ExternalSender.in(present));
        senders.add(Wire.externalSender(request.getExternalSender()));
        return GroupCalls.response(
                member.propose(new Proposal.GroupContextExtensions(present.with(ExternalSender.toExtension(senders)))));
    }

    ProposalResponse externalSignerProposal(ExternalSignerProposalRequest request) throws MlsException {
        ExternalSigner signer = handles.get(request.getSignerId(), ExternalSigner.class);
        GroupInfo info = Wire.groupInfo(request.getGroupInfo());
        GroupContext context = info.groupContext();
        SuiteCrypto crypto = environment.crypto(context.cipherSuite());
        Proposals proposals = new Proposals(context, JoinCalls.tree(info, request.getRatchetTree(), crypto), crypto);
        List<ExternalSender> senders = ExternalSender.in(context.extensions());
        MlsMessage proposal = signer.propose(context, senders, proposals.of(request.getDescription()));
        return GroupCalls.response(Wire.bytes(proposal));
    }
}
