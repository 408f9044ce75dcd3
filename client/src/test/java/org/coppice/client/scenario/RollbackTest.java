package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import java.util.List;
import java.util.function.Consumer;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An old copy of a store takes the place of the store: what the client did since is in the log, tells it so before it sends anything, and
 * it takes its place again with new keys.
 */
class RollbackTest {
    private static ConversationOptions options(boolean privateHandshakes) {
        ConversationOptions options = ConversationOptions.named("team");
        return privateHandshakes ? options.withPrivateHandshakes() : options;
    }

    private static void rollBackAfter(boolean privateHandshakes, Consumer<World> since) throws Exception {
        try (World world = new World(31)) {
            world.join("alice");
            world.join("bob");
            Conversation team = world.client("alice").createConversation(options(privateHandshakes));
            assertThat(team.invite(user("bob")).isDone()).isTrue();
            world.settle();
            Auditor auditor = new Auditor(world);
            team.invite(List.of(Auditor.ID.user()), List.of());
            world.settle();
            world.conversation("bob", team.id()).send("before the copy");
            InMemoryClientStore copy = world.backUp("bob");
            since.accept(world);
            world.restart("bob", copy);
            Conversation bobs = world.conversation("bob", team.id());
            assertThat(bobs.send("after the copy").isDone()).isTrue();
            assertThat(rejoined(bobs)).isTrue();
            World.sync(world.client("alice"));
            assertThat(world.texts("alice", team.id())).contains("bob: before the copy", "bob: after the copy");
            assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(bobs.epochAuthenticator()).isPresent().isEqualTo(team.epochAuthenticator());
            auditor.audit(team.id());
        }
    }

    private static boolean rejoined(Conversation conversation) {
        return conversation.history(0, 100).stream()
                .anyMatch(line ->
                        line instanceof HistoryEntry.Joined joined && joined.how() == HistoryEntry.Joined.Way.REJOINED);
    }

    private static Conversation bobs(World world) {
        return world.client("bob").conversations().get(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMessageSentSinceIsNoticed(boolean privateHandshakes) throws Exception {
        rollBackAfter(privateHandshakes, world -> bobs(world).send("since the copy"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCommitMadeSinceIsNoticed(boolean privateHandshakes) throws Exception {
        rollBackAfter(privateHandshakes, world -> bobs(world).refresh());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEarlierRejoiningIsNoticed(boolean privateHandshakes) throws Exception {
        rollBackAfter(privateHandshakes, world -> {
            CoppiceClient again = world.loseStateButTheKey("bob");
            try {
                again.rejoin(again.recoverable().get(0));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCopyOfBeforeARemovalFindsBackIfTheClientWasAddedAgain(boolean privateHandshakes) throws Exception {
        try (World world = new World(32)) {
            world.join("alice");
            world.join("bob");
            Conversation team = world.client("alice").createConversation(options(privateHandshakes));
            assertThat(team.invite(user("bob")).isDone()).isTrue();
            World.sync(world.client("bob"));
            team.remove(user("bob"));
            World.sync(world.client("bob"));
            InMemoryClientStore removed = world.backUp("bob");
            assertThat(team.invite(user("bob")).isDone()).isTrue();
            World.sync(world.client("bob"));
            CoppiceClient bob = world.restart("bob", removed);
            World.sync(bob);
            List<Bytes> recoverable = bob.recoverable();
            assertThat(recoverable).containsExactly(team.id());
            assertThat(bob.rejoin(team.id()).view().status()).isEqualTo(ConversationStatus.ACTIVE);
        }
    }
}
