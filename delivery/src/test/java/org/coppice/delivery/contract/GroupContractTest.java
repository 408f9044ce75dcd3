package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Retention;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups: created, changed, written to and read. */
class GroupContractTest extends ContractTest {
    @Test
    @Tag("A-5.2-01")
    @Tag("A-7-02")
    @Tag("A-2.2-02")
    @Tag("A-5-01")
    void carriesAConversation() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        all[0].invite(all[1], all[2]);
        all[1].say("hello");
        all[0].say("hello bob");
        assertThat(all[2].catchUp()).containsExactly("hello", "hello bob");
        all[2].commit();
        all[0].catchUp();
        all[0].say("still here?");
        assertThat(all[1].catchUp()).contains("still here?");
        assertThat(all[0].group().epochAuthenticator()).isEqualTo(all[1].group().epochAuthenticator());
    }

    @Test
    @Tag("A-5.2.3-03")
    void refusesASecondGroupOfTheSameId() throws Exception {
        Device alice = device("alice");
        alice.create();
        refuses(
                ProblemKind.DUPLICATE_GROUP,
                () -> alice.session()
                        .createGroup(
                                Device.request(),
                                alice.group().groupInfo(true),
                                Optional.empty(),
                                GroupSettings.DEFAULT));
    }

    @Test
    void refusesAGroupWhoseTreeIsMissingOrWhoseCreatorIsAnother() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        alice.create();
        var group = alice.client().createGroup();
        refuses(
                "RATCHET_TREE_MISSING",
                () -> alice.session()
                        .createGroup(
                                Device.request(), group.groupInfo(false), Optional.empty(), GroupSettings.DEFAULT));
        refuses(
                "CREATOR_NOT_A_MEMBER",
                () -> bob.session()
                        .createGroup(Device.request(), group.groupInfo(true), Optional.empty(), GroupSettings.DEFAULT));
    }

    @Test
    @Tag("A-5.2-04")
    @Tag("A-5.2.1-01")
    @Tag("A-8.1.4-03")
    void takesOneCommitForAnEpochAndTellsTheOtherWhereTheGroupIs() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        StagedCommit first = all[0].staged();
        StagedCommit second = all[1].staged();
        Appended appended = all[0].send(first, all[0].bundleOf(first));
        Problem problem = refusal(() -> all[1].session().commit(Device.request(), all[1].bundleOf(second)));
        assertThat(problem.kind()).isEqualTo(ProblemKind.STALE_EPOCH);
        assertThat(problem.epoch()).contains(appended.epoch());
        assertThat(problem.head()).contains(appended.seq());
        all[1].group().clearPendingCommits();
        all[1].catchUp();
        all[1].commit();
        assertThat(all[0].log(0).stream().filter(entry -> entry.kind() == EntryKind.COMMIT))
                .extracting(LogEntry::epoch)
                .containsExactly(0L, 1L, 2L);
    }

    @Test
    @Tag("A-5.3-01")
    @Tag("A-6.1-06")
    void refusesACommitThatMembersWouldRefuseByTheNameOfTheRule() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        StagedCommit staged = all[0].staged();
        byte[] encoded = staged.message().encoded();
        // The signature stands before the confirmation and membership tags, 33 bytes each.
        encoded[encoded.length - 70] ^= 1;
        CommitBundle forged =
                CommitBundle.of(MlsMessage.decode(encoded), Optional.empty(), Optional.of(staged.groupInfo(false)));
        refuses("MESSAGE_SIGNATURE", () -> all[0].session().commit(Device.request(), forged));
        all[0].send(staged, all[0].bundleOf(staged));
        all[1].catchUp();
        all[1].commit();
    }

    @Test
    void takesACommitFromItsCommitterOnly() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        StagedCommit staged = all[0].staged();
        refuses(ProblemKind.NOT_ALLOWED, () -> all[1].session().commit(Device.request(), all[0].bundleOf(staged)));
    }

    @Test
    @Tag("A-5.2-03")
    void takesProposalsBeforeTheCommitThatNamesThem() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        all[0].invite(all[1], all[2]);
        all[1].session().send(Device.request(), all[1].group().proposeUpdate());
        all[2].session()
                .send(
                        Device.request(),
                        all[2].group().proposeRemove(all[2].group().ownLeaf()));
        all[0].catchUp();
        all[0].commit();
        assertThat(all[0].log(1))
                .extracting(LogEntry::kind)
                .containsExactly(EntryKind.PROPOSAL, EntryKind.PROPOSAL, EntryKind.COMMIT);
        assertThat(all[0].group().roster()).hasSize(2);
        assertThat(all[2].session().groups().get(0).member()).isFalse();
    }

    @Test
    @Tag("A-5.2.2-05")
    void refusesAProposalThatTheLogHasNot() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        MlsMessage update = all[1].group().proposeUpdate();
        all[0].group().receive(update);
        StagedCommit staged = all[0].staged();
        refuses("PROPOSAL_REFERENCE_UNKNOWN", () -> all[0].session().commit(Device.request(), all[0].bundleOf(staged)));
    }

    @Test
    void showsALogOnlyToThoseWhoWereAdmitted() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        all[0].say("before bob");
        all[0].invite(all[1]);
        all[0].say("with bob");
        Bytes group = all[0].groupId();
        refuses(ProblemKind.UNKNOWN_GROUP, () -> all[2].session().read(group, 0, 10, Duration.ZERO));
        refuses(ProblemKind.UNKNOWN_GROUP, () -> all[2].session().groupInfo(group));
        refuses(
                ProblemKind.UNKNOWN_GROUP,
                () -> all[2].session().send(Device.request(), all[0].group().encrypt(new byte[1])));
        LogPage page = all[1].session().read(group, 0, 10, Duration.ZERO);
        assertThat(page.entries()).extracting(LogEntry::seq).containsExactly(2L, 3L);
        all[0].remove(all[1]);
        all[0].say("without bob");
        LogPage last = all[1].session().read(group, 0, 10, Duration.ZERO);
        assertThat(last.entries()).extracting(LogEntry::seq).containsExactly(2L, 3L, 4L);
        assertThat(last.head()).isEqualTo(4);
        refuses(
                ProblemKind.NOT_ALLOWED,
                () -> all[1].session().send(Device.request(), all[1].group().encrypt(new byte[1])));
    }

    @Test
    void givesPagesWithoutGaps() throws Exception {
        Device alice = device("alice");
        alice.create();
        for (int i = 0; i < 7; i++) {
            alice.say("message " + i);
        }
        long cursor = 0;
        for (int page = 0; page < 4; page++) {
            LogPage got = alice.session().read(alice.groupId(), cursor, 2, Duration.ZERO);
            assertThat(got.head()).isEqualTo(7);
            for (LogEntry entry : got.entries()) {
                assertThat(entry.seq()).isEqualTo(++cursor);
            }
        }
        assertThat(cursor).isEqualTo(7);
    }

    @Test
    void takesMessagesOfEpochsJustPastButNotOfFutureOnes() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        MlsMessage late = all[1].group().encrypt(new byte[] {1});
        MlsMessage tooLate = all[1].group().encrypt(new byte[] {2});
        all[0].commit();
        all[1].session().send(Device.request(), late);
        for (int i = 0; i < 5; i++) {
            all[0].commit();
        }
        refuses(ProblemKind.STALE_EPOCH, () -> all[1].session().send(Device.request(), tooLate));
        StagedCommit ahead = all[0].staged();
        all[0].group().merge(ahead);
        refuses(
                ProblemKind.STALE_EPOCH,
                () -> all[0].session().send(Device.request(), all[0].group().encrypt(new byte[1])));
    }

    @Test
    @Tag("A-7-04")
    @Tag("A-6.6-01")
    void letsAMemberThatLostItsStateBackIn() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        all[0].invite(all[1]);
        all[1].joinExternally(all[0].groupId(), GroupSettings.DEFAULT);
        all[0].catchUp();
        assertThat(all[0].group().roster()).hasSize(2);
        all[1].say("back");
        assertThat(all[0].catchUp()).containsExactly("back");
        refuses(ProblemKind.UNKNOWN_GROUP, () -> all[2].joinExternally(all[0].groupId(), GroupSettings.DEFAULT));
    }

    @Test
    @Tag("A-6.4-07")
    void letsMembersAloneTakeTheirPlacesAgainWhereThePolicyIsResync() throws Exception {
        GroupSettings resync =
                new GroupSettings(HandshakePolicy.PUBLIC, ExternalJoinPolicy.RESYNC, Retention.OF_SERVICE);
        Device[] all = published("alice", "bob", "carol");
        all[0].create(resync);
        all[0].invite(all[1]);
        Bytes group = all[0].groupId();
        assertThat(all[0].session().settings(group)).isEqualTo(resync);
        all[1].joinExternally(group, resync);
        all[0].catchUp();
        assertThat(all[0].group().roster()).hasSize(2);
        refuses(ProblemKind.UNKNOWN_GROUP, () -> all[2].joinExternally(group, resync));
        all[0].remove(all[1]);
        refuses(ProblemKind.NOT_ALLOWED, () -> all[1].joinExternally(group, resync));
    }

    @Test
    @Tag("A-6.4-07")
    @Tag("A-6.1-05")
    @Tag("A-6.1-06")
    void letsThoseInWhomThePolicyNames() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        Bytes group = all[0].groupId();
        GroupSettings bobMay = new GroupSettings(
                HandshakePolicy.PUBLIC,
                new ExternalJoinPolicy.Users(List.of(all[1].id().user())),
                Retention.OF_SERVICE);
        all[0].session().changeSettings(Device.request(), group, bobMay);
        assertThat(all[0].session().settings(group)).isEqualTo(bobMay);
        all[1].joinExternally(group, bobMay);
        refuses(ProblemKind.UNKNOWN_GROUP, () -> all[2].joinExternally(group, bobMay));
        refuses(ProblemKind.UNKNOWN_GROUP, () -> all[2].session().changeSettings(Device.request(), group, bobMay));
        GroupSettings nobody = new GroupSettings(HandshakePolicy.PUBLIC, ExternalJoinPolicy.NONE, Retention.OF_SERVICE);
        all[1].session().changeSettings(Device.request(), group, nobody);
        all[0].catchUp();
        all[0].remove(all[1]);
        refuses(ProblemKind.NOT_ALLOWED, () -> all[1].session().groupInfo(group));
    }

    @Test
    void keepsTheHandshakePolicyOfAGroup() throws Exception {
        Device alice = device("alice");
        alice.create();
        GroupSettings other = new GroupSettings(HandshakePolicy.PRIVATE, ExternalJoinPolicy.NONE, Retention.OF_SERVICE);
        refuses(
                "HANDSHAKE_POLICY_FIXED",
                () -> alice.session().changeSettings(Device.request(), alice.groupId(), other));
    }

    @Test
    @Tag("A-5.3-05")
    @Tag("A-7-04")
    void wantsAGroupInfoOfTheNextEpochWithoutTheTree() throws Exception {
        Device alice = device("alice");
        alice.create();
        StagedCommit staged = alice.staged();
        MlsMessage former = alice.group().groupInfo(false);
        refuses(
                "GROUP_INFO_MISSING",
                () -> alice.session()
                        .commit(
                                Device.request(),
                                CommitBundle.of(staged.message(), Optional.empty(), Optional.empty())));
        refuses(
                "STALE_EPOCH",
                () -> alice.session()
                        .commit(
                                Device.request(),
                                CommitBundle.of(staged.message(), Optional.empty(), Optional.of(former))));
        refuses(
                "GROUP_INFO_WITH_TREE",
                () -> alice.session()
                        .commit(
                                Device.request(),
                                CommitBundle.of(
                                        staged.message(), Optional.empty(), Optional.of(staged.groupInfo(true)))));
        alice.send(staged, alice.bundleOf(staged));
        assertThat(alice.session().groupInfo(alice.groupId()).encoded()).isNotEqualTo(former.encoded());
    }

    @Test
    @Tag("A-7-03")
    void givesTheTreeOfEachEpochThatIsKept() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        Bytes group = all[0].groupId();
        Bytes first = Bytes.wrap(all[0].group().state().tree().encoded());
        all[0].invite(all[1]);
        Bytes second = Bytes.wrap(all[0].group().state().tree().encoded());
        all[0].commit();
        Bytes third = Bytes.wrap(all[0].group().state().tree().encoded());
        assertThat(all[0].session().ratchetTree(group, 0)).isEqualTo(first);
        assertThat(all[0].session().ratchetTree(group, 1)).isEqualTo(second);
        assertThat(all[1].session().ratchetTree(group, 2)).isEqualTo(third);
        refuses(ProblemKind.UNKNOWN, () -> all[0].session().ratchetTree(group, 3));
    }

    @Test
    void refusesASecondLeafOfAClientThatIsThereAlready() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        all[0].invite(all[1]);
        MlsClient renewed = Device.mls(all[1].id(), HandshakePolicy.PUBLIC);
        RegisteredCredential next = credential(all[1].id(), renewed);
        RequestId request = Device.request();
        CredentialStatement statement = new CredentialStatement(all[1].id(), request, next);
        Bytes proof = statement.sign(renewed.crypto(), renewed.signer());
        all[1].session().replaceCredential(request, next, proof, all[1].agreeing(ConsentStatement.to(statement)));
        Device second = new Device(all[1].id(), renewed, all[1].session());
        second.publish(1);
        StagedCommit again = all[0].adding(second);
        refuses("CLIENT_TWICE", () -> all[0].session().commit(Device.request(), all[0].bundleOf(again)));
    }
}
