package org.coppice.interop.runner;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.interop.wire.CommitRequest;
import org.coppice.interop.wire.CreateBranchRequest;
import org.coppice.interop.wire.CreateSubgroupResponse;
import org.coppice.interop.wire.FreeRequest;
import org.coppice.interop.wire.HandleBranchRequest;
import org.coppice.interop.wire.HandleBranchResponse;
import org.coppice.interop.wire.HandleCommitRequest;
import org.coppice.interop.wire.HandlePendingCommitRequest;
import org.coppice.interop.wire.HandleReInitCommitResponse;
import org.coppice.interop.wire.HandleReInitWelcomeRequest;
import org.coppice.interop.wire.JoinGroupResponse;
import org.coppice.interop.wire.ReInitProposalRequest;
import org.coppice.interop.wire.ReInitWelcomeRequest;

/** Reinitialization and subgroups, each from beginning to end in one step. */
final class SuccessorActions {
    private SuccessorActions() {}

    static void register(Map<String, Play.Action> actions) {
        actions.put("reinit", SuccessorActions::reinit);
        actions.put("branch", SuccessorActions::branch);
    }

    /** The group's id, which the first step gave, or a new one that follows from it. */
    static ByteString groupId(Play play, Step step) {
        ByteString present = play.load(0, "group_id");
        return step.flag("changeGroupID") ? present.concat(ByteString.copyFromUtf8("++")) : present;
    }

    private static void reinit(Play play, Step step) {
        ByteString groupId = groupId(play, step);
        if (step.flag("changeCipherSuite")) {
            play.changeSuite();
        }
        String committer = step.text("committer");
        String welcomer = step.text("welcomer");
        Set<String> everybody = new LinkedHashSet<>(step.texts("members"));
        everybody.add(committer);
        everybody.add(welcomer);
        ByteString proposal;
        if (step.has("proposer")) {
            everybody.add(step.text("proposer"));
            proposal = propose(play, step, groupId);
        } else {
            proposal = play.load(step.number("externalReinitProposal"), "proposal");
        }

        Map<String, HandleReInitCommitResponse> ended = end(play, committer, everybody, proposal);

        List<ByteString> keyPackages = new ArrayList<>();
        ended.forEach((member, response) -> {
            play.message(response.getKeyPackage());
            if (!member.equals(welcomer)) {
                keyPackages.add(response.getKeyPackage());
            }
        });
        CreateSubgroupResponse created = play.server(welcomer)
                .reInitWelcome(ReInitWelcomeRequest.newBuilder()
                        .setReinitId(ended.get(welcomer).getReinitId())
                        .addAllKeyPackage(keyPackages)
                        .setForcePath(step.flag("forcePath"))
                        .setExternalTree(step.flag("externalTree"))
                        .build());
        enter(play, welcomer, created, step.flag("externalTree"));
        for (String member : everybody) {
            if (!member.equals(welcomer)) {
                JoinGroupResponse joined = play.server(member)
                        .handleReInitWelcome(HandleReInitWelcomeRequest.newBuilder()
                                .setReinitId(ended.get(member).getReinitId())
                                .setWelcome(created.getWelcome())
                                .setRatchetTree(created.getRatchetTree())
                                .build());
                CommitActions.agrees(member, joined.getEpochAuthenticator(), created.getEpochAuthenticator());
                play.enter(member, joined.getStateId());
            }
        }
    }

    private static ByteString propose(Play play, Step step, ByteString groupId) {
        String proposer = step.text("proposer");
        return play.message(play.server(proposer)
                .reInitProposal(ReInitProposalRequest.newBuilder()
                        .setStateId(play.state(proposer))
                        .setCipherSuite(play.suite())
                        .setGroupId(groupId)
                        .addAllExtensions(step.extensions())
                        .build())
                .getProposal());
    }

    /** Everybody enters the last epoch, the committer first. */
    private static Map<String, HandleReInitCommitResponse> end(
            Play play, String committer, Set<String> everybody, ByteString proposal) {
        Map<String, HandleReInitCommitResponse> out = new LinkedHashMap<>();
        ByteString commit = play.message(play.server(committer)
                .reInitCommit(CommitRequest.newBuilder()
                        .setStateId(play.state(committer))
                        .addByReference(proposal)
                        .build())
                .getCommit());
        HandleReInitCommitResponse first = play.server(committer)
                .handlePendingReInitCommit(HandlePendingCommitRequest.newBuilder()
                        .setStateId(play.state(committer))
                        .build());
        out.put(committer, first);
        for (String member : everybody) {
            if (!member.equals(committer)) {
                HandleReInitCommitResponse response = play.server(member)
                        .handleReInitCommit(HandleCommitRequest.newBuilder()
                                .setStateId(play.state(member))
                                .addProposal(proposal)
                                .setCommit(commit)
                                .build());
                CommitActions.agrees(member, response.getEpochAuthenticator(), first.getEpochAuthenticator());
                out.put(member, response);
            }
        }
        return out;
    }

    private static void branch(Play play, Step step) {
        String creator = step.text("actor");
        List<String> members = step.texts("members");
        List<ByteString> keyPackages = members.stream()
                .map(member -> MemberActions.keyPackage(play, member))
                .toList();
        CreateSubgroupResponse created = play.server(creator)
                .createBranch(CreateBranchRequest.newBuilder()
                        .setStateId(play.state(creator))
                        .setGroupId(play.randomBytes(16))
                        .addAllExtensions(step.extensions())
                        .addAllKeyPackages(keyPackages)
                        .setForcePath(step.flag("forcePath"))
                        .setExternalTree(step.flag("externalTree"))
                        .build());
        free(play, creator);
        enter(play, creator, created, step.flag("externalTree"));
        for (String member : members) {
            HandleBranchResponse joined = play.server(member)
                    .handleBranch(HandleBranchRequest.newBuilder()
                            .setStateId(play.state(member))
                            .setTransactionId(play.transaction(member))
                            .setWelcome(created.getWelcome())
                            .setRatchetTree(created.getRatchetTree())
                            .build());
            CommitActions.agrees(member, joined.getEpochAuthenticator(), created.getEpochAuthenticator());
            free(play, member);
            play.enter(member, joined.getStateId());
        }
    }

    private static void free(Play play, String member) {
        play.server(member)
                .free(FreeRequest.newBuilder().setStateId(play.state(member)).build());
    }

    private static void enter(Play play, String creator, CreateSubgroupResponse created, boolean externalTree) {
        play.message(created.getWelcome());
        Play.check(created.getRatchetTree().isEmpty() != externalTree, "the tree is where it should not be");
        Play.check(!created.getEpochAuthenticator().isEmpty(), creator + " gives no epoch authenticator");
        play.enter(creator, created.getStateId());
    }
}
