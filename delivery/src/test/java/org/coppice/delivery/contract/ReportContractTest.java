package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.api.VoidedCommit;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a Commit that members say they cannot process. */
@Tag("A-5.3-02")
@Tag("A-7-07")
class ReportContractTest extends ContractTest {
    private static void report(Device device, Bytes group, long seq) throws Exception {
        device.session().report(Device.request(), new CannotProcess(group, seq, "PATH_SECRET_MISMATCH"));
    }

    private Device[] together(String... names) throws Exception {
        Device[] all = published(names);
        all[0].create();
        all[0].invite(Arrays.copyOfRange(all, 1, all.length));
        return all;
    }

    /** Alice, who commits, and three who say that they cannot follow. */
    private Device[] four() throws Exception {
        return together("alice", "bob", "carol", "dave");
    }

    private static LogEntry lastEntry(Device device) throws Exception {
        List<LogEntry> log = device.log(0);
        return log.get(log.size() - 1);
    }

    @Test
    @Tag("A-5.2.1-05")
    void takesTheLastCommitBackWhenMostOfTheOthersReportIt() throws Exception {
        Device[] all = four();
        Bytes group = all[0].groupId();
        Bytes tree = all[1].session().ratchetTree(group, 1);
        Bytes info = Bytes.wrap(all[1].session().groupInfo(group).encoded());
        Appended bad = all[0].commit();
        report(all[1], group, bad.seq());
        assertThat(lastEntry(all[1]).kind()).isEqualTo(EntryKind.COMMIT);
        report(all[2], group, bad.seq());
        LogEntry notice = lastEntry(all[1]);
        assertThat(notice.kind()).isEqualTo(EntryKind.VOID);
        assertThat(notice.epoch()).isEqualTo(1);
        Decoder<VoidedCommit> decoder = VoidedCommit::decode;
        assertThat(decoder.decodeAll(notice.message(), DecodeLimits.DEFAULT).seq())
                .isEqualTo(bad.seq());
        assertThat(all[1].session().groups().get(0).epoch()).isEqualTo(1);
        assertThat(all[1].session().ratchetTree(group, 1)).isEqualTo(tree);
        assertThat(Bytes.wrap(all[1].session().groupInfo(group).encoded())).isEqualTo(info);
        refuses(ProblemKind.UNKNOWN, () -> all[1].session().ratchetTree(group, 2));
        // The others go on where they were, and the service with them.
        StagedCommit next = all[1].staged();
        Appended good = all[1].send(next, all[1].bundleOf(next));
        assertThat(good.epoch()).isEqualTo(2);
        all[1].say("on we go");
        // Who has entered the epoch that counts no longer is in another group now, by all that is signed.
        refuses("MESSAGE_SIGNATURE", () -> all[0].commit());
    }

    @Test
    @Tag("A-8.1.3-01")
    void keepsACommitThatAMinorityReports() throws Exception {
        Device[] all = four();
        Appended commit = all[0].commit();
        for (int i = 0; i < 3; i++) {
            report(all[1], all[0].groupId(), commit.seq());
        }
        report(all[0], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.COMMIT);
    }

    @Test
    @Tag("A-8.1.3-01")
    void keepsACommitThatHalfOfTheOthersReport() throws Exception {
        Device[] all = together("alice", "bob", "carol");
        Appended commit = all[0].commit();
        report(all[1], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.COMMIT);
        report(all[2], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.VOID);
    }

    /** Or whoever made the Commit would only have to ask a friend outside. */
    @Test
    @Tag("A-5.3-06")
    void takesACommitBackInWhoseEpochAnOutsiderAloneHasSpoken() throws Exception {
        Device[] all = published("alice", "bob", "carol", "erin");
        all[0].create(new GroupSettings(HandshakePolicy.PUBLIC, ExternalJoinPolicy.ANYONE, Retention.OF_SERVICE));
        all[0].invite(all[1], all[2]);
        Bytes group = all[0].groupId();
        Appended bad = all[0].commit();
        all[3].session()
                .send(
                        Device.request(),
                        all[3].client().proposeAdd(group, 2, all[3].bundle().keyPackage()));
        report(all[1], group, bad.seq());
        report(all[2], group, bad.seq());
        assertThat(lastEntry(all[1]).kind()).isEqualTo(EntryKind.VOID);
    }

    @Test
    @Tag("A-5.3-06")
    void doesNotCountThoseWhomACommitAdds() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        Device[] newcomers = published("dave", "erin");
        all[0].create();
        all[0].invite(all[1], all[2]);
        StagedCommit staged = all[0].adding(newcomers);
        Appended commit = all[0].send(staged, all[0].bundleOf(staged));
        report(newcomers[0], all[0].groupId(), commit.seq());
        report(newcomers[1], all[0].groupId(), commit.seq());
        report(all[1], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.COMMIT);
        report(all[2], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.VOID);
    }

    @Test
    @Tag("A-5.3-06")
    void keepsACommitThatSomebodyElseCouldProcess() throws Exception {
        Device[] all = four();
        Appended commit = all[0].commit();
        all[3].catchUp();
        all[3].say("I am here");
        report(all[1], all[0].groupId(), commit.seq());
        report(all[2], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.APPLICATION);
    }

    @Test
    @Tag("A-5.3-06")
    void letsNobodyWhomACommitRemovesTakeItBack() throws Exception {
        Device[] all = together("alice", "bob", "carol");
        Appended commit = all[0].remove(all[1]);
        report(all[1], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.COMMIT);
        report(all[2], all[0].groupId(), commit.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.VOID);
        assertThat(all[1].session().groups().get(0).member()).isTrue();
        all[1].say("still a member");
    }

    @Test
    void takesTheWelcomesOfACommitBackWithIt() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        Device newcomer = published("dave")[0];
        all[0].create();
        all[0].invite(all[1], all[2]);
        StagedCommit staged = all[0].adding(newcomer);
        Appended commit = all[0].send(staged, all[0].bundleOf(staged));
        report(all[1], all[0].groupId(), commit.seq());
        report(all[2], all[0].groupId(), commit.seq());
        assertThat(newcomer.session().inbox(0, 10, Duration.ZERO)).isEmpty();
        assertThat(newcomer.session().groups().get(0).member()).isFalse();
        all[1].invite(newcomer);
        newcomer.say("now it worked");
        assertThat(all[1].catchUp()).containsExactly("now it worked");
    }

    @Test
    void doesNotTakeBackWhatIsNotTheLastCommit() throws Exception {
        Device[] all = four();
        Appended first = all[0].commit();
        all[0].commit();
        report(all[1], all[0].groupId(), first.seq());
        report(all[2], all[0].groupId(), first.seq());
        report(all[3], all[0].groupId(), first.seq());
        assertThat(lastEntry(all[0]).kind()).isEqualTo(EntryKind.COMMIT);
    }

    @Test
    void takesReportsOfWhatTheReporterMayReadOnly() throws Exception {
        Device[] all = published("alice", "bob");
        Device stranger = device("mallory");
        all[0].create();
        all[0].say("before bob");
        all[0].invite(all[1]);
        Bytes group = all[0].groupId();
        refuses(ProblemKind.UNKNOWN_GROUP, () -> report(stranger, group, 2));
        refuses(ProblemKind.UNKNOWN, () -> report(all[1], group, 1));
        refuses(ProblemKind.UNKNOWN, () -> report(all[1], group, 3));
        assertThat(Optional.of(all[1].log(0).size())).contains(1);
    }
}
