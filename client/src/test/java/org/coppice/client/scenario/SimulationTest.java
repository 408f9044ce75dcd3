package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of three clients over a network that loses requests and answers, with crashes in between. When the network is well again,
 * all agree, nothing that was asked for is lost or there twice, and no key was used twice.
 */
@Tag("long")
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 6);
    private static final List<String> NAMES = List.of("alice", "bob", "carol");

    static List<Long> seeds() {
        List<Long> out = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            out.add(seed);
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void allAgreeInTheEndAndNothingIsLostOrTwice(long seed) throws Exception {
        new Simulation(seed).run();
    }

    private static final class Simulation {
        private final Random random;
        private final World world;
        private final Map<String, Crashes> crashes = new HashMap<>();
        private final List<String> said = new ArrayList<>();
        private boolean lossy;
        private Bytes groupId;

        Simulation(long seed) {
            random = new Random(seed);
            world = new World(seed);
            world.network = this::losing;
            world.disk = (name, store) ->
                    crashes.computeIfAbsent(name, n -> new Crashes(0)).store(store);
        }

        void run() throws Exception {
            try (world) {
                begin();
                Auditor auditor = new Auditor(world);
                world.conversation("alice", groupId).invite(List.of(Auditor.ID.user()), List.of());
                lossy = true;
                for (int step = 0; step < 60; step++) {
                    act(NAMES.get(random.nextInt(NAMES.size())), step);
                }
                lossy = false;
                NAMES.forEach(world::restart);
                world.settle();
                check();
                auditor.audit(groupId);
            }
        }

        private void begin() {
            NAMES.forEach(world::join);
            ConversationOptions options = ConversationOptions.named("team");
            Conversation team = world.client("alice")
                    .createConversation(random.nextBoolean() ? options : options.withPrivateHandshakes());
            groupId = team.id();
            assertThat(team.invite(List.of(user("bob"), user("carol")), List.of())
                            .isDone())
                    .isTrue();
            world.settle();
        }

        /** Each call may never reach the service, or reach it without an answer. */
        private DeliverySession losing(DeliverySession session) {
            return Between.put(DeliverySession.class, session, call -> {
                boolean io = call.mayThrow(IOException.class);
                if (io && lossy && random.nextInt(12) == 0) {
                    throw new IOException("lost on its way");
                }
                Object result = call.go();
                if (io && lossy && random.nextInt(12) == 0) {
                    throw new IOException("the answer is lost");
                }
                return result;
            });
        }

        private void act(String name, int step) {
            if (random.nextInt(4) == 0) {
                crashes.get(name).crashAfter(1 + random.nextInt(40));
            }
            try {
                Conversation conversation = world.conversation(name, groupId);
                switch (random.nextInt(6)) {
                    case 0, 1, 2 -> {
                        String text = name + " " + step;
                        if (conversation.enqueue(text).number() > 0) {
                            said.add(name + ": " + text);
                        }
                        conversation.sync();
                    }
                    case 3 -> conversation.rename("name " + step);
                    case 4 -> conversation.refresh();
                    default -> world.client(name).sync();
                }
            } catch (Crashes.Crash e) {
                world.restart(name);
            } catch (IOException | DeliveryException e) {
                // Offline: everything is kept.
            }
            crashes.get(name).crashAfter(0);
            world.time.pass(java.time.Duration.ofSeconds(random.nextInt(5)));
        }

        private void check() {
            Conversation first = world.conversation("alice", groupId);
            for (String name : NAMES) {
                Conversation conversation = world.conversation(name, groupId);
                assertThat(conversation.view().status()).isEqualTo(ConversationStatus.ACTIVE);
                assertThat(conversation.view().waiting()).isZero();
                assertThat(conversation.epochAuthenticator()).isEqualTo(first.epochAuthenticator());
                assertThat(World.texts(conversation)).containsAll(said).doesNotHaveDuplicates();
                assertThat(World.texts(conversation)).isEqualTo(World.texts(first));
            }
        }
    }
}
