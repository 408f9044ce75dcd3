package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Parameters;
import org.coppice.delivery.api.EntryKind;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service takes a Commit back that most members cannot process: nobody rejoins in haste, and everybody is told. */
class TakenBackTest {
    private static final Bytes NO_COMMIT = Bytes.fromHex("00010001ff");

    private World world;
    private Conversation team;
    private Conversation bobs;

    @BeforeEach
    void begin() {
        world = new World(51, Parameters.DEFAULT.toBuilder().keyPackages(4, 2).build());
        world.join("alice");
        world.join("bob");
        team = world.client("alice")
                .createConversation(ConversationOptions.named("team").withPrivateHandshakes());
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        syncBob();
        bobs = world.conversation("bob", team.id());
    }

    @AfterEach
    void end() {
        world.close();
    }

    private void syncBob() {
        World.sync(world.client("bob"));
    }

    private long head() {
        return world.service.log(team.id()).size();
    }

    private List<HistoryEntry> told() {
        List<HistoryEntry> out = new ArrayList<>();
        world.client("bob").listen(event -> {
            if (event instanceof ClientEvent.Added added) {
                out.add(added.entry());
            }
        });
        return out;
    }

    @Test
    @Tag("A-5.3-04")
    void whoHadEnteredItWaitsBeforeItRejoins() throws Exception {
        team.refresh();
        long commit = head();
        syncBob();
        List<HistoryEntry> told = told();
        world.service.voidCommit(team.id(), commit);
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.STUCK);
        assertThat(bobs.latest(1)).singleElement().isInstanceOfSatisfying(HistoryEntry.TakenBack.class, taken -> {
            assertThat(taken.from()).isEqualTo(commit);
            assertThat(taken.place().seq()).isEqualTo(head());
        });
        assertThat(told).isEqualTo(bobs.latest(1));
        world.time.pass(Duration.ofMillis(2_900));
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.STUCK);
        // Not even a restart makes it forget that it waits.
        world.restart("bob");
        bobs = world.conversation("bob", team.id());
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.STUCK);
        world.time.pass(Duration.ofMillis(3_200));
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(bobs.latest(1).get(0)).isInstanceOf(HistoryEntry.Joined.class);
    }

    @Test
    void theUserNeedNotWait() throws Exception {
        team.refresh();
        syncBob();
        world.service.voidCommit(team.id(), head());
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.STUCK);
        world.client("bob").rejoin(team.id());
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
    }

    @Test
    void whoCouldNotEnterItGoesOnWithoutRejoining() {
        world.service.inject(team.id(), EntryKind.COMMIT, NO_COMMIT);
        long commit = head();
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.STUCK);
        assertThat(world.service.reports).hasSize(1);
        long epoch = bobs.view().epoch();
        takeBack(commit);
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(bobs.view().epoch()).isEqualTo(epoch);
        assertThat(bobs.latest(1))
                .singleElement()
                .isInstanceOfSatisfying(
                        HistoryEntry.TakenBack.class,
                        taken -> assertThat(taken.from()).isEqualTo(commit));
        assertThat(bobs.send("as before").isDone()).isTrue();
        World.sync(world.client("alice"));
        assertThat(World.texts(team)).containsExactly("bob: as before");
    }

    @Test
    void whoWasAwayAllTheTimeGoesOnWithoutRejoining() {
        world.service.inject(team.id(), EntryKind.COMMIT, NO_COMMIT);
        takeBack(head());
        team.send("afterwards");
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(World.texts(bobs)).containsExactly("alice: afterwards");
        assertThat(bobs.history(0, 100)).hasAtLeastOneElementOfType(HistoryEntry.TakenBack.class);
    }

    /** The injected Commit had moved no epoch, so the taking back moves none back. */
    private void takeBack(long commit) {
        world.service.voidInjected(team.id(), commit);
    }

    @Test
    void whatIsNotTakenBackIsRejoinedInTheEnd() {
        world.service.inject(team.id(), EntryKind.COMMIT, NO_COMMIT);
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.STUCK);
        world.time.pass(Duration.ofSeconds(6));
        syncBob();
        assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(bobs.latest(1).get(0)).isInstanceOf(HistoryEntry.Joined.class);
    }
}
