package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each kind of record in a client's store, damaged: by the disk, so that it does not unseal, and under its key, so that what it says is
 * nonsense. What cannot go on says so by a typed error or is set aside, and the rest goes on.
 */
@Timeout(120)
@Tag("long")
class DamagedRecordsTest {
    /** How many changes by chance each kind of record suffers under its key. */
    private static final int CHANGES = Integer.getInteger("damage.changes", 1);

    private static final String SEED = System.getProperty("coppice.test.seed", "19");

    /** Those without any of which the client opens. */
    private static final List<String> KINDS = List.of(
            "conversation",
            "conversation left",
            "outgoing",
            "group",
            "groups",
            "candidate",
            "candidates",
            "wish",
            "history",
            "early",
            "epoch",
            "seen",
            "generation",
            "verified",
            "report",
            "key-package",
            "identity next",
            "account i",
            "account r",
            "account publication");

    /** Those without which there is no client. */
    private static final List<String> VITAL = List.of("account p", "identity present");

    private static List<String> kinds() {
        return KINDS;
    }

    private static List<String> all() {
        return Stream.of(KINDS, VITAL).flatMap(List::stream).toList();
    }

    @Test
    void theseAreAllKindsThatAStoreHas() throws Exception {
        try (RecordScene scene = new RecordScene()) {
            Set<String> names = all().stream().map(kind -> kind.split(" ")[0]).collect(Collectors.toSet());
            assertThat(scene.store.kinds()).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    /** Bob begins anew with a damaged record; meanwhile something was said to him, and alice has new keys. */
    private static RecordScene damaged(String kind) throws Exception {
        RecordScene scene = new RecordScene();
        scene.store.damage(scene.place(kind));
        goOn(scene);
        return scene;
    }

    private static void goOn(RecordScene scene) {
        World.sync(scene.world.client("alice"));
        assertThat(scene.hersWhole.send("to be read").isDone()).isTrue();
        assertThat(scene.hers.send("to be read, too").isDone()).isTrue();
        assertThat(scene.hers.refresh().isDone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"account p", "identity present"})
    void aClientThatDoesNotKnowWhoItIsDoesNotOpen(String kind) throws Exception {
        try (RecordScene scene = damaged(kind)) {
            assertThatThrownBy(scene::begin)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DAMAGED));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void otherConversationsGoOnAndTheDamageIsToldOnce(String kind) throws Exception {
        try (RecordScene scene = damaged(kind)) {
            scene.begin();
            World.sync(scene.bob);
            Conversation whole = scene.his(scene.hersWhole.id());
            assertThat(World.texts(whole)).containsExactly("alice: to be read");
            assertThat(whole.send("and answered").isDone()).isTrue();
            scene.bob.conversations().forEach(one -> one.latest(100));
            List<ClientEvent> told = List.copyOf(scene.events);
            World.sync(scene.bob);
            scene.bob.conversations().forEach(one -> one.latest(100));
            assertThat(scene.events)
                    .filteredOn(event -> !told.contains(event))
                    .noneMatch(ClientEvent.RecordsLost.class::isInstance)
                    .noneMatch(ClientEvent.StatusChanged.class::isInstance);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation", "outgoing", "group", "wish", "early", "epoch"})
    void aConversationIsSetAsideAndCanBeRejoined(String kind) throws Exception {
        try (RecordScene scene = damaged(kind)) {
            scene.begin();
            World.sync(scene.bob);
            Conversation his = scene.his(scene.hers.id());
            assertThat(his.view().status()).isEqualTo(ConversationStatus.DAMAGED);
            assertThat(scene.told(his.id())).containsExactly(ConversationStatus.DAMAGED);
            assertThat(his.view().name()).isEqualTo("damaged");
            assertThat(scene.bob.recoverable()).contains(his.id());
            Receipt later = his.enqueue("asked for since");
            scene.bob.rejoin(his.id());
            assertThat(his.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(his.view().waiting()).isZero();
            assertThat(his.settle(later).isDone()).isTrue();
            World.sync(scene.world.client("alice"));
            assertThat(World.texts(scene.hers))
                    .containsExactly(
                            "alice: first",
                            "alice: to be read, too",
                            "bob: on its way",
                            "bob: waits",
                            "bob: asked for since");
            assertThat(scene.hers.send("welcome back").isDone()).isTrue();
            World.sync(scene.bob);
            assertThat(World.texts(his)).endsWith("alice: welcome back");
            assertThat(his.epochAuthenticator()).isEqualTo(scene.hers.epochAuthenticator());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation", "group"})
    void aConversationThatIsSetAsideCanBeAbandoned(String kind) throws Exception {
        try (RecordScene scene = damaged(kind)) {
            scene.begin();
            World.sync(scene.bob);
            Conversation his = scene.his(scene.hers.id());
            his.abandon();
            assertThat(his.view().status()).isEqualTo(ConversationStatus.REMOVED);
            World.sync(scene.bob);
            assertThat(his.send("hello?").state()).isEqualTo(Receipt.State.REFUSED);
        }
    }

    @Test
    void theListShowsADamagedConversationBeforeAnythingIsRead() throws Exception {
        try (RecordScene scene = damaged("conversation")) {
            scene.begin();
            assertThat(scene.bob.conversations()).hasSize(7);
            Conversation his = scene.his(scene.hers.id());
            assertThat(his.view().status()).isEqualTo(ConversationStatus.DAMAGED);
            assertThat(his.view().reason()).isNotEmpty();
            assertThat(his.send("kept").state()).isEqualTo(Receipt.State.WAITING);
            assertThat(his.latest(10)).isNotEmpty();
        }
    }

    @Test
    void whoIsAddedAgainByOthersIsBack() throws Exception {
        try (RecordScene scene = damaged("conversation")) {
            assertThat(scene.hers.remove(user("bob")).isDone()).isTrue();
            assertThat(scene.hers.invite(user("bob")).isDone()).isTrue();
            scene.begin();
            World.sync(scene.bob);
            assertThat(scene.his(scene.hers.id()).view().status()).isEqualTo(ConversationStatus.ACTIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "candidate"})
    void aConversationOnItsWayBackIsSetAside(String kind) throws Exception {
        try (RecordScene scene = damaged(kind)) {
            Bytes id = kind.equals("report") ? scene.stuck : scene.coming;
            scene.begin();
            World.sync(scene.bob);
            assertThat(scene.told(id)).containsExactly(ConversationStatus.DAMAGED);
            scene.bob.rejoin(id);
            assertThat(scene.his(id).view().status()).isEqualTo(ConversationStatus.ACTIVE);
        }
    }

    @Test
    void aConversationThatWasLeftIsSetAsideIfTheServiceRemembersIt() throws Exception {
        try (RecordScene scene = damaged("conversation left")) {
            scene.begin();
            assertThat(scene.bob.conversations()).hasSize(6);
            World.sync(scene.bob);
            assertThat(scene.told(scene.left)).containsExactly(ConversationStatus.DAMAGED);
            scene.bob.rejoin(scene.left);
            assertThat(scene.his(scene.left).view().status()).isEqualTo(ConversationStatus.REMOVED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "account i, INBOX",
        "account r, ROTATION",
        "account publication, PUBLICATION",
        "key-package, KEY_PACKAGES",
        "identity next, ROTATION"
    })
    void whatIsOfNoConversationIsGivenUpAndTold(String kind, RecordsLost.Kind told) throws Exception {
        try (RecordScene scene = damaged(kind)) {
            scene.begin();
            World.sync(scene.bob);
            assertThat(scene.lost()).contains(new RecordsLost(Bytes.EMPTY, told, 1));
            assertThat(scene.told(scene.hers.id())).isEmpty();
            // All goes on: a new key, and new conversations.
            scene.bob.rotateKey();
            World.sync(scene.bob);
            Conversation hers = scene.world.client("alice").createConversation("new");
            assertThat(hers.invite(user("bob")).isDone()).isTrue();
            World.sync(scene.bob);
            assertThat(scene.his(hers.id()).view().status()).isEqualTo(ConversationStatus.ACTIVE);
        }
    }

    @Test
    void aFormerKeyThatIsLostIsTold() throws Exception {
        try (RecordScene scene = damaged("identity next")) {
            scene.begin();
            World.sync(scene.bob);
            assertThat(scene.lost()).contains(new RecordsLost(Bytes.EMPTY, RecordsLost.Kind.FORMER_KEYS, 1));
        }
    }

    @Test
    void aLineOfHistoryThatIsLostHasAnotherInItsPlace() throws Exception {
        try (RecordScene scene = damaged("history")) {
            scene.begin();
            World.sync(scene.bob);
            Conversation his = scene.his(scene.hers.id());
            assertThat(his.view().status()).isEqualTo(ConversationStatus.ACTIVE);
            assertThat(his.history(0, 100)).first().isInstanceOf(HistoryEntry.Unreadable.class);
            assertThat(World.texts(his)).contains("alice: first", "alice: to be read, too");
            assertThat(scene.lost()).containsExactly(new RecordsLost(his.id(), RecordsLost.Kind.HISTORY, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"groups", "candidates", "seen", "generation", "verified"})
    void someKindsAreDoneWithout(String kind) throws Exception {
        try (RecordScene scene = damaged(kind)) {
            scene.begin();
            World.sync(scene.bob);
            assertThat(scene.events)
                    .noneMatch(event -> event instanceof ClientEvent.StatusChanged changed
                            && changed.status() == ConversationStatus.DAMAGED)
                    .noneMatch(RecordsLost.class::isInstance);
            Conversation his = scene.his(scene.hers.id());
            assertThat(World.texts(his))
                    .containsExactly("alice: first", "alice: to be read, too", "bob: on its way", "bob: waits");
            assertThat(his.members())
                    .filteredOn(member -> !member.self())
                    .extracting(MemberInfo::verified)
                    .containsExactly(!kind.equals("verified"));
            World.sync(scene.bob);
            scene.bob.rotateKey();
            World.sync(scene.bob);
        }
    }

    @Test
    void aNameThatIsNoTextIsDamage() throws Exception {
        try (RecordScene scene = new RecordScene()) {
            scene.store.forge(scene.place("conversation"), value -> {
                value[value.length - 1] = (byte) 0xff;
                return value;
            });
            scene.begin();
            assertThat(scene.his(scene.hers.id()).view().status()).isEqualTo(ConversationStatus.DAMAGED);
        }
    }

    /** Nothing at all, then so many changes by chance: a bit, an end that is missing, or more than there should be. */
    private static List<UnaryOperator<byte[]>> changes(Random random) {
        List<UnaryOperator<byte[]>> out = new ArrayList<>();
        out.add(value -> new byte[0]);
        for (int i = 0; i < CHANGES; i++) {
            out.add(value -> changed(value, random));
        }
        return out;
    }

    private static byte[] changed(byte[] value, Random random) {
        int kind = random.nextInt(4);
        if (kind == 0) {
            return Arrays.copyOf(value, random.nextInt(1 + value.length));
        } else if (kind == 1) {
            return Arrays.copyOf(value, 1 + value.length);
        }
        byte[] out = Arrays.copyOf(value, Math.max(1, value.length));
        out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
        return out;
    }

    @ParameterizedTest
    @MethodSource("all")
    void nonsenseUnderTheRightKeyIsATypedErrorOrSetAside(String kind) throws Exception {
        long seed = SEED.equals("random") ? System.nanoTime() : Long.parseLong(SEED);
        Random random = new Random(seed);
        for (UnaryOperator<byte[]> change : changes(random)) {
            try (RecordScene scene = new RecordScene()) {
                scene.store.forge(scene.place(kind), change);
                goOn(scene);
                try {
                    live(scene);
                } catch (RuntimeException e) {
                    fail(kind + ", -Dcoppice.test.seed=" + seed, e);
                }
            }
        }
    }

    /** Uses everything; what is thrown has to be typed, and if nothing is, the other conversation has to be followed. */
    private static void live(RecordScene scene) throws IOException {
        boolean whole = true;
        try {
            scene.begin();
            for (int i = 0; i < 3; i++) {
                whole = sync(scene) || i == 0;
                for (Conversation one : scene.bob.conversations()) {
                    one.view();
                    one.latest(100);
                    one.send("still here?");
                }
            }
        } catch (StoreException e) {
            return;
        }
        if (whole) {
            assertThat(World.texts(scene.his(scene.hersWhole.id()))).contains("alice: to be read");
        }
    }

    private static boolean sync(RecordScene scene) throws IOException {
        try {
            scene.bob.sync();
            return true;
        } catch (DeliveryException e) {
            return false;
        }
    }
}
