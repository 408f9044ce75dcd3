package org.coppice.cli.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Town;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommandTest {
    @TempDir
    private Path directory;

    private Town town;

    @BeforeEach
    void start() {
        town = new Town(directory).settle("alice", "bob");
    }

    @AfterEach
    void stop() {
        town.close();
    }

    @Test
    void aConversationIsCreatedAndWhoIsInvitedFindsIt() {
        String created = town.did("alice", "group", "create", "garden", "bob");
        assertThat(created).matches("garden {2}[0-9a-f]{8}\n");
        assertThat(town.did("bob", "group", "list")).matches("[0-9a-f]{8} {2}garden {2}2 members · epoch 1\n");
        assertThat(town.did("bob", "group", "members", "garden"))
                .isEqualTo("alice/terminal  ? not verified\nbob/terminal    you\n");
        String id = created.substring(8, 16);
        assertThat(town.did("bob", "group", "members", id)).contains("bob/terminal    you");
    }

    @Test
    void changesAreMadeAndSeenByTheOthers() {
        town.settle("carol");
        town.did("alice", "group", "create", "garden", "bob");
        assertThat(town.did("bob", "group", "invite", "garden", "carol")).isEqualTo("invited to garden: carol\n");
        assertThat(town.did("carol", "group", "rename", "garden", "the orchard"))
                .isEqualTo("now called the orchard\n");
        assertThat(town.did("alice", "group", "remove", "the orchard", "bob/terminal"))
                .isEqualTo("removed from the orchard: bob/terminal\n");
        assertThat(town.did("alice", "group", "history", "the orchard").lines().map(line -> line.substring(7)))
                .containsExactly(
                        "── you began this conversation  · epoch 0",
                        "── + bob  by you  · epoch 1",
                        "── + carol  by bob  · epoch 2",
                        "── now called the orchard  by carol  · epoch 3",
                        "── − bob  by you  · epoch 4");
        assertThat(town.did("bob", "group", "list"))
                .contains("the orchard")
                .contains("no member any more: you were removed by alice");
    }

    @Test
    void whatOneWasRemovedFromIsFoundByItsNameUnlessAnotherHasIt() {
        town.did("alice", "group", "create", "garden", "bob");
        town.did("bob", "group", "list");
        town.did("alice", "group", "remove", "garden", "bob/terminal");
        assertThat(town.did("bob", "group", "history", "garden")).contains("− bob  by alice");
        town.did("alice", "group", "rename", "garden", "the first garden");
        town.did("alice", "group", "create", "garden", "bob");
        assertThat(town.did("bob", "group", "members", "garden")).contains("alice/terminal", "bob/terminal    you");
    }

    /** What was sent by the id of a conversation went to who had called another one so. */
    @Test
    void anIdMeansItsConversationWhateverOthersCallTheirs() {
        String id = town.did("alice", "group", "create", "garden").substring(8, 16);
        town.did("bob", "group", "create", id, "alice");
        assertThat(town.json("alice", "group", "members", id).get("name").textValue())
                .isEqualTo("garden");
    }

    @Test
    void leavingWaitsForAnotherMember() {
        town.did("alice", "group", "create", "garden", "bob");
        Coppice.Run run = town.as("bob", "group", "leave", "garden", "--wait", "0");
        assertThat(run.code()).isEqualTo(ExitCode.LATER);
        assertThat(run.err()).startsWith("coppice: not done yet: ");
        // Whoever says something next commits it.
        town.with("alice", "bye, bob\n", "chat", "garden");
        assertThat(town.json("bob", "group", "list").get(0).get("status").textValue())
                .isEqualTo("removed");
        assertThat(town.json("alice", "group", "members", "garden").get("members"))
                .hasSize(1);
    }

    @Test
    void historyIsAlsoForPrograms() {
        town.did("alice", "group", "create", "garden", "bob");
        town.with("alice", "one\ntwo\nthree\n", "chat", "garden");
        List<JsonNode> last = Town.objects(town.did("bob", "group", "history", "garden", "--last", "2", "--json"));
        assertThat(last).extracting(line -> line.get("text").textValue()).containsExactly("two", "three");
        String seq = last.get(0).get("seq").asText();
        assertThat(Town.objects(town.did("bob", "group", "history", "garden", "--after", seq, "--json")))
                .containsExactly(last.get(1));
        assertThat(Town.objects(
                        town.did("bob", "group", "history", "garden", "--before", seq, "--last", "1", "--json")))
                .extracting(line -> line.get("text").textValue())
                .containsExactly("one");
        assertThat(town.as("bob", "group", "history", "garden", "--before", seq, "--after", seq)
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(last.get(0).get("sender").textValue()).isEqualTo("alice/terminal");
        assertThat(last.get(0).get("verified").booleanValue()).isFalse();
    }

    @Test
    void whatCannotBeDoneIsToldWithAHint() {
        town.did("alice", "group", "create", "garden");
        assertThat(town.as("alice", "group", "create", "garden").err())
                .startsWith("coppice: there is a conversation garden already\nhint: ");
        Coppice.Run unknown = town.as("alice", "group", "members", "orchard");
        assertThat(unknown.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(unknown.err()).startsWith("coppice: no conversation orchard\nhint: list them");
        Coppice.Run nobody = town.as("alice", "group", "invite", "garden", "nobody");
        assertThat(nobody.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(nobody.err()).startsWith("coppice: the server knows nobody called nobody\nhint: ");
        assertThat(town.as("alice", "group", "remove", "garden", "bob").err())
                .isEqualTo(
                        "coppice: bob is no member of garden\nhint: who is: coppice group members garden --as alice\n");
        assertThat(town.did("alice", "group", "members", "garden", "--as", "alice"))
                .contains("alice/terminal");
        assertThat(town.as("alice", "group", "remove", "garden", "alice").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(town.as("alice", "group", "leave", "garden").code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(town.as("alice", "group", "rename", "garden", " ").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void withoutTheServerWhatIsKnownHereCanBeRead() {
        town.did("alice", "group", "create", "garden", "bob");
        town.stopServer();
        Coppice.Run run = town.as("alice", "group", "list");
        assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err())
                .startsWith("coppice: cannot reach " + town.server().url());
        assertThat(town.did("alice", "group", "list", "--offline")).contains("garden  2 members");
    }
}
