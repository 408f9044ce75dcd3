package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.util.List;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Parameters;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogPage;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coming back after state was lost, an entry could not be processed, or the group forked. */
class RecoveryTest {
    private static Conversation team(World world, ConversationOptions options) {
        Conversation team = world.client("alice").createConversation(options);
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        World.sync(world.client("bob"));
        return team;
    }

    private static void assertTalking(World world, Bytes groupId, String... names) {
        for (String name : names) {
            World.sync(world.client(name));
        }
        for (String name : names) {
            assertThat(world.conversation(name, groupId).send("from " + name).isDone())
                    .isTrue();
        }
        for (String name : names) {
            World.sync(world.client(name));
            assertThat(world.conversation(name, groupId).view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(world.conversation(name, groupId).epochAuthenticator())
                    .isEqualTo(
                            world.conversation(names[names.length - 1], groupId).epochAuthenticator());
            List<String> texts = world.texts(name, groupId);
            for (String sender : names) {
                assertThat(texts).contains(sender + ": from " + sender);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("A-6.6-01")
    void aDeviceThatLostItsStateTakesItsPlaceAgain(boolean privateHandshakes) throws Exception {
        try (World world = new World(2)) {
            world.join("alice");
            world.join("bob");
            ConversationOptions options = ConversationOptions.named("team");
            Conversation team = team(world, privateHandshakes ? options.withPrivateHandshakes() : options);
            team.verify(user("bob"), team.safetyNumber(user("bob")));
            CoppiceClient bob = world.loseState("bob");
            assertThat(bob.conversations()).isEmpty();
            assertThat(bob.recoverable()).containsExactly(team.id());
            Conversation bobs = bob.rejoin(team.id());
            assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(bobs.view().name()).isEqualTo("team");
            assertThat(bob.recoverable()).isEmpty();
            World.sync(world.client("alice"));
            assertThat(team.members()).hasSize(2).anySatisfy(member -> {
                assertThat(member.client()).isEqualTo(id("bob"));
                assertThat(member.verified()).isFalse();
            });
            assertThat(((HistoryEntry.Change) team.latest(1).get(0)).rejoined()).containsExactly(id("bob"));
            assertTalking(world, team.id(), "alice", "bob");
        }
    }

    @Test
    @Tag("A-6.6-05")
    @Tag("A-8.1.3-01")
    void aCommitThatCannotBeProcessedIsReportedAndHealedByRejoining() {
        try (World world = new World(3)) {
            world.join("alice");
            world.join("bob");
            Conversation team = team(world, ConversationOptions.named("team"));
            world.service.inject(team.id(), EntryKind.COMMIT, Bytes.fromHex("00010001ff"));
            World.sync(world.client("bob"));
            assertThat(world.service.reports).singleElement().satisfies(report -> {
                assertThat(report.groupId()).isEqualTo(team.id());
                assertThat(report.rule()).isNotEmpty();
            });
            Conversation bobs = world.conversation("bob", team.id());
            assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            HistoryEntry.Joined joined = bobs.latest(1).stream()
                    .map(HistoryEntry.Joined.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertThat(joined.how()).isEqualTo(HistoryEntry.Joined.Way.REJOINED);
            assertThat(joined.missedFrom())
                    .isEqualTo(world.service.reports.get(0).seq());
        }
    }

    @Test
    @Tag("A-5.3-04")
    void rejoiningByItselfIsBoundedAndLeftToTheUserAfterwards() throws Exception {
        Parameters never = World.PARAMETERS.toBuilder().rejoinsPerDay(0).build();
        try (World world = new World(4, never)) {
            world.join("alice");
            CoppiceClient bob = world.join("bob");
            Conversation team = team(world, ConversationOptions.named("team"));
            world.service.inject(team.id(), EntryKind.COMMIT, Bytes.fromHex("00"));
            World.sync(bob);
            Conversation bobs = world.conversation("bob", team.id());
            assertThat(bobs.view().status()).isEqualTo(ConversationStatus.STUCK);
            assertThat(bobs.view().reason()).isEqualTo("TRUNCATED");
            assertThat(bobs.enqueue("kept until then").isDone()).isFalse();
            assertThat(bob.recoverable()).containsExactly(team.id());
            bob.rejoin(team.id());
            assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(World.texts(bobs)).containsExactly("bob: kept until then");
        }
    }

    /** The service brought them, and nothing said so: a person went on to trust a name by a number that had been of another key. */
    @Test
    void whoRejoinsIsToldWhoseKeysAreNotThoseThatItKnew() throws Exception {
        Parameters never = World.PARAMETERS.toBuilder().rejoinsPerDay(0).build();
        try (World world = new World(7, never)) {
            Conversation team = world.team("alice", "bob", "carol", "dave");
            Conversation bobs = world.conversation("bob", team.id());
            for (String name : List.of("alice", "dave")) {
                bobs.verify(user(name), bobs.safetyNumber(user(name)));
            }
            long missed = world.service.log(team.id()).size() + 1;
            for (String name : List.of("alice", "carol")) {
                world.client(name).rotateKey();
                World.sync(world.client(name));
                World.sync(world.client(name));
            }
            world.join("erin");
            team.invite(user("erin"));
            world.alter(
                    "bob",
                    LogPage.class,
                    page -> new LogPage(
                            page.head(),
                            page.epoch(),
                            page.entries().stream()
                                    .filter(entry -> entry.seq() != missed)
                                    .toList()));
            World.sync(world.client("bob"));
            world.alter("bob", LogPage.class, page -> page);
            bobs = world.client("bob").rejoin(team.id());
            assertThat(bobs.latest(1)).singleElement().isInstanceOfSatisfying(HistoryEntry.Joined.class, joined -> {
                assertThat(joined.how()).isEqualTo(HistoryEntry.Joined.Way.REJOINED);
                assertThat(joined.missedFrom()).isEqualTo(missed);
                assertThat(joined.newKeys()).containsExactly(id("alice"), id("carol"), id("erin"));
                assertThat(joined.comparedBefore()).containsExactly(id("alice"));
            });
            // What was told once is known from then on.
            bobs = world.client("bob").rejoin(team.id());
            assertThat(bobs.latest(1)).singleElement().isInstanceOfSatisfying(HistoryEntry.Joined.class, joined -> {
                assertThat(joined.newKeys()).isEmpty();
                assertThat(joined.comparedBefore()).isEmpty();
            });
        }
    }

    @Test
    void whoEnteredACommitThatWasTakenBackRejoins() {
        try (World world = new World(5)) {
            world.join("alice");
            world.join("bob");
            Conversation team = team(world, ConversationOptions.named("team").withPrivateHandshakes());
            team.refresh();
            long seq = world.service.log(team.id()).size();
            World.sync(world.client("bob"));
            assertThat(world.conversation("bob", team.id()).epochAuthenticator())
                    .isEqualTo(team.epochAuthenticator());
            world.service.voidCommit(team.id(), seq);
            World.sync(world.client("bob"));
            assertThat(world.conversation("bob", team.id()).view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertTalking(world, team.id(), "alice", "bob");
        }
    }

    @Test
    @Tag("A-5.2-07")
    void aForkShowsInTheMarkOfAMessageAndIsHealed() {
        try (World world = new World(6)) {
            world.join("alice");
            world.join("bob");
            Conversation team = team(world, ConversationOptions.named("team"));
            // Bob's service shows it another Commit under the same number than alice's does: two clients of one store,
            // so to speak.
            Fork fork = new Fork(world, team.id());
            fork.run();
            Conversation bobs = world.conversation("bob", team.id());
            assertThat(bobs.epochAuthenticator()).isNotEqualTo(team.epochAuthenticator());
            assertThat(bobs.view().epoch()).isEqualTo(team.view().epoch());
            team.send("only in one branch");
            World.sync(world.client("bob"));
            assertThat(bobs.history(0, 100))
                    .anySatisfy(entry -> assertThat(entry).isInstanceOf(HistoryEntry.Unreadable.class));
            assertThat(world.service.reports)
                    .extracting(report -> report.rule())
                    .containsExactly("FORK");
            assertTalking(world, team.id(), "alice", "bob");
        }
    }
}
