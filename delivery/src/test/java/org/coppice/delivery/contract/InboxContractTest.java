package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Welcomes on their way to their joiners. */
class InboxContractTest extends ContractTest {
    private static List<InboxEntry> inbox(Device device, long after) throws Exception {
        return device.session().inbox(after, 10, Duration.ZERO);
    }

    @Test
    @Tag("A-3.3-01")
    @Tag("A-5.2.3-01")
    @Tag("A-5.2-01")
    void deliversTheWelcomeOfTheCommitThatWonAndOfNoOther() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        all[0].invite(all[1]);
        StagedCommit winner = all[0].staged();
        StagedCommit loser = all[1].adding(all[2]);
        all[0].send(winner, all[0].bundleOf(winner));
        refuses(ProblemKind.STALE_EPOCH, () -> all[1].session().commit(Device.request(), all[1].bundleOf(loser)));
        assertThat(inbox(all[2], 0)).isEmpty();
        StagedCommit next = all[0].adding(all[2]);
        Appended appended = all[0].send(next, all[0].bundleOf(next));
        assertThat(inbox(all[2], 0)).singleElement().satisfies(entry -> {
            assertThat(entry.logSeq()).isEqualTo(appended.seq());
            assertThat(entry.epoch()).isEqualTo(appended.epoch());
        });
        all[2].joinFromInbox();
    }

    @Test
    void givesEachJoinerItsOwnPartAlone() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        StagedCommit staged = all[0].adding(all[1], all[2]);
        all[0].send(staged, all[0].bundleOf(staged));
        MlsMessage.Welcome welcome =
                (MlsMessage.Welcome) inbox(all[1], 0).get(0).welcome().body();
        assertThat(welcome.welcome().secrets()).hasSize(1);
        all[1].joinFromInbox();
        all[2].joinFromInbox();
        assertThat(all[1].group().epochAuthenticator()).isEqualTo(all[2].group().epochAuthenticator());
    }

    @Test
    void keepsWelcomesUntilTheyAreAcknowledged() throws Exception {
        Device[] all = published("alice", "bob");
        for (int i = 0; i < 2; i++) {
            all[0].create();
            StagedCommit staged = all[0].adding(all[1]);
            all[0].send(staged, all[0].bundleOf(staged));
        }
        List<InboxEntry> both = inbox(all[1], 0);
        assertThat(both).hasSize(2);
        assertThat(inbox(all[1], both.get(0).seq())).containsExactly(both.get(1));
        all[1].session().acknowledgeInbox(both.get(0).seq());
        all[1].session().acknowledgeInbox(both.get(0).seq());
        assertThat(inbox(all[1], 0)).containsExactly(both.get(1));
        all[0].publish(1);
        assertThat(inbox(all[0], 0)).isEmpty();
    }

    @Test
    void tellsTheCommitterWhomItCannotReach() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        alice.create();
        KeyPackageBundle unpublished = bob.bundle();
        StagedCommit staged =
                alice.group().commit().add(unpublished.keyPackage()).build();
        Appended appended = alice.send(staged, alice.bundleOf(staged));
        assertThat(appended.unroutedWelcomes())
                .containsExactly(new KeyPackageRef(
                        unpublished.keyPackage().ref(bob.client().crypto())));
    }

    @Test
    void refusesAWelcomeForSomebodyElse() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        StagedCommit adding = all[0].adding(all[1]);
        StagedCommit empty = all[0].staged();
        CommitBundle bundle = CommitBundle.of(
                empty.message(), adding.welcome(), all[0].bundleOf(empty).groupInfo());
        refuses("WELCOME_WITHOUT_ADD", () -> all[0].session().commit(Device.request(), bundle));
    }

    @Test
    void wakesAReaderThatWaits() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        Thread reader = new Thread(() -> {
            try {
                all[1].joinFromInbox();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        reader.start();
        StagedCommit staged = all[0].adding(all[1]);
        all[0].send(staged, all[0].bundleOf(staged));
        reader.join();
        assertThat(all[1].group().epoch()).isEqualTo(1);
    }
}
