package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Welcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups whose handshakes the service cannot read, and what it checks of them all the same. */
class PrivateGroupContractTest extends ContractTest {
    private static final GroupSettings PRIVATE =
            new GroupSettings(HandshakePolicy.PRIVATE, ExternalJoinPolicy.MEMBERS, Retention.OF_SERVICE);

    private Device privateDevice(String name) throws Exception {
        return device(fresh(name), HandshakePolicy.PRIVATE);
    }

    private Device[] pair() throws Exception {
        Device alice = privateDevice("alice");
        Device bob = privateDevice("bob");
        bob.publish(2);
        alice.create(PRIVATE);
        alice.invite(bob);
        return new Device[] {alice, bob};
    }

    @Test
    @Tag("A-6.4-01")
    @Tag("A-8.4.3-10")
    void carriesAConversationThatItCannotRead() throws Exception {
        Device[] all = pair();
        all[1].say("hello");
        assertThat(all[0].catchUp()).containsExactly("hello");
        all[1].commit();
        all[0].catchUp();
        assertThat(all[0].group().epochAuthenticator()).isEqualTo(all[1].group().epochAuthenticator());
        all[0].remove(all[1]);
        refuses(ProblemKind.NOT_ALLOWED, () -> all[1].say("gone"));
    }

    @Test
    @Tag("A-5.2.1-04")
    void ordersCommitsAllTheSame() throws Exception {
        Device[] all = pair();
        StagedCommit first = all[0].staged();
        StagedCommit second = all[1].staged();
        all[0].send(first, all[0].bundleOf(first));
        refuses(ProblemKind.STALE_EPOCH, () -> all[1].session().commit(Device.request(), all[1].bundleOf(second)));
    }

    @Test
    void refusesAGroupInfoThatDoesNotFitTheTree() throws Exception {
        Device[] all = pair();
        StagedCommit staged = all[0].staged();
        CommitBundle good = all[0].bundleOf(staged);
        CommitBundle formerTree = new CommitBundle(
                good.commit(),
                good.welcome(),
                good.groupInfo(),
                Optional.of(Bytes.wrap(all[0].group().state().tree().encoded())),
                List.of(),
                List.of());
        refuses("GROUP_INFO_MISMATCH", () -> all[0].session().commit(Device.request(), formerTree));
        CommitBundle formerInfo = new CommitBundle(
                good.commit(),
                good.welcome(),
                Optional.of(all[0].group().groupInfo(false)),
                good.ratchetTree(),
                List.of(),
                List.of());
        refuses("GROUP_INFO_MISMATCH", () -> all[0].session().commit(Device.request(), formerInfo));
        all[0].send(staged, good);
    }

    @Test
    void refusesCommitsOfThoseWhoAreNoMembers() throws Exception {
        Device[] all = pair();
        all[0].remove(all[1]);
        StagedCommit staged = all[0].staged();
        refuses(ProblemKind.NOT_ALLOWED, () -> all[1].session().commit(Device.request(), all[0].bundleOf(staged)));
    }

    @Test
    void letsAMemberBackInByAnExternalCommit() throws Exception {
        Device[] all = pair();
        all[1].joinExternally(all[0].groupId(), PRIVATE);
        all[0].catchUp();
        all[1].say("back");
        assertThat(all[0].catchUp()).containsExactly("back");
    }

    @Test
    void refusesEncryptedHandshakesWhereItReadsThem() throws Exception {
        Device alice = privateDevice("alice");
        alice.create();
        StagedCommit staged = alice.staged();
        refuses("HANDSHAKE_NOT_PUBLIC", () -> alice.session().commit(Device.request(), alice.bundleOf(staged)));
    }

    private static CommitBundle with(CommitBundle bundle, Welcome welcome, List<ClientId> added) {
        return new CommitBundle(
                bundle.commit(),
                Optional.of(new MlsMessage(new MlsMessage.Welcome(welcome))),
                bundle.groupInfo(),
                bundle.ratchetTree(),
                added,
                bundle.removed());
    }

    private static Welcome welcome(StagedCommit staged) {
        return ((MlsMessage.Welcome) staged.welcome().orElseThrow().body()).welcome();
    }

    /** One key package, named a thousand times, were a thousand entries in its owner's inbox and all writers' time. */
    @Test
    @Tag("A-5.2.3-01")
    void refusesAWelcomeForMoreThanAreAdded() throws Exception {
        Device[] all = pair();
        Device carol = privateDevice("carol");
        carol.publish(2);
        StagedCommit staged = all[0].adding(carol);
        Welcome good = welcome(staged);
        Welcome twice = new Welcome(
                good.cipherSuite(),
                List.of(good.secrets().get(0), good.secrets().get(0)),
                good.encryptedGroupInfo());
        CommitBundle bundle = all[0].bundleOf(staged, List.of(carol.id()), List.of());
        List<ClientId> two = List.of(carol.id(), fresh("dave"));
        refuses(
                "WELCOME_WITHOUT_ADD",
                () -> all[0].session().commit(Device.request(), with(bundle, twice, List.of(carol.id()))));
        refuses("WELCOME_WITHOUT_ADD", () -> all[0].session().commit(Device.request(), with(bundle, twice, two)));
        refuses("WELCOME_WITHOUT_ADD", () -> all[0].session().commit(Device.request(), with(bundle, good, List.of())));
        all[0].send(staged, bundle);
        carol.joinFromInbox();
    }

    @Test
    @Tag("A-5.2.3-01")
    void deliversAWelcomeToTheAddedAloneAndOnceToEach() throws Exception {
        Device[] all = pair();
        Device carol = privateDevice("carol");
        carol.publish(2);
        StagedCommit first = all[0].adding(carol);
        Welcome.EncryptedGroupSecrets another =
                welcome(all[0].adding(carol)).secrets().get(0);
        Welcome good = welcome(first);
        Welcome both =
                new Welcome(good.cipherSuite(), List.of(good.secrets().get(0), another), good.encryptedGroupInfo());
        CommitBundle bundle = all[0].bundleOf(first, List.of(carol.id()), List.of());
        Appended appended =
                all[0].session().commit(Device.request(), with(bundle, both, List.of(carol.id(), fresh("dave"))));
        assertThat(appended.unroutedWelcomes()).containsExactly(new KeyPackageRef(another.newMember()));
        assertThat(carol.session().inbox(0, 10, Duration.ZERO)).hasSize(1);
    }

    @Test
    void doesNotDeliverAWelcomeToSomebodyWhoIsNotAdded() throws Exception {
        Device[] all = pair();
        Device carol = privateDevice("carol");
        carol.publish(1);
        StagedCommit staged = all[0].adding(carol);
        CommitBundle bundle = all[0].bundleOf(staged, List.of(fresh("dave")), List.of());
        Appended appended = all[0].session().commit(Device.request(), bundle);
        assertThat(appended.unroutedWelcomes()).hasSize(1);
        assertThat(carol.session().inbox(0, 10, Duration.ZERO)).isEmpty();
    }

    @Test
    void refusesChangesOfMoreMembersThanItBelievesAtOnce() throws Exception {
        Device[] all = pair();
        StagedCommit staged = all[0].staged();
        List<ClientId> crowd = IntStream.rangeClosed(0, 10_000)
                .mapToObj(i -> new ClientId(new UserName("crowd"), "d" + i))
                .toList();
        refuses(
                ProblemKind.TOO_LARGE,
                () -> all[0].session().commit(Device.request(), all[0].bundleOf(staged, crowd, List.of())));
        refuses(
                ProblemKind.TOO_LARGE,
                () -> all[0].session().commit(Device.request(), all[0].bundleOf(staged, List.of(), crowd)));
    }
}
