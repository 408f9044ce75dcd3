package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.Welcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A Welcome that its receiver refuses, though the members count it in. It was passed over without a word, and the receiver was a member
 * who did not know it and whom nobody heard.
 */
class RefusedInvitationTest {
    private World world;
    private boolean spoils;
    private boolean spoilsGroupInfos;

    @BeforeEach
    void begin() {
        world = new World(223);
        world.network = session -> Between.put(DeliverySession.class, session, call -> {
            if (spoils && call.is("commit")) {
                call.arguments()[1] = spoilt((CommitBundle) call.arguments()[1]);
            }
            Object out = call.go();
            return spoilsGroupInfos && call.is("groupInfo") ? unsigned((MlsMessage) out) : out;
        });
        world.join("alice");
        world.join("bob");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static CommitBundle spoilt(CommitBundle bundle) {
        Welcome genuine = bundle.welcome().orElseThrow().welcome().orElseThrow();
        byte[] info = genuine.encryptedGroupInfo().toByteArray();
        info[0] ^= 1;
        Welcome spoilt = new Welcome(genuine.cipherSuite(), genuine.secrets(), Bytes.wrap(info));
        return new CommitBundle(
                bundle.commit(),
                Optional.of(new MlsMessage(new MlsMessage.Welcome(spoilt))),
                bundle.groupInfo(),
                bundle.ratchetTree(),
                bundle.added(),
                bundle.removed());
    }

    @Test
    void whoIsAMemberAllTheSameComesInByItselfAndIsTold() throws Exception {
        List<ClientEvent> told = new ArrayList<>();
        world.client("alice").listen(told::add);
        Conversation team = world.client("bob").createConversation("team");
        spoils = true;
        assertThat(team.invite(user("alice")).isDone()).isTrue();
        spoils = false;
        World.sync(world.client("alice"));
        Conversation hers = world.conversation("alice", team.id());
        assertThat(hers.view().status()).isEqualTo(ConversationStatus.ACTIVE);
        assertThat(told)
                .filteredOn(ClientEvent.StatusChanged.class::isInstance)
                .extracting(event -> ((ClientEvent.StatusChanged) event).status())
                .startsWith(ConversationStatus.STUCK)
                .endsWith(ConversationStatus.ACTIVE);
        assertThat(hers.history(0, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        HistoryEntry.Joined.class,
                        joined -> assertThat(joined.how()).isEqualTo(HistoryEntry.Joined.Way.REJOINED));
        assertThat(hers.send("heard").isDone()).isTrue();
        World.sync(world.client("bob"));
        assertThat(World.texts(team)).containsExactly("alice: heard");
    }

    /** The last byte is one of the signature. */
    private static MlsMessage unsigned(MlsMessage info) throws DecodeException {
        byte[] encoded = info.encoded();
        encoded[encoded.length - 1] ^= 1;
        return MlsMessage.decode(encoded);
    }

    @Test
    void whatKeepsItOutTodayMayBeGoneTomorrow() throws Exception {
        Conversation team = world.client("bob").createConversation("team");
        spoils = true;
        assertThat(team.invite(user("alice")).isDone()).isTrue();
        spoils = false;
        spoilsGroupInfos = true;
        World.sync(world.client("alice"));
        Conversation hers = world.conversation("alice", team.id());
        assertThat(hers.view().status()).isEqualTo(ConversationStatus.STUCK);
        assertThat(hers.view().reason()).startsWith("GROUP_INFO_SIGNATURE");
        spoilsGroupInfos = false;
        World.sync(world.client("alice"));
        assertThat(hers.view().status()).as("the same day").isEqualTo(ConversationStatus.STUCK);
        world.time.pass(Duration.ofDays(1));
        World.sync(world.client("alice"));
        assertThat(hers.view().status()).isEqualTo(ConversationStatus.ACTIVE);
    }

    @Test
    void whoHasLeftIsNotBroughtBackByIt() throws Exception {
        Conversation team = world.together("team", "bob", "alice");
        Conversation hers = world.conversation("alice", team.id());
        assertThat(team.remove(user("alice")).isDone()).isTrue();
        World.sync(world.client("alice"));
        spoils = true;
        assertThat(team.invite(user("alice")).isDone()).isTrue();
        spoils = false;
        World.sync(world.client("alice"));
        assertThat(hers.view().status()).isEqualTo(ConversationStatus.REMOVED);
    }
}
