package org.coppice.interop.runner;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.interop.wire.AddProposalRequest;
import org.coppice.interop.wire.CreateGroupRequest;
import org.coppice.interop.wire.CreateKeyPackageRequest;
import org.coppice.interop.wire.CreateKeyPackageResponse;
import org.coppice.interop.wire.ExternalPSKProposalRequest;
import org.coppice.interop.wire.GroupContextExtensionsProposalRequest;
import org.coppice.interop.wire.GroupInfoRequest;
import org.coppice.interop.wire.GroupInfoResponse;
import org.coppice.interop.wire.ProposalDescription;
import org.coppice.interop.wire.ProtectRequest;
import org.coppice.interop.wire.RemoveProposalRequest;
import org.coppice.interop.wire.ResumptionPSKProposalRequest;
import org.coppice.interop.wire.StorePSKRequest;
import org.coppice.interop.wire.UnprotectRequest;
import org.coppice.interop.wire.UnprotectResponse;
import org.coppice.interop.wire.UpdateProposalRequest;

/** What one client does alone: groups, key packages, proposals, messages. */
final class MemberActions {
    private MemberActions() {}

    static void register(Map<String, Play.Action> actions) {
        actions.put("createGroup", MemberActions::createGroup);
        actions.put("createKeyPackage", MemberActions::createKeyPackage);
        actions.put("installExternalPSK", MemberActions::installExternalPsk);
        actions.put("groupInfo", MemberActions::groupInfo);
        actions.put("addProposal", MemberActions::addProposal);
        actions.put("updateProposal", MemberActions::updateProposal);
        actions.put("removeProposal", MemberActions::removeProposal);
        actions.put("externalPSKProposal", MemberActions::externalPskProposal);
        actions.put("resumptionPSKProposal", MemberActions::resumptionPskProposal);
        actions.put("groupContextExtensionsProposal", MemberActions::groupContextExtensionsProposal);
        actions.put("protect", MemberActions::protect);
        actions.put("unprotect", MemberActions::unprotect);
    }

    /** With members, they are added by a first Commit. */
    private static void createGroup(Play play, Step step) {
        String creator = step.text("actor");
        ByteString groupId = play.randomBytes(32);
        play.store("group_id", groupId);
        play.enter(
                creator,
                play.server(creator)
                        .createGroup(CreateGroupRequest.newBuilder()
                                .setGroupId(groupId)
                                .setCipherSuite(play.suite())
                                .setEncryptHandshake(play.encryptsHandshake())
                                .setIdentity(ByteString.copyFromUtf8(creator))
                                .build())
                        .getStateId());
        List<String> members = step.texts("members");
        if (members.isEmpty()) {
            return;
        }
        List<ProposalDescription> adds = new ArrayList<>();
        for (String member : members) {
            adds.add(ProposalDescription.newBuilder()
                    .setProposalType(ByteString.copyFromUtf8("add"))
                    .setKeyPackage(keyPackage(play, member))
                    .build());
        }
        CommitActions.fullCommit(
                play, creator, new CommitActions.Contents(List.of(), adds, false, false), List.of(), members);
    }

    private static void createKeyPackage(Play play, Step step) {
        play.store("key_package", keyPackage(play, step.text("actor")));
    }

    static ByteString keyPackage(Play play, String actor) {
        CreateKeyPackageResponse response = play.server(actor)
                .createKeyPackage(CreateKeyPackageRequest.newBuilder()
                        .setCipherSuite(play.suite())
                        .setIdentity(ByteString.copyFromUtf8(actor))
                        .build());
        Play.check(
                !response.getInitPriv().isEmpty()
                        && !response.getEncryptionPriv().isEmpty()
                        && !response.getSignaturePriv().isEmpty(),
                "private keys are missing");
        play.begin(actor, response.getTransactionId());
        return play.message(response.getKeyPackage());
    }

    private static void installExternalPsk(Play play, Step step) {
        ByteString id = play.randomBytes(32);
        ByteString secret = play.randomBytes(32);
        play.store("psk_id", id);
        play.store("psk_secret", secret);
        for (String client : step.texts("clients")) {
            play.server(client)
                    .storePSK(StorePSKRequest.newBuilder()
                            .setStateOrTransactionId(
                                    play.hasState(client) ? play.state(client) : play.transaction(client))
                            .setPskId(id)
                            .setPskSecret(secret)
                            .build());
        }
    }

    private static void groupInfo(Play play, Step step) {
        info(play, step.text("actor"), step.flag("externalTree"));
    }

    /** Stores what it returns. */
    static GroupInfoResponse info(Play play, String member, boolean externalTree) {
        GroupInfoResponse response = play.server(member)
                .groupInfo(GroupInfoRequest.newBuilder()
                        .setStateId(play.state(member))
                        .setExternalTree(externalTree)
                        .build());
        Play.check(response.getRatchetTree().isEmpty() != externalTree, "the tree is where it should not be");
        play.store("group_info", play.message(response.getGroupInfo()));
        play.store("ratchet_tree", response.getRatchetTree());
        return response;
    }

    // ---- proposals

    private static void addProposal(Play play, Step step) {
        String actor = step.text("actor");
        proposal(
                play,
                play.server(actor)
                        .addProposal(AddProposalRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .setKeyPackage(play.load(step.number("keyPackage"), "key_package"))
                                .build())
                        .getProposal());
    }

    private static void updateProposal(Play play, Step step) {
        String actor = step.text("actor");
        proposal(
                play,
                play.server(actor)
                        .updateProposal(UpdateProposalRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .build())
                        .getProposal());
    }

    private static void removeProposal(Play play, Step step) {
        String actor = step.text("actor");
        proposal(
                play,
                play.server(actor)
                        .removeProposal(RemoveProposalRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .setRemovedId(ByteString.copyFromUtf8(step.text("removed")))
                                .build())
                        .getProposal());
    }

    private static void externalPskProposal(Play play, Step step) {
        String actor = step.text("actor");
        proposal(
                play,
                play.server(actor)
                        .externalPSKProposal(ExternalPSKProposalRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .setPskId(play.load(step.number("pskID"), "psk_id"))
                                .build())
                        .getProposal());
    }

    private static void resumptionPskProposal(Play play, Step step) {
        String actor = step.text("actor");
        proposal(
                play,
                play.server(actor)
                        .resumptionPSKProposal(ResumptionPSKProposalRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .setEpochId(step.number("epochID"))
                                .build())
                        .getProposal());
    }

    private static void groupContextExtensionsProposal(Play play, Step step) {
        String actor = step.text("actor");
        proposal(
                play,
                play.server(actor)
                        .groupContextExtensionsProposal(GroupContextExtensionsProposalRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .addAllExtensions(step.extensions())
                                .build())
                        .getProposal());
    }

    static void proposal(Play play, ByteString proposal) {
        play.store("proposal", play.message(proposal));
    }

    // ---- application messages

    private static void protect(Play play, Step step) {
        String actor = step.text("actor");
        ByteString data = ByteString.copyFromUtf8(step.text("authenticatedData", ""));
        ByteString text = ByteString.copyFromUtf8(step.text("plaintext", ""));
        play.store("authenticated_data", data);
        play.store("plaintext", text);
        play.store(
                "ciphertext",
                play.message(play.server(actor)
                        .protect(ProtectRequest.newBuilder()
                                .setStateId(play.state(actor))
                                .setAuthenticatedData(data)
                                .setPlaintext(text)
                                .build())
                        .getCiphertext()));
    }

    private static void unprotect(Play play, Step step) {
        String actor = step.text("actor");
        int sent = step.number("ciphertext");
        UnprotectResponse response = play.server(actor)
                .unprotect(UnprotectRequest.newBuilder()
                        .setStateId(play.state(actor))
                        .setCiphertext(play.load(sent, "ciphertext"))
                        .build());
        Play.check(response.getPlaintext().equals(play.load(sent, "plaintext")), "another plaintext was read");
        Play.check(
                response.getAuthenticatedData().equals(play.load(sent, "authenticated_data")),
                "other authenticated data were read");
    }
}
