package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Parameters;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.EntryKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.tree.Capabilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is in a conversation, who decides that, and what the others see of it. */
class MembershipTest {
    private World world;
    private Conversation team;

    @BeforeEach
    void begin() {
        world = new World(
                51,
                Parameters.DEFAULT.toBuilder()
                        .keyPackages(4, 2)
                        .rejoinsPerDay(0)
                        .build());
        team = world.team("alice", "bob", "carol");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void whoIsRemovedKeepsNothingOfTheEpochsButTheHistory() {
        for (int i = 0; i < 3; i++) {
            team.send("in an epoch");
            team.refresh();
        }
        World.sync(world.client("bob"));
        assertThat(world.remembered("bob", team)).isNotEmpty();
        team.remove(user("bob"));
        World.sync(world.client("bob"));
        assertThat(of("bob").view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(world.remembered("bob", team)).isEmpty();
        assertThat(World.texts(of("bob"))).hasSize(3);
    }

    private Conversation of(String name) {
        return world.conversation(name, team.id());
    }

    @Test
    @Tag("A-6.1-07")
    void anyMemberRemovesAnother() {
        assertThat(of("bob").remove(user("carol")).isDone()).isTrue();
        World.sync(world.client("carol"));
        World.sync(world.client("alice"));
        assertThat(of("carol").view().status()).isEqualTo(ConversationStatus.REMOVED);
        assertThat(team.members()).extracting(MemberInfo::client).containsExactlyInAnyOrder(id("alice"), id("bob"));
    }

    /** A Commit by which {@code name} comes in by itself, as the group's key in the GroupInfo lets anybody try. */
    private MlsMessage intrusion(String name) throws Exception {
        Environment environment = Environment.builder()
                .clock(world.time)
                .validator(CredentialValidator.acceptAll())
                .build();
        MlsClient plain = MlsClient.create(
                environment, World.SUITE, ClientId.parse(name + "/phone").basicCredential());
        Capabilities all = plain.capabilities();
        MlsClient client = plain.withCapabilities(new Capabilities(
                all.versions(),
                all.cipherSuites(),
                List.of(ConversationInfo.TYPE),
                all.proposals(),
                all.credentials()));
        ExternalJoinRequest request = ExternalJoinRequest.of(world.service.groupInfo(team.id()))
                .withRatchetTree(world.service.tree(team.id(), team.view().epoch()));
        try (ExternalJoin join = client.joinExternally(request)) {
            return join.commit();
        }
    }

    @Test
    @Tag("A-6.1-05")
    @Tag("A-6.1-06")
    void aStrangerWhoComesInByItselfIsRefusedByTheMembers() throws Exception {
        Bytes commit = Bytes.wrap(intrusion("mallory").encoded());
        world.service.inject(team.id(), EntryKind.COMMIT, commit);
        long epoch = team.view().epoch();
        for (String name : List.of("alice", "bob", "carol")) {
            World.sync(world.client(name));
            assertThat(of(name).view().epoch()).isEqualTo(epoch);
            assertThat(of(name).members())
                    .extracting(MemberInfo::client)
                    .containsExactlyInAnyOrder(id("alice"), id("bob"), id("carol"));
        }
        assertThat(world.service.reports)
                .hasSize(3)
                .allSatisfy(report -> assertThat(report.rule()).isEqualTo("PROPOSAL_REFUSED_BY_POLICY"));
    }

    @Test
    @Tag("A-6.7-01")
    void aFurtherDeviceReadsNothingOfWhatWasBefore() {
        team.send("before the tablet");
        world.join("bob/tablet");
        assertThat(of("bob").invite(List.of(), List.of(id("bob/tablet"))).isDone())
                .isTrue();
        of("bob").send("with the tablet");
        World.sync(world.client("bob/tablet"));
        assertThat(world.texts("bob/tablet", team.id())).containsExactly("bob: with the tablet");
    }

    @Test
    @Tag("A-6.2-01")
    @Tag("A-6.2-02")
    void keysAreRefreshedInEachConversation() {
        Conversation second = world.client("alice").createConversation("second");
        assertThat(second.invite(user("bob")).isDone()).isTrue();
        world.settle();
        long teamEpoch = team.view().epoch();
        long secondEpoch = second.view().epoch();
        world.time.pass(Duration.ofDays(8));
        world.settle();
        // One Commit of each member.
        assertThat(team.view().epoch()).isEqualTo(teamEpoch + 3);
        assertThat(second.view().epoch()).isEqualTo(secondEpoch + 2);
    }

    @Test
    @Tag("A-8.2.1-02")
    void textsOfSimilarLengthHaveOneLength() {
        long before = world.service.log(team.id()).size();
        IntStream.range(40, 56).forEach(length -> team.send("x".repeat(length)));
        Set<Integer> lengths = world.service.log(team.id()).stream()
                .filter(entry -> entry.seq() > before)
                .map(entry -> entry.message().length())
                .collect(Collectors.toSet());
        assertThat(lengths).hasSizeBetween(1, 3);
    }
}
