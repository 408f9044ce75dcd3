package org.coppice.interop.runner;

import com.google.protobuf.ByteString;
import java.util.Map;
import org.coppice.interop.wire.AddExternalSignerRequest;
import org.coppice.interop.wire.CreateExternalSignerRequest;
import org.coppice.interop.wire.CreateExternalSignerResponse;
import org.coppice.interop.wire.ExternalSignerProposalRequest;
import org.coppice.interop.wire.GroupInfoResponse;
import org.coppice.interop.wire.NewMemberAddProposalRequest;
import org.coppice.interop.wire.NewMemberAddProposalResponse;

/** Proposals from outside. */
final class OutsiderActions {
    private OutsiderActions() {}

    static void register(Map<String, Play.Action> actions) {
        actions.put("newMemberAddProposal", OutsiderActions::newMemberAddProposal);
        actions.put("addExternalSigner", OutsiderActions::addExternalSigner);
        actions.put("externalSignerProposal", OutsiderActions::externalSignerProposal);
    }

    private static void newMemberAddProposal(Play play, Step step) {
        String joiner = step.text("joiner");
        GroupInfoResponse info = MemberActions.info(play, step.text("actor"), false);
        NewMemberAddProposalResponse response = play.server(joiner)
                .newMemberAddProposal(NewMemberAddProposalRequest.newBuilder()
                        .setGroupInfo(info.getGroupInfo())
                        .setIdentity(ByteString.copyFromUtf8(joiner))
                        .build());
        play.begin(joiner, response.getTransactionId());
        MemberActions.proposal(play, response.getProposal());
    }

    private static void addExternalSigner(Play play, Step step) {
        String actor = step.text("actor");
        String signer = step.text("signer");
        CreateExternalSignerResponse created = play.server(signer)
                .createExternalSigner(CreateExternalSignerRequest.newBuilder()
                        .setCipherSuite(play.suite())
                        .setIdentity(ByteString.copyFromUtf8(signer))
                        .build());
        play.sign(signer, created.getSignerId());
        MemberActions.proposal(
                play,
                play.server(actor)
                        .addExternalSigner(AddExternalSignerRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .setExternalSender(created.getExternalSender())
                                .build())
                        .getProposal());
    }

    private static void externalSignerProposal(Play play, Step step) {
        String signer = step.text("actor");
        GroupInfoResponse info = MemberActions.info(play, step.text("member"), true);
        MemberActions.proposal(
                play,
                play.server(signer)
                        .externalSignerProposal(ExternalSignerProposalRequest.newBuilder()
                                .setSignerId(play.signer(signer))
                                .setGroupInfo(info.getGroupInfo())
                                .setRatchetTree(info.getRatchetTree())
                                .setDescription(Descriptions.of(play, step.step("description")))
                                .build())
                        .getProposal());
    }
}
