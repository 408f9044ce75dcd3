package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.client.Conversation;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service whose answers lead nowhere, and one that invents Welcomes: the client comes back, and keeps nothing of it. */
class EndlessServiceTest {
    /** Enough for any call here; more only come where the client goes in circles. */
    private static final int ANSWERS = 60;

    private final AtomicInteger answers = new AtomicInteger();
    private World world;
    private Conversation team;

    @BeforeEach
    void begin() {
        world = new World(43);
        team = world.team("alice", "bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private <T> UnaryOperator<T> bounded(UnaryOperator<T> change) {
        return answer -> {
            assertThat(answers.incrementAndGet()).as("answers").isLessThan(ANSWERS);
            return change.apply(answer);
        };
    }

    private static void assertPutOff(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(ProblemKind.UNAVAILABLE));
    }

    @Test
    void aLogThatShowsTheSameAgainEndsTheCall() {
        team.send("once");
        List<LogEntry> all = world.service.log(team.id());
        world.alter("bob", LogPage.class, bounded(page -> new LogPage(1_000, page.epoch(), all)));
        assertPutOff(() -> world.client("bob").sync());
        world.alter("bob", LogPage.class, page -> page);
        World.sync(world.client("bob"));
        assertThat(world.texts("bob", team.id())).containsExactly("alice: once");
    }

    @Test
    void anInboxThatShowsTheSameAgainEndsTheCall() {
        Conversation other = world.client("alice").createConversation("other");
        other.invite(user("bob"));
        List<Object> seen = new ArrayList<>();
        world.alter("bob", List.class, bounded(list -> {
            if (!list.isEmpty() && list.get(0) instanceof InboxEntry entry) {
                seen.add(entry);
            }
            return list.isEmpty() && !seen.isEmpty() ? List.copyOf(seen) : list;
        }));
        assertPutOff(() -> world.client("bob").sync());
        world.alter("bob", List.class, list -> list);
        World.sync(world.client("bob"));
        other.send("all the same");
        World.sync(world.client("bob"));
        assertThat(world.texts("bob", other.id())).containsExactly("alice: all the same");
    }

    @Test
    void whatIsTakenAndNeverShownWaits() {
        world.alter("alice", LogPage.class, bounded(page -> new LogPage(page.head(), page.epoch(), List.of())));
        team = world.conversation("alice", team.id());
        Receipt message = team.send("held back");
        assertThat(message.state()).isEqualTo(Receipt.State.WAITING);
        assertThat(message.problem().orElseThrow().kind()).isEqualTo(Receipt.Kind.PUT_OFF);
        world.alter("alice", LogPage.class, page -> page);
        World.sync(world.client("alice"));
        assertThat(world.texts("alice", team.id())).containsExactly("alice: held back");
    }

    @Test
    void aCommitThatIsTakenAndNeverShownWaits() {
        world.alter("alice", LogPage.class, bounded(page -> new LogPage(page.head(), page.epoch(), List.of())));
        team = world.conversation("alice", team.id());
        assertThat(team.rename("held back").state()).isEqualTo(Receipt.State.WAITING);
        world.alter("alice", LogPage.class, page -> page);
        World.sync(world.client("alice"));
        assertThat(world.conversation("alice", team.id()).view().name()).isEqualTo("held back");
    }

    /** From now on bob's inbox has the Welcome of an entry for a group. */
    private void showWelcome(long seq, Bytes groupId, InboxEntry of) {
        InboxEntry shown = new InboxEntry(seq, groupId, of.logSeq(), of.epoch(), of.timeMillis(), of.welcome());
        AtomicInteger shows = new AtomicInteger();
        world.alter("bob", List.class, list -> list.isEmpty() && shows.getAndIncrement() == 0 ? List.of(shown) : list);
    }

    private InboxEntry welcomeOfCarol() {
        world.join("carol");
        team.invite(user("carol"));
        return world.service.inbox(id("carol"), 0, 1).get(0);
    }

    @Test
    void nothingIsKeptOfAWelcomeOfNobodysGroup() {
        InboxEntry welcome = welcomeOfCarol();
        Bytes others = world.client("alice").createConversation("of others").id();
        long seq = 1_000;
        for (Bytes groupId : List.of(Bytes.fromHex("00ff"), others)) {
            showWelcome(seq++, groupId, welcome);
            World.sync(world.client("bob"));
            assertThat(world.client("bob").conversations())
                    .extracting(Conversation::id)
                    .containsExactly(team.id());
            world.alter("bob", List.class, list -> list);
        }
    }

    @Test
    void aConversationThatWasGivenUpIsNotBegunAgainByAWelcome() {
        InboxEntry welcome = welcomeOfCarol();
        world.conversation("bob", team.id()).abandon();
        int entries = world.service.log(team.id()).size();
        showWelcome(1_000, team.id(), welcome);
        World.sync(world.client("bob"));
        assertThat(world.conversation("bob", team.id()).view().reason()).isEqualTo("abandoned");
        assertThat(world.service.log(team.id())).hasSize(entries);
    }
}
