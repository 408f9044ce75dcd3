package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A service that alters, repeats or holds back what it should deliver (RFC 9750 §8.1.4, §8.4.2): a client notices. */
class HostileServiceTest {
    private World world;
    private Conversation team;

    @BeforeEach
    void begin() {
        // Nobody rejoins by itself, so that what was noticed stands.
        world = new World(41, World.PARAMETERS.toBuilder().rejoinsPerDay(0).build());
        team = world.team("alice", "bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private long head() {
        return world.service.log(team.id()).size();
    }

    /** From now on bob is shown pages that {@code change} made. */
    private void show(UnaryOperator<LogPage> change) {
        world.alter("bob", LogPage.class, change);
    }

    private static LogPage page(LogPage of, List<LogEntry> entries) {
        return new LogPage(of.head(), of.epoch(), entries);
    }

    private List<ClientEvent.MessagesMissing> missing() {
        List<ClientEvent.MessagesMissing> out = new ArrayList<>();
        world.client("bob").listen(event -> {
            if (event instanceof ClientEvent.MessagesMissing missing) {
                out.add(missing);
            }
        });
        return out;
    }

    private Conversation bobs() {
        return world.conversation("bob", team.id());
    }

    /** Or a stranger could open a conversation of no group: the service cannot look into a Welcome. */
    @Test
    void aWelcomeIntoAnotherGroupThanItIsFiledUnderIsNotEntered() {
        world.join("carol");
        world.network = session -> Between.put(DeliverySession.class, session, HostileServiceTest::misfiled);
        CoppiceClient carol = world.restart("carol");
        assertThat(team.invite(user("carol")).isDone()).isTrue();
        World.sync(carol);
        assertThat(carol.conversations()).isEmpty();
        assertThat(carol.conversation(team.id())).isEmpty();
    }

    private static Object misfiled(Between.Call call) throws Throwable {
        Object answer = call.go();
        if (!call.is("inbox")) {
            return answer;
        }
        return ((List<?>) answer)
                .stream()
                        .map(InboxEntry.class::cast)
                        .map(entry -> new InboxEntry(
                                entry.seq(),
                                Bytes.fromHex("0102"),
                                entry.logSeq(),
                                entry.epoch(),
                                entry.timeMillis(),
                                entry.welcome()))
                        .toList();
    }

    @Test
    @Tag("A-8.4.2-01")
    @Tag("A-8-01")
    void whatIsAlteredOnTheWayIsShownAsUnreadableAndNothingElse() {
        team.send("altered");
        long altered = head();
        team.send("as it was");
        show(page -> page(
                page,
                page.entries().stream()
                        .map(entry -> entry.seq() == altered ? damaged(entry) : entry)
                        .toList()));
        World.sync(world.client("bob"));
        assertThat(World.texts(bobs())).containsExactly("alice: as it was");
        assertThat(bobs().latest(2).get(0)).isInstanceOf(HistoryEntry.Unreadable.class);
        assertThat(bobs().view().status()).isEqualTo(ConversationStatus.ACTIVE);
    }

    private static LogEntry damaged(LogEntry entry) {
        byte[] message = entry.message().toByteArray();
        message[message.length - 1] ^= 1;
        return new LogEntry(entry.seq(), entry.kind(), entry.epoch(), entry.timeMillis(), Bytes.wrap(message));
    }

    @Test
    @Tag("A-8.4.2-01")
    void whatIsShownTwiceCountsOnce() {
        team.send("once");
        Bytes message = world.service.log(team.id()).get((int) head() - 1).message();
        world.service.inject(team.id(), EntryKind.APPLICATION, message);
        World.sync(world.client("bob"));
        assertThat(World.texts(bobs())).containsExactly("alice: once");
        assertThat(bobs().view().status()).isEqualTo(ConversationStatus.ACTIVE);
    }

    @Test
    @Tag("A-8.4.2-01")
    void anEntryThatIsLeftOutIsNoticed() {
        team.send("left out");
        long hidden = head();
        team.send("shown");
        show(page -> page(
                page,
                page.entries().stream().filter(entry -> entry.seq() != hidden).toList()));
        World.sync(world.client("bob"));
        assertThat(bobs().view().status()).isEqualTo(ConversationStatus.STUCK);
        assertThat(bobs().view().reason()).isEqualTo("entries are missing");
        assertThat(World.texts(bobs())).isEmpty();
    }

    @Test
    void whoRejoinsForgetsTheEpochsThatCannotBeReadAnyMore() throws Exception {
        team.send("early");
        World.sync(world.client("bob"));
        team.send("left out");
        long hidden = head();
        team.send("shown");
        show(page -> page(
                page,
                page.entries().stream().filter(entry -> entry.seq() != hidden).toList()));
        World.sync(world.client("bob"));
        for (int i = 0; i < 8; i++) {
            team.refresh();
        }
        show(page -> page);
        world.client("bob").rejoin(team.id());
        assertThat(bobs().view().epoch()).isGreaterThan(8);
        assertThat(world.remembered("bob", bobs()))
                .isNotEmpty()
                .allMatch(epoch -> epoch >= bobs().view().epoch() - 4);
    }

    @Test
    @Tag("A-8.4.2-01")
    @Tag("A-8.1.4-01")
    void aMessageThatIsLeftOutIsNoticedByTheNextOneOfItsSender() {
        List<ClientEvent.MessagesMissing> missing = missing();
        team.send("first");
        team.send("left out");
        team.send("left out, too");
        team.send("last");
        world.service.withhold(team.id(), head() - 1);
        world.service.withhold(team.id(), head() - 1);
        World.sync(world.client("bob"));
        assertThat(World.texts(bobs())).containsExactly("alice: first", "alice: last");
        assertThat(missing).containsExactly(new ClientEvent.MessagesMissing(team.id(), id("alice"), 2));
    }

    @Test
    @Tag("A-8.1.4-01")
    void nothingIsMissingWhereNothingWasLeftOut() {
        List<ClientEvent.MessagesMissing> missing = missing();
        for (int round = 0; round < 3; round++) {
            team.send("of alice");
            World.sync(world.client("bob"));
            bobs().send("of bob");
            world.restart("alice");
            team = world.conversation("alice", team.id());
            World.sync(world.client("alice"));
            team.refresh();
        }
        World.sync(world.client("bob"));
        assertThat(World.texts(bobs())).hasSize(6);
        assertThat(missing).isEmpty();
    }

    @Test
    @Tag("A-8.1.4-01")
    void aClientThatJoinsLaterMissesNothingOfTheTimeBefore() {
        team.send("before carol");
        world.join("carol");
        List<ClientEvent> missing = new ArrayList<>();
        world.client("carol")
                .listen(event -> Optional.of(event)
                        .filter(ClientEvent.MessagesMissing.class::isInstance)
                        .ifPresent(missing::add));
        team.invite(user("carol"));
        team.send("with carol");
        World.sync(world.client("carol"));
        assertThat(world.texts("carol", team.id())).containsExactly("alice: with carol");
        assertThat(missing).isEmpty();
    }

    /** A key package of mallory, as the service could claim it for any user. */
    private List<ClaimResult.Claimed> ofMallory() throws Exception {
        world.join("mallory");
        RequestId claim = RequestId.random(Randomness.system());
        return world.service
                .claim(id("alice"), claim, ClaimRequest.of(user("mallory"), World.SUITE))
                .claimed();
    }

    @Test
    void aKeyPackageOfSomebodyWhoWasNotInvitedIsLeftOut() throws Exception {
        world.join("carol");
        List<ClaimResult.Claimed> strangers = ofMallory();
        world.alter("alice", ClaimResult.class, result -> {
            List<ClaimResult.Claimed> both = new ArrayList<>(result.claimed());
            both.addAll(strangers);
            return new ClaimResult(both, List.of(id("eve")));
        });
        Receipt receipt = world.conversation("alice", team.id()).invite(user("carol"));
        assertThat(receipt.isDone()).isTrue();
        assertThat(receipt.without()).isEmpty();
        assertThat(members()).containsExactly(id("alice"), id("bob"), id("carol"));
    }

    @Test
    void anAnswerForOthersInTheirPlaceAddsNobody() throws Exception {
        world.join("carol");
        List<ClaimResult.Claimed> strangers = ofMallory();
        world.alter("alice", ClaimResult.class, result -> new ClaimResult(strangers, List.of()));
        Receipt receipt = world.conversation("alice", team.id()).invite(user("carol"));
        assertThat(receipt.state()).isEqualTo(Receipt.State.REFUSED);
        assertThat(receipt.problem().orElseThrow().kind()).isEqualTo(Receipt.Kind.REFUSED_BY_SERVICE);
        assertThat(members()).containsExactly(id("alice"), id("bob"));
    }

    @Test
    void whoseKeyPackageIsNotUsableIsNamedInTheReceipt() {
        world.join("carol");
        world.join("carol/tablet");
        world.alter(
                "alice",
                ClaimResult.class,
                result -> new ClaimResult(
                        result.claimed().stream()
                                .map(one -> one.client().equals(id("carol/tablet"))
                                        ? new ClaimResult.Claimed(
                                                one.client(),
                                                result.claimed().get(0).keyPackage(),
                                                false)
                                        : one)
                                .toList(),
                        List.of()));
        Receipt receipt = world.conversation("alice", team.id()).invite(user("carol"));
        assertThat(receipt.isDone()).isTrue();
        assertThat(receipt.without()).containsExactly(id("carol/tablet"));
        assertThat(members()).containsExactly(id("alice"), id("bob"), id("carol"));
    }

    @Test
    void whoseWelcomeIsNotRoutedIsNamedInTheReceipt() {
        world.join("carol");
        world.join("dave");
        List<KeyPackageRef> ofCarol = world.service.stockOf(id("carol")).stream()
                .map(keyPackage -> new KeyPackageRef(
                        keyPackage.ref(world.client("alice").identity().crypto())))
                .toList();
        world.alter(
                "alice",
                Appended.class,
                appended -> new Appended(appended.seq(), appended.epoch(), ofCarol, appended.repeated()));
        team = world.conversation("alice", team.id());
        Receipt receipt = team.invite(List.of(user("carol"), user("dave")), List.of());
        assertThat(receipt.isDone()).isTrue();
        assertThat(receipt.without()).containsExactly(id("carol"));
        assertThat(team.refresh().without()).isEmpty();
        world.alter("alice", Appended.class, appended -> appended);
        world.join("erin");
        team = world.conversation("alice", team.id());
        assertThat(team.invite(user("erin")).without()).isEmpty();
    }

    private List<ClientId> members() {
        return world.conversation("alice", team.id()).members().stream()
                .map(MemberInfo::client)
                .toList();
    }

    /** Puts a message into the log that seems to be of another branch of the group, by the word of nobody. */
    private void forgeMark() throws Exception {
        LogEntry last = world.service.log(team.id()).get((int) head() - 1);
        PrivateMessage message = (PrivateMessage)
                MlsMessage.decode(last.message(), MediaTypes.LIMITS).body();
        byte[] mark = message.authenticatedData().toByteArray();
        mark[mark.length - 1] ^= 1;
        // Else it would be taken for a copy of the message that it was made from.
        byte[] ciphertext = message.ciphertext().toByteArray();
        ciphertext[0] ^= 1;
        PrivateMessage forged = new PrivateMessage(
                message.groupId(),
                message.epoch(),
                message.contentType(),
                Bytes.wrap(mark),
                message.encryptedSenderData(),
                Bytes.wrap(ciphertext));
        world.service.inject(team.id(), EntryKind.APPLICATION, Bytes.wrap(new MlsMessage(forged).encoded()));
    }

    @Test
    void aMarkThatNobodyVouchesForStopsNobody() throws Exception {
        long epoch = team.view().epoch();
        for (int i = 0; i < 5; i++) {
            team.send("heard " + i);
            forgeMark();
            World.sync(world.client("alice"));
            World.sync(world.client("bob"));
        }
        assertThat(bobs().view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(team.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(bobs().view().epoch()).isEqualTo(epoch);
        assertThat(world.service.reports).isEmpty();
        assertThat(World.texts(bobs())).hasSize(5);
        assertThat(bobs().history(0, 100))
                .filteredOn(HistoryEntry.Unreadable.class::isInstance)
                .hasSize(5);
    }

    @Test
    void aForkForWhichNoMemberVouchesIsNone() throws Exception {
        MlsMessage earlier = world.service.groupInfo(team.id());
        team.refresh();
        GroupInfo present =
                ((MlsMessage.GroupInfo) world.service.groupInfo(team.id()).body()).groupInfo();
        Identity mallory = Identity.generate(world.environment, World.SUITE, id("mallory"));
        GroupContext other = present.groupContext().withConfirmedTranscriptHash(Bytes.wrap(new byte[32]));
        MlsMessage ofNobody = new MlsMessage(new MlsMessage.GroupInfo(GroupInfo.sign(
                other,
                present.extensions(),
                present.confirmationTag(),
                present.signer(),
                mallory.crypto(),
                mallory.signer())));
        for (MlsMessage shown : List.of(earlier, ofNobody)) {
            team.send("heard");
            forgeMark();
            world.alter("bob", MlsMessage.class, any -> shown);
            World.sync(world.client("bob"));
            assertThat(bobs().view().status()).isEqualTo(ConversationStatus.ACTIVE);
        }
        assertThat(World.texts(bobs())).hasSize(2);
    }
}
