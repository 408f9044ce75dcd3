package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A client dies at a step of its life and begins again from its store: for every step of a life that creates, invites, talks, loses a
 * race, sees somebody leave, and comes back after an entry that it could not process.
 */
@Tag("long")
class CrashTest {
    /** Every how many steps the build crashes; 1 tries them all. */
    private static final int STRIDE = Integer.getInteger("crash.stride", 13);

    @Test
    void aClientThatDiesAtAnyStepGoesOnWithoutLossAndWithoutUsingAKeyTwice() throws Exception {
        everyStep(ConversationOptions.named("team"), 0);
    }

    @Test
    void theSameWithPrivateHandshakes() throws Exception {
        everyStep(ConversationOptions.named("team").withPrivateHandshakes(), 3);
    }

    @Test
    void aStoreOrNetworkThatFailsOnceAtAnyStepCostsNothingAndNeedsNoRestart() throws Exception {
        everyStep(ConversationOptions.named("team"), 5, false);
        everyStep(ConversationOptions.named("team").withPrivateHandshakes(), 1, false);
    }

    private static void everyStep(ConversationOptions options, int offset) throws Exception {
        everyStep(options, offset, true);
    }

    private static void everyStep(ConversationOptions options, int offset, boolean dies) throws Exception {
        long steps = new Life(options, 0, dies).live();
        assertThat(steps).isGreaterThan(100);
        for (long crashAt = 1 + offset % STRIDE; crashAt <= steps; crashAt += STRIDE) {
            try {
                new Life(options, crashAt, dies).live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("after a crash at step " + crashAt, e);
            }
        }
    }

    /** One run of the story. Alice is the one who dies. */
    private static final class Life {
        private final World world = new World(7);
        private final ConversationOptions options;
        private final Crashes crashes;
        private final AtomicBoolean rival = new AtomicBoolean();
        private final List<String> said = new ArrayList<>();
        private Bytes groupId;

        Life(ConversationOptions options, long crashAt, boolean dies) {
            this.options = options;
            this.crashes = new Crashes(crashAt, dies);
        }

        long live() throws Exception {
            try (world) {
                world.join("bob");
                world.join("carol");
                Auditor auditor = new Auditor(world);
                world.network = session -> session.self().equals(id("alice")) ? rivalled(session) : session;
                world.disk = (name, store) -> name.equals("alice") ? crashes.store(store) : store;
                begin();
                tell();
                // At most one crash is to come.
                until(() -> false, world::settle);
                isTrue(() -> {
                    check();
                    return true;
                });
                // What is in the store is what was in memory.
                isTrue(() -> {
                    again();
                    check();
                    return true;
                });
                assertThat(auditor.audit(groupId)).isGreaterThan(3);
                return crashes.steps();
            }
        }

        /** Just before alice's Commit arrives, bob may bring one in. */
        private DeliverySession rivalled(DeliverySession session) {
            DeliverySession crashing = crashes.session(session);
            return Between.put(DeliverySession.class, crashing, call -> {
                if (call.is("commit") && rival.compareAndSet(true, false)) {
                    assertThat(bobs().refresh().isDone()).isTrue();
                }
                return call.go();
            });
        }

        private void begin() {
            try {
                world.join("alice");
            } catch (World.Offline | StoreException e) {
                if (world.client("alice") == null) {
                    world.join("alice");
                }
            } catch (Crashes.Crash e) {
                if (world.client("alice") == null && !world.hasClient("alice")) {
                    world.join("alice");
                } else {
                    again();
                }
            }
        }

        private void again() {
            world.restart("alice");
            World.sync(world.client("alice"));
        }

        /** Does {@code action} as long as it is needed: once, or again after a crash that left nothing of it. */
        private void until(BooleanSupplier done, Runnable action) {
            for (int i = 0; i < 2 && !done.getAsBoolean(); i++) {
                try {
                    action.run();
                } catch (Crashes.Crash e) {
                    again();
                } catch (StoreException | World.Offline e) {
                    // The same client goes on.
                    World.sync(world.client("alice"));
                }
            }
        }

        private boolean isTrue(BooleanSupplier condition) {
            try {
                return condition.getAsBoolean();
            } catch (Crashes.Crash e) {
                again();
                return condition.getAsBoolean();
            } catch (StoreException | World.Offline e) {
                return condition.getAsBoolean();
            }
        }

        private Conversation alices() {
            return world.client("alice").conversations().get(0);
        }

        private Conversation bobs() {
            return world.conversation("bob", groupId);
        }

        /** What was asked for before is done, so that what waits afterwards is the next. */
        private void rest() {
            until(() -> isTrue(() -> alices().view().waiting() == 0), () -> World.sync(world.client("alice")));
        }

        private void say(String text) {
            rest();
            until(
                    () -> isTrue(() -> World.texts(alices()).contains("alice: " + text)
                            || alices().view().waiting() > 0),
                    () -> alices().send(text));
            said.add("alice: " + text);
        }

        private void tell() {
            until(
                    () -> isTrue(() -> !world.client("alice").conversations().isEmpty()),
                    () -> world.client("alice").createConversation(options));
            until(
                    () -> isTrue(() -> alices().members().size() == 4),
                    () -> alices().invite(List.of(user("bob"), user("carol"), Auditor.ID.user()), List.of()));
            until(() -> isTrue(() -> alices().view().waiting() == 0), () -> World.sync(world.client("alice")));
            isTrue(() -> {
                groupId = alices().id();
                return true;
            });
            World.sync(world.client("bob"));
            World.sync(world.client("carol"));
            say("one");
            rest();
            rival.set(true);
            until(
                    () -> isTrue(() -> alices().view().name().equals("renamed")
                            || alices().view().waiting() > 0),
                    () -> alices().rename("renamed"));
            rival.set(false);
            say("two");
            until(() -> isTrue(() -> alices().view().waiting() == 0), () -> World.sync(world.client("alice")));
            World.sync(world.client("bob"));
            bobs().send("three");
            said.add("bob: three");
            World.sync(world.client("carol"));
            world.conversation("carol", groupId).leave();
            say("four");
            until(() -> isTrue(() -> alices().members().size() == 3), () -> World.sync(world.client("alice")));
            stumble();
            say("five");
        }

        /** The log shows an entry that nobody can process: alice and bob come back by themselves. */
        private void stumble() {
            Bytes broken = Bytes.fromHex("0001");
            world.service.inject(groupId, EntryKind.COMMIT, broken);
            until(() -> isTrue(() -> false), () -> World.sync(world.client("alice")));
        }

        private void check() {
            Conversation alices = alices();
            Conversation bobs = bobs();
            assertThat(alices.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(bobs.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(alices.view().waiting()).isZero();
            assertThat(alices.epochAuthenticator()).isPresent().isEqualTo(bobs.epochAuthenticator());
            assertThat(alices.view().name()).isEqualTo("renamed");
            assertThat(alices.members())
                    .extracting(MemberInfo::client)
                    .containsExactlyInAnyOrder(id("alice"), id("bob"), Auditor.ID);
            assertThat(World.texts(alices)).containsExactlyElementsOf(said);
            assertThat(World.texts(bobs)).containsAll(said.subList(0, 4)).doesNotHaveDuplicates();
        }
    }
}
