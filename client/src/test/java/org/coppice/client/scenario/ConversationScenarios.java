package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.util.List;
import java.util.Optional;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.SafetyNumber;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people do in conversations, with nothing going wrong, over any service. */
abstract class ConversationScenarios {
    World world;
    CoppiceClient alice;
    CoppiceClient bob;

    abstract World open() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        world = open();
        alice = world.join("alice");
        bob = world.join("bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    Conversation team() {
        Conversation team = alice.createConversation("team");
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        World.sync(bob);
        return team;
    }

    Conversation of(CoppiceClient client, Conversation conversation) {
        return client.conversation(conversation.id()).orElseThrow();
    }

    static void assertAgree(Conversation... views) {
        for (Conversation view : views) {
            assertThat(view.epochAuthenticator()).isPresent().isEqualTo(views[0].epochAuthenticator());
            assertThat(view.view().name()).isEqualTo(views[0].view().name());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("A-6.1-02")
    @Tag("A-6.3-01")
    void theInvitedReadsWhatIsSaidAndAnswers(boolean privateHandshakes) {
        ConversationOptions options = ConversationOptions.named("team");
        Conversation team = alice.createConversation(privateHandshakes ? options.withPrivateHandshakes() : options);
        team.invite(user("bob"));
        assertThat(team.send("hello, bob").isDone()).isTrue();
        World.sync(bob);
        Conversation bobs = of(bob, team);
        assertThat(World.texts(bobs)).containsExactly("alice: hello, bob");
        assertThat(bobs.send("hello, alice").isDone()).isTrue();
        World.sync(alice);
        assertThat(World.texts(team)).containsExactly("alice: hello, bob", "bob: hello, alice");
        assertAgree(team, bobs);
        assertThat(bobs.view().name()).isEqualTo("team");
    }

    @Test
    @Tag("A-3.7-01")
    @Tag("A-6.1-03")
    void allDevicesOfAUserAreInvited() {
        CoppiceClient tablet = world.join("bob/tablet");
        Conversation team = team();
        World.sync(tablet);
        assertThat(team.members())
                .extracting(MemberInfo::client)
                .containsExactlyInAnyOrder(id("alice"), id("bob"), id("bob/tablet"));
        team.send("to both");
        World.sync(tablet);
        assertThat(World.texts(of(tablet, team))).containsExactly("alice: to both");
    }

    @Test
    @Tag("A-6.1-02")
    @Tag("A-8.4.3-05")
    void whoIsRemovedReadsNoMoreAndIsTold() {
        Conversation team = team();
        assertThat(team.remove(user("bob")).isDone()).isTrue();
        team.send("without bob");
        World.sync(bob);
        Conversation bobs = of(bob, team);
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(bobs.view().reason()).isEqualTo("you were removed by alice");
        assertThat(World.texts(bobs)).isEmpty();
        assertThat(bobs.send("hello?").state()).isEqualTo(Receipt.State.REFUSED);
        HistoryEntry.Change last = (HistoryEntry.Change) bobs.latest(1).get(0);
        assertThat(last.actor()).isEqualTo(id("alice"));
        assertThat(last.removed()).containsExactly(id("bob"));
        assertThat(last.left()).isEmpty();
    }

    @Test
    void whoIsRemovedKnowsTheLastNameThatItSaw() {
        Conversation team = team();
        assertThat(team.rename("the team").isDone()).isTrue();
        World.sync(bob);
        team.remove(user("bob"));
        team.rename("without bob");
        World.sync(bob);
        assertThat(of(bob, team).view().name()).isEqualTo("the team");
        assertThat(of(world.restart("bob"), team).view().name()).isEqualTo("the team");
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        World.sync(world.client("bob"));
        assertThat(of(world.client("bob"), team).view().name()).isEqualTo("without bob");
    }

    @Test
    void whoWasRemovedCanBeInvitedAgainAndKeepsTheHistory() {
        Conversation team = team();
        team.send("before");
        World.sync(bob);
        team.remove(user("bob"));
        team.send("between");
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        team.send("after");
        World.sync(bob);
        assertThat(of(bob, team).view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(World.texts(of(bob, team))).containsExactly("alice: before", "alice: after");
    }

    @Test
    @Tag("A-3.6-01")
    void leavingIsCommittedByAnotherMember() {
        Conversation team = team();
        Receipt receipt = of(bob, team).leave();
        assertThat(receipt.state()).isEqualTo(Receipt.State.WAITING);
        world.settle();
        assertThat(of(bob, team).view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(of(bob, team).view().reason()).isEqualTo("you left");
        assertThat(team.members()).extracting(MemberInfo::client).containsExactly(id("alice"));
        for (Conversation side : List.of(team, of(bob, team))) {
            HistoryEntry.Change last = (HistoryEntry.Change) side.latest(1).get(0);
            assertThat(last.left()).containsExactly(id("bob"));
            assertThat(last.removed()).isEmpty();
            assertThat(last.isRefresh()).isFalse();
        }
        assertThat(team.send("alone").isDone()).isTrue();
    }

    @Test
    @Tag("A-3.6-01")
    void whoHasSomethingToSayCommitsALeaveFirst() {
        Conversation team = team();
        of(bob, team).leave();
        World.sync(alice);
        assertThat(team.send("so long").isDone()).isTrue();
        World.sync(bob);
        assertThat(of(bob, team).view().status()).isEqualTo(ConversationStatus.REMOVED);
    }

    @Test
    void aNewNameReachesEverybody() {
        Conversation team = team();
        assertThat(of(bob, team).rename("the team").isDone()).isTrue();
        World.sync(alice);
        assertAgree(team, of(bob, team));
        assertThat(team.view().name()).isEqualTo("the team");
        HistoryEntry.Change last = (HistoryEntry.Change) team.latest(1).get(0);
        assertThat(last.renamed()).isEqualTo(Optional.of("the team"));
    }

    @Test
    void invitingWhoIsThereAlreadyIsDoneAtOnce() {
        Conversation team = team();
        long epoch = team.view().epoch();
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        assertThat(team.view().epoch()).isEqualTo(epoch);
    }

    @Test
    void invitingNobodyIsRefused() {
        Conversation team = team();
        assertThat(team.invite(user("nobody")).state()).isEqualTo(Receipt.State.REFUSED);
        assertThat(team.send("still works").isDone()).isTrue();
    }

    @Test
    void aDeviceWithItsKeyAloneComesBackAndIsStillVerified() throws Exception {
        Conversation team = team();
        team.verify(user("bob"), team.safetyNumber(user("bob")));
        CoppiceClient again = world.loseStateButTheKey("bob");
        assertThat(again.recoverable()).containsExactly(team.id());
        Conversation bobs = again.rejoin(team.id());
        assertThat(bobs.send("back with the old key").isDone()).isTrue();
        World.sync(alice);
        assertThat(World.texts(team)).containsExactly("bob: back with the old key");
        assertThat(isVerified(team, "bob")).isTrue();
        assertAgree(team, bobs);
    }

    @Test
    void whoIsAddedByAKeyPackageThatWasLostWithTheStoreComesInByItself() {
        CoppiceClient again = world.loseStateButTheKey("bob");
        Conversation team = alice.createConversation("team");
        // The service gives out a package of the lost store first.
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        World.sync(again);
        assertThat(of(again, team).view().status()).isEqualTo(ConversationStatus.ACTIVE);
        World.sync(alice);
        assertAgree(team, of(again, team));
    }

    @Test
    @Tag("A-8.4.2-04")
    @Tag("A-8.4.3-07")
    void safetyNumbersAreEqualOnBothSidesAndKeysAreVerifiedOneByOne() throws Exception {
        Conversation team = team();
        Conversation bobs = of(bob, team);
        assertThat(team.safetyNumber(user("bob"))).isEqualTo(bobs.safetyNumber(user("alice")));
        assertThat(isVerified(team, "bob")).isFalse();
        team.verify(user("bob"), team.safetyNumber(user("bob")));
        assertThat(isVerified(team, "bob")).isTrue();
        CoppiceClient tablet = world.join("bob/tablet");
        team.invite(List.of(), List.of(id("bob/tablet")));
        World.sync(tablet);
        assertThat(isVerified(team, "bob")).isTrue();
        assertThat(isVerified(team, "bob/tablet")).isFalse();
        team.unverify(user("bob"));
        assertThat(isVerified(team, "bob")).isFalse();
    }

    @Test
    @Tag("A-8.4.2-04")
    void aDeviceThatCameAfterTheComparisonIsNotVerifiedWithTheOthers() throws Exception {
        Conversation team = team();
        SafetyNumber compared = team.safetyNumber(user("bob"));
        world.join("bob/tablet");
        team.invite(List.of(), List.of(id("bob/tablet")));
        assertThatThrownBy(() -> team.verify(user("bob"), compared))
                .isInstanceOfSatisfying(
                        KeysChangedException.class,
                        e -> assertThat(e.present()).isEqualTo(team.safetyNumber(user("bob"))));
        assertThat(isVerified(team, "bob")).isFalse();
        assertThat(isVerified(team, "bob/tablet")).isFalse();
        team.verify(user("bob"), team.safetyNumber(user("bob")));
        assertThat(isVerified(team, "bob/tablet")).isTrue();
    }

    private static boolean isVerified(Conversation conversation, String name) {
        return conversation.members().stream()
                .filter(member -> member.client().equals(id(name)))
                .findFirst()
                .orElseThrow()
                .verified();
    }

    @Test
    @Tag("A-8.3-04")
    @Tag("A-8.4.3-08")
    void aNewKeyReachesTheConversationsAndIsUnverified() throws Exception {
        Conversation team = team();
        team.verify(user("bob"), team.safetyNumber(user("bob")));
        var before = team.safetyNumber(user("bob"));
        bob.rotateKey();
        World.sync(bob);
        World.sync(alice);
        assertThat(isVerified(team, "bob")).isFalse();
        assertThat(team.safetyNumber(user("bob"))).isNotEqualTo(before);
        assertThat(((HistoryEntry.Change) team.latest(1).get(0)).newKeys()).containsExactly(id("bob"));
        assertThat(of(bob, team).send("with a new key").isDone()).isTrue();
        World.sync(alice);
        assertThat(World.texts(team)).containsExactly("bob: with a new key");
        // The new key survives the process, and the next conversation begins with it.
        CoppiceClient bobAgain = world.restart("bob");
        Conversation second = alice.createConversation("second");
        assertThat(second.invite(user("bob")).isDone()).isTrue();
        World.sync(bobAgain);
        assertThat(bobAgain.conversations()).hasSize(2);
        assertThat(second.safetyNumber(user("bob"))).isEqualTo(team.safetyNumber(user("bob")));
    }

    @Test
    @Tag("A-3.6-02")
    @Tag("A-8.2.2-04")
    void keysAreRefreshedWhenTheyAreOld() {
        Conversation team = team();
        long epoch = team.view().epoch();
        world.time.pass(java.time.Duration.ofDays(8));
        world.settle();
        assertThat(team.view().epoch()).isEqualTo(epoch + 2);
        assertAgree(team, of(bob, team));
    }

    @Test
    void theLastMemberLeavesWithoutAnotherToCommitIt() throws Exception {
        Conversation team = alice.createConversation("team");
        team.enqueue("to nobody");
        assertThat(team.leave().isDone()).isTrue();
        assertThat(team.view().status()).isEqualTo(ConversationStatus.REMOVED);
        World.sync(alice);
        assertThat(alice.recoverable()).isEmpty();
    }

    @Test
    void allMayWantToLeaveAtOnce() {
        Conversation team = team();
        Conversation bobs = of(bob, team);
        // Each would leave it to the other to commit that.
        assertThat(team.leave().isDone()).isFalse();
        bobs.leave();
        world.settle();
        assertThat(team.view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(team.view().waiting() + bobs.view().waiting()).isZero();
    }

    @Test
    void theHistoryIsReadInPages() {
        Conversation team = team();
        for (int i = 0; i < 7; i++) {
            team.send("number " + i);
        }
        List<HistoryEntry> first = team.history(0, 5);
        assertThat(first).hasSize(5);
        List<HistoryEntry> rest = team.history(first.get(4).place().seq(), 100);
        assertThat(rest).hasSize(3);
        assertThat(team.latest(3)).isEqualTo(rest);
        assertThat(team.before(rest.get(0).place().seq(), 2)).isEqualTo(first.subList(3, 5));
    }

    @Test
    void whatWaitsCanBeTakenBack() {
        Conversation team = team();
        Receipt receipt = team.enqueue("better not");
        assertThat(receipt.state()).isEqualTo(Receipt.State.WAITING);
        assertThat(team.cancel(receipt)).isTrue();
        assertThat(team.cancel(receipt)).isFalse();
        team.send("this instead");
        assertThat(World.texts(team)).containsExactly("alice: this instead");
    }

    @Test
    void aStoreHoldsOneClient() {
        Bytes none = Bytes.EMPTY;
        assertThat(alice.conversation(none)).isEmpty();
        CoppiceClient again = world.restart("alice");
        assertThat(again.id()).isEqualTo(id("alice"));
    }
}
