package org.coppice.interop.runner;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.interop.wire.CommitRequest;
import org.coppice.interop.wire.CommitResponse;
import org.coppice.interop.wire.ExternalJoinRequest;
import org.coppice.interop.wire.ExternalJoinResponse;
import org.coppice.interop.wire.GroupInfoResponse;
import org.coppice.interop.wire.HandleCommitRequest;
import org.coppice.interop.wire.HandleCommitResponse;
import org.coppice.interop.wire.HandlePendingCommitRequest;
import org.coppice.interop.wire.JoinGroupRequest;
import org.coppice.interop.wire.JoinGroupResponse;
import org.coppice.interop.wire.PreSharedKey;
import org.coppice.interop.wire.ProposalDescription;

/** Commits, and who enters epochs by them. */
final class CommitActions {
    private CommitActions() {}

    static void register(Map<String, Play.Action> actions) {
        actions.put("fullCommit", CommitActions::fullCommit);
        actions.put("commit", CommitActions::commit);
        actions.put("handlePendingCommit", CommitActions::handlePendingCommit);
        actions.put("handleCommit", CommitActions::handleCommit);
        actions.put("joinGroup", CommitActions::joinGroup);
        actions.put("externalJoin", CommitActions::externalJoin);
    }

    /**
     * What a Commit is to hold.
     *
     * @param byReference proposals as they were sent
     * @param byValue others
     * @param forcePath whether there has to be a path
     * @param externalTree whether the tree stays out of the Welcome
     */
    record Contents(
            List<ByteString> byReference, List<ProposalDescription> byValue, boolean forcePath, boolean externalTree) {
        static Contents of(Play play, Step step) {
            List<ProposalDescription> byValue = new ArrayList<>();
            for (Step proposal : step.steps("byValue")) {
                byValue.add(Descriptions.of(play, proposal));
            }
            return new Contents(
                    play.load(step.numbers("byReference"), "proposal"),
                    byValue,
                    step.flag("forcePath"),
                    step.flag("externalTree"));
        }
    }

    private static void fullCommit(Play play, Step step) {
        fullCommit(play, step.text("actor"), Contents.of(play, step), step.texts("members"), step.texts("joiners"));
    }

    /** Makes a Commit, and has everybody enter the epoch that it begins. */
    static void fullCommit(Play play, String committer, Contents contents, List<String> members, List<String> joiners) {
        CommitResponse commit = commit(play, committer, contents);
        ByteString authenticator = handlePendingCommit(play, committer);
        play.store("epoch_authenticator", authenticator);
        for (String member : members) {
            handleCommit(play, member, contents.byReference(), commit.getCommit(), authenticator);
        }
        for (String joiner : joiners) {
            ByteString tree = contents.externalTree() ? commit.getRatchetTree() : ByteString.EMPTY;
            join(play, joiner, commit.getWelcome(), tree, authenticator);
        }
    }

    private static void commit(Play play, Step step) {
        commit(play, step.text("actor"), Contents.of(play, step));
    }

    /** Stores what it returns. */
    private static CommitResponse commit(Play play, String committer, Contents contents) {
        CommitResponse response = play.server(committer)
                .commit(CommitRequest.newBuilder()
                        .setStateId(play.state(committer))
                        .addAllByReference(contents.byReference())
                        .addAllByValue(contents.byValue())
                        .setForcePath(contents.forcePath())
                        .setExternalTree(contents.externalTree())
                        .build());
        play.store("commit", play.message(response.getCommit()));
        if (!response.getWelcome().isEmpty()) {
            play.store("welcome", play.message(response.getWelcome()));
        }
        Play.check(
                response.getRatchetTree().isEmpty() != contents.externalTree(), "the tree is where it should not be");
        play.store("ratchet_tree", response.getRatchetTree());
        return response;
    }

    private static void handlePendingCommit(Play play, Step step) {
        play.store("epoch_authenticator", handlePendingCommit(play, step.text("actor")));
    }

    private static ByteString handlePendingCommit(Play play, String committer) {
        HandleCommitResponse response = play.server(committer)
                .handlePendingCommit(HandlePendingCommitRequest.newBuilder()
                        .setStateId(play.state(committer))
                        .build());
        play.enter(committer, response.getStateId());
        return response.getEpochAuthenticator();
    }

    private static void handleCommit(Play play, Step step) {
        handleCommit(
                play,
                step.text("actor"),
                play.load(step.numbers("byReference"), "proposal"),
                play.load(step.number("commit"), "commit"),
                null);
    }

    /** @param authenticator what the member has to agree on, or null if that is not known yet */
    private static void handleCommit(
            Play play, String member, List<ByteString> proposals, ByteString commit, ByteString authenticator) {
        HandleCommitResponse response = play.server(member)
                .handleCommit(HandleCommitRequest.newBuilder()
                        .setStateId(play.state(member))
                        .addAllProposal(proposals)
                        .setCommit(commit)
                        .build());
        play.enter(member, response.getStateId());
        agrees(member, response.getEpochAuthenticator(), authenticator);
    }

    private static void joinGroup(Play play, Step step) {
        int commit = step.number("welcome");
        join(play, step.text("actor"), play.load(commit, "welcome"), play.load(commit, "ratchet_tree"), null);
    }

    private static void join(Play play, String joiner, ByteString welcome, ByteString tree, ByteString authenticator) {
        JoinGroupResponse response = play.server(joiner)
                .joinGroup(JoinGroupRequest.newBuilder()
                        .setTransactionId(play.transaction(joiner))
                        .setWelcome(welcome)
                        .setRatchetTree(tree)
                        .setEncryptHandshake(play.encryptsHandshake())
                        .setIdentity(ByteString.copyFromUtf8(joiner))
                        .build());
        play.enter(joiner, response.getStateId());
        agrees(joiner, response.getEpochAuthenticator(), authenticator);
    }

    private static void externalJoin(Play play, Step step) {
        String joiner = step.text("joiner");
        GroupInfoResponse info = MemberActions.info(play, step.text("actor"), step.flag("externalTree"));
        List<PreSharedKey> psks = new ArrayList<>();
        for (int psk : step.numbers("psks")) {
            psks.add(PreSharedKey.newBuilder()
                    .setPskId(play.load(psk, "psk_id"))
                    .setPskSecret(play.load(psk, "psk_secret"))
                    .build());
        }
        ExternalJoinResponse response = play.server(joiner)
                .externalJoin(ExternalJoinRequest.newBuilder()
                        .setGroupInfo(info.getGroupInfo())
                        .setRatchetTree(info.getRatchetTree())
                        .setEncryptHandshake(play.encryptsHandshake())
                        .setIdentity(ByteString.copyFromUtf8(joiner))
                        .setRemovePrior(step.flag("removePrior"))
                        .addAllPsks(psks)
                        .build());
        play.enter(joiner, response.getStateId());
        play.store("commit", play.message(response.getCommit()));
        play.store("epoch_authenticator", response.getEpochAuthenticator());
        List<String> members = new ArrayList<>(step.texts("members"));
        members.add(step.text("actor"));
        for (String member : members) {
            handleCommit(play, member, List.of(), response.getCommit(), response.getEpochAuthenticator());
        }
    }

    static void agrees(String actor, ByteString authenticator, ByteString expected) {
        Play.check(!authenticator.isEmpty(), actor + " gives no epoch authenticator");
        Play.check(
                expected == null || authenticator.equals(expected),
                actor + " does not agree on the epoch authenticator");
    }
}
