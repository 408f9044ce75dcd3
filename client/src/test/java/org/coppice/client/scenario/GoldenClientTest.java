package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.client.store.SealedClientStore;
import org.coppice.client.store.SqliteClientStore;
import org.coppice.client.store.StoreKey;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that former releases left are opened by this one, with all that they had. A new format adds a file; these stay. */
class GoldenClientTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"v1-client.db", "v2-client.db", "v3-client.db", "v4-client.db"})
    void aClientOfAFormerVersionGoesOn(String name) throws IOException {
        Path file = directory.resolve("client.db");
        try (InputStream golden = getClass().getResourceAsStream("/store/" + name)) {
            Files.copy(golden, file);
        }
        try (StoreKey key = StoreKey.of(Secret.zeros(StoreKey.LENGTH));
                CoppiceClient alice =
                        CoppiceClient.open(ClientStores.sqlite(file, key), ClientEnvironment.standard(), identity -> {
                            throw new IOException("offline");
                        })) {
            assertThat(alice.id()).isEqualTo(id("alice"));
            Conversation team = named(alice, "golden");
            assertThat(team.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(team.members())
                    .extracting(MemberInfo::client, MemberInfo::verified)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(id("alice"), true),
                            org.assertj.core.groups.Tuple.tuple(id("bob"), true));
            assertThat(World.texts(team)).containsExactly("alice: hello", "bob: hello yourself");
            assertThat(team.view().waiting()).isEqualTo(1);
            assertThat(team.send("and more").isDone()).isFalse();
            assertThat(team.view().waiting()).isEqualTo(2);
            assertThat(team.epochAuthenticator()).isPresent();
            assertThat(alice.conversations())
                    .allSatisfy(conversation -> assertThat(conversation.latest(100))
                            .isNotEmpty()
                            .noneMatch(HistoryEntry.Unreadable.class::isInstance));
            if (!name.startsWith("v1") && !name.startsWith("v2")) {
                assertThat(named(alice, "left behind").view().status()).isEqualTo(ConversationStatus.REMOVED);
            }
            if (name.startsWith("v4")) {
                assertThat(named(alice, "left alone").latest(1))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                HistoryEntry.Change.class,
                                change -> assertThat(change.left()).containsExactly(id("bob")));
            }
        }
    }

    private static Conversation named(CoppiceClient client, String name) {
        return client.conversations().stream()
                .filter(conversation -> conversation.view().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Writes the file of the present format into a directory: run by hand, with another name, when the format changes. */
    public static void main(String[] args) throws Exception {
        try (World world = new World(31);
                StoreKey key = StoreKey.of(Secret.zeros(StoreKey.LENGTH))) {
            world.disk = (name, store) -> name.equals("alice")
                    ? SealedClientStore.open(
                            SqliteClientStore.open(Path.of(args[0]).resolve("v4-client.db")), key, Randomness.system())
                    : new InMemoryClientStore();
            CoppiceClient alice = world.join("alice");
            world.join("bob");
            Conversation team = alice.createConversation("golden");
            team.invite(List.of(user("bob")), List.of());
            World.sync(world.client("bob"));
            team.send("hello");
            world.client("bob").conversations().get(0).send("hello yourself");
            World.sync(alice);
            team.verify(user("bob"), team.safetyNumber(user("bob")));
            Conversation other = world.client("bob").createConversation("left behind");
            other.invite(user("alice"));
            other.remove(user("alice"));
            World.sync(alice);
            Conversation alone = world.together("left alone", "alice", "bob");
            world.conversation("bob", alone.id()).leave();
            World.sync(alice);
            team.enqueue("not sent yet");
        }
    }
}
