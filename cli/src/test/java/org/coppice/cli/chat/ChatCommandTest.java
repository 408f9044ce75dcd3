package org.coppice.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.LiveRun;
import org.coppice.cli.Town;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat line by line, as scripts use it. */
class ChatCommandTest {
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

    private LiveRun live(String name, String... args) {
        List<String> all = new java.util.ArrayList<>(List.of(args));
        all.addAll(List.of("--home", town.home(name).toString()));
        return LiveRun.start(all.toArray(String[]::new));
    }

    @Test
    void eachLineIsSentAndTheEndOfTheInputEndsIt() {
        town.did("alice", "group", "create", "garden", "bob");
        Coppice.Run run = town.with("alice", "hello\n//slashed\n\n", "chat", "garden");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.substring(7)))
                .containsExactly("alice  hello  ✓", "alice  /slashed  ✓");
        assertThat(town.did("bob", "group", "history", "garden", "--last", "2"))
                .contains("alice?  hello\n")
                .contains("alice?  /slashed\n");
    }

    @Test
    void whatOthersSayAndDoIsPrintedWhileItRuns() {
        town.did("alice", "group", "create", "garden", "bob");
        try (LiveRun bob = live("bob", "chat", "garden", "--json")) {
            // What comes before he has opened it is history, and a new name would keep him from finding it.
            await().atMost(Duration.ofSeconds(20)).until(() -> bob.out().contains("\"type\":\"opened\""));
            town.with("alice", "are you there?\n/rename orchard\n", "chat", "garden");
            await().atMost(Duration.ofSeconds(20)).until(() -> bob.out().contains("renamed"));
            bob.type("yes");
            await().atMost(Duration.ofSeconds(20)).until(() -> bob.out().contains("\"own\":true,\"verified\":true"));
            assertThat(bob.end()).isZero();
            List<JsonNode> objects = Town.objects(bob.out());
            assertThat(objects.get(0).get("type").textValue()).isEqualTo("opened");
            assertThat(objects)
                    .filteredOn(object -> object.get("type").textValue().equals("message"))
                    .extracting(object -> object.get("sender").textValue() + ": "
                            + object.get("text").textValue())
                    .containsExactly("alice/terminal: are you there?", "bob/terminal: yes");
            assertThat(objects)
                    .filteredOn(object -> object.get("type").textValue().equals("change"))
                    .singleElement()
                    .satisfies(change ->
                            assertThat(change.get("renamed").textValue()).isEqualTo("orchard"));
        }
        assertThat(town.did("alice", "group", "history", "orchard", "--last", "1"))
                .contains("bob?  yes");
    }

    @Test
    void whatWasSaidBeforeTheInvitationIsReadIsTold() {
        town.did("alice", "group", "create", "garden", "bob");
        town.with("alice", "are you there?\n", "chat", "garden");
        Coppice.Run run = town.with("bob", "", "chat", "garden");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("alice?  are you there?");
        // The second time it is history.
        assertThat(town.with("bob", "", "chat", "garden").out()).doesNotContain("are you there?");
    }

    @Test
    void aServerThatKeepsSilentIsToldSoonAndKeepsNobody() throws Exception {
        town.did("alice", "group", "create", "garden");
        town.stopServer();
        // It takes connections and never answers, as a process that is stopped does.
        try (ServerSocket frozen = new ServerSocket(town.server().port(), 50, InetAddress.getLoopbackAddress());
                LiveRun alice = live("alice", "chat", "garden");
                LiveRun bob = live("bob", "chat", "nowhere")) {
            assertThat(frozen.isBound()).isTrue();
            String told = "no answer of " + town.server().url() + " yet, still trying";
            await().atMost(Duration.ofSeconds(15)).until(() -> alice.err().contains(told));
            await().atMost(Duration.ofSeconds(15)).until(() -> bob.err().contains(told));
            alice.type("/quit");
            assertThat(alice.waitFor()).isZero();
            assertThat(bob.waitFor()).isNotZero();
        }
    }

    @Test
    void aConversationIsFoundByTheNameThatItHadWhenOneWasInvited() {
        town.did("alice", "group", "create", "garden", "bob");
        town.with("alice", "/rename orchard\n", "chat", "garden");
        Coppice.Run run = town.with("bob", "hello\n", "chat", "garden");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("bob  hello");
    }

    @Test
    void anInvitationOpensTheConversationForWhoHasNone() {
        try (LiveRun bob = live("bob", "chat", "--json", "--follow")) {
            town.did("alice", "group", "create", "garden", "bob");
            await().atMost(Duration.ofSeconds(20)).until(() -> bob.out().contains("\"type\":\"opened\""));
            bob.type("here I am");
            await().atMost(Duration.ofSeconds(20)).until(() -> bob.out().contains("here I am"));
            bob.type("/quit");
            assertThat(bob.waitFor()).isZero();
        }
    }

    @Test
    void anObjectCanBeTypedForTextsOfSeveralLinesAndOtherConversations() {
        town.did("alice", "group", "create", "garden", "bob");
        town.did("alice", "group", "create", "orchard");
        Coppice.Run run = town.with(
                "alice",
                "{\"text\": \"/one\\ntwo\"}\n{\"command\": \"members\"}\n{\"group\": \"orchard\", \"text\": \"there\"}\n",
                "chat",
                "garden",
                "--json");
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.out()).contains("\"text\":\"/one\\ntwo\"", "\"type\":\"conversation\"");
        assertThat(town.did("bob", "group", "history", "garden", "--last", "1")).contains("alice?  /one ⏎ two");
        assertThat(town.did("alice", "group", "history", "orchard", "--last", "1"))
                .contains("there");
        Coppice.Run wrong = town.with("alice", "{\"txt\": 1}\n{\n", "chat", "garden", "--json");
        assertThat(Town.objects(wrong.out()))
                .filteredOn(object -> object.get("type").textValue().equals("problem"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"group\": \"nosuch\", \"text\": \"x\"}",
                "{\"text\": \"x\"} trailing",
                "{\"text\": \"x\"",
                "{\"text\": \"x\", \"text\": \"y\"}",
                "{\"text\": 5}",
                "{\"text\": null}",
                "{\"text\": \"\"}",
                "{\"text\": \"x\", \"command\": \"/list\"}",
                "{\"text\": \"x\", \"grup\": \"garden\"}",
                "{\"text\": \"x\", \"ref\": 1}",
                "{\"command\": \"/\"}",
                "{\"command\": \"\"}"
            })
    void anObjectThatIsNotAsItShouldBeIsRefusedAsAWhole(String line) {
        town.did("alice", "group", "create", "garden");
        Coppice.Run run = town.with("alice", line + "\n", "chat", "garden", "--json");
        assertThat(run.code()).as(run.out()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(Town.objects(run.out()))
                .extracting(object -> object.get("type").textValue())
                .contains("problem")
                .doesNotContain("message", "receipt", "list");
    }

    @Test
    void whatAnswersAnObjectRepeatsItsRef() {
        town.did("alice", "group", "create", "garden");
        Coppice.Run run = town.with("alice", """
                  {"text": "one", "ref": "said"}
                {"text": "two", "group": "garden", "ref": "said there"}
                three
                {"command": "/rename orchard", "ref": "renamed"}
                {"command": "invite bob", "ref": "invited"}
                {"command": "members", "ref": "asked"}
                {"command": "/refresh"}
                {"command": "/invite", "ref": "incomplete"}
                {"text": "nowhere", "group": "desert", "ref": "no group"}
                {"txt": "x", "ref": "no field"}
                {"command": "/new meadow", "ref": "begun"}
                {"command": "/quit", "ref": "ended"}
                """, "chat", "garden", "--json");
        assertThat(run.code()).as(run.out()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(Town.objects(run.out()))
                .filteredOn(object -> object.has("ref"))
                .extracting(object -> object.get("ref").asText() + ": "
                        + object.get("type").asText() + object.path("state").asText())
                .containsExactly(
                        "said: receiptdone",
                        "said there: receiptdone",
                        "renamed: receiptdone",
                        "invited: receiptdone",
                        "asked: conversation",
                        "asked: done",
                        "incomplete: problem",
                        "no group: problem",
                        "no field: problem",
                        "begun: done",
                        "ended: done");
        assertThat(Town.objects(run.out()))
                .filteredOn(object -> object.get("type").asText().equals("receipt"))
                .hasSize(6);
    }

    @Test
    void whatWaitsIsCalledAsTheProgramDoes() {
        town.did("alice", "group", "create", "garden", "bob");
        town.stopServer();
        Coppice.Run run = town.with(
                "alice",
                "{\"text\": \"for later\", \"ref\": \"1\"}\n{\"command\": \"/rename orchard\", \"ref\": \"2\"}\n",
                "chat",
                "garden",
                "--json");
        assertThat(run.code()).isEqualTo(ExitCode.LATER);
        assertThat(Town.objects(run.out()))
                .filteredOn(object -> object.get("type").asText().equals("receipt"))
                .extracting(object ->
                        object.path("ref").asText() + object.get("state").asText())
                .containsExactly("1waiting", "2waiting");
    }

    @Test
    void whatStandsAloneTakesNothingAfterIt() {
        town.did("alice", "group", "create", "garden");
        Coppice.Run run = town.with("alice", "/quit now\n/leave garden\nstill here\n", "chat", "garden");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.err()).contains("✗ /quit takes nothing after it: now", "✗ /leave takes nothing after it");
        assertThat(run.out()).contains("alice  still here  ✓");
    }

    @Test
    void nothingBeginsWithSomebodyWhomTheServerDoesNotKnow() {
        Coppice.Run run = town.with("alice", "/new garden bob nobody\n", "chat");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.err()).contains("✗ the server knows nobody called nobody");
        assertThat(town.as("alice", "group", "create", "orchard", "bob", "nobody")
                        .code())
                .isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(town.did("alice", "group", "list")).doesNotContain("garden", "orchard");
        assertThat(town.with("alice", "/new garden bob\n", "chat").code()).isZero();
    }

    @Test
    void whatCannotBeDoneIsSaidAndShowsInTheExitCode() {
        town.did("alice", "group", "create", "garden");
        Coppice.Run run = town.with("alice", "/frobnicate\n/invite\n/invite nobody\nstill here\n", "chat", "garden");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.err())
                .contains(
                        "✗ no such command: /frobnicate",
                        "✗ something is missing",
                        "✗ the server knows nobody called nobody");
        assertThat(run.out()).contains("alice  still here  ✓");
        Coppice.Run lost = town.with("alice", "/remove bob\n/open desert\n", "chat", "garden");
        assertThat(lost.err())
                .contains(
                        "✗ bob is no member of garden  (/members lists them)",
                        "✗ no conversation desert  (/list shows yours)");
        Coppice.Run none = town.with("bob", "hello?\n", "chat");
        assertThat(none.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(none.err()).contains("no conversation is open");
    }

    @Test
    void whatTheServerDoesNotHearIsKeptAndSentNextTime() {
        town.did("alice", "group", "create", "garden", "bob");
        town.stopServer();
        Coppice.Run run = town.with("alice", "for later\n", "chat", "garden");
        assertThat(run.code()).isEqualTo(ExitCode.LATER);
        assertThat(run.err()).contains("… kept, not done yet", "1 thing is kept and not done yet");
        town.startServer();
        town.did("alice", "group", "list");
        assertThat(town.did("bob", "group", "history", "garden", "--last", "1")).contains("alice?  for later");
    }

    @Test
    void anAccountIsOpenInOneProcessOnly() {
        town.did("alice", "group", "create", "garden");
        try (LiveRun first = live("alice", "chat", "garden")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> first.err().contains("── garden ──"));
            Coppice.Run second = town.as("alice", "group", "list");
            assertThat(second.code()).isEqualTo(ExitCode.LATER);
            assertThat(second.err()).startsWith("coppice: alice/terminal is in use by another coppice\nhint: ");
            assertThat(first.end()).isZero();
        }
    }

    @Test
    void keysAreComparedAndNoted() {
        town.did("alice", "group", "create", "garden", "bob");
        Coppice.Run run = town.with("alice", "/verify bob\n/verify bob yes\n/members\n", "chat", "garden");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("▀", "bob/terminal    ✓ verified");
        Coppice.Run other = town.with("bob", "/verify alice\n", "chat", "garden", "--json");
        String digits = Town.objects(other.out()).stream()
                .filter(object -> object.get("type").textValue().equals("safety_number"))
                .findFirst()
                .orElseThrow()
                .get("digits")
                .textValue();
        assertThat(run.out().replaceAll("[^0-9]", "")).contains(digits);
    }

    @Test
    void whatWasNotShownIsNotConfirmed() {
        town.did("alice", "group", "create", "garden", "bob");
        Coppice.Run run = town.with("alice", "/verify bob yes\n/members\n", "chat", "garden");
        assertThat(run.err()).contains("nothing was compared yet");
        assertThat(run.out()).contains("bob/terminal    ? not verified");
    }

    @Test
    void aDeviceThatCameAfterTheDigitsWereShownIsNotConfirmed() {
        town.did("alice", "group", "create", "garden", "bob");
        town.addDevice("bob", "phone");
        Coppice.Run run =
                town.with("alice", "/verify bob\n/invite bob/phone\n/verify bob yes\n/members\n", "chat", "garden");
        assertThat(run.err()).contains("the keys of bob have changed since: compare again");
        assertThat(run.out()).contains("bob/terminal    ? not verified", "bob/phone       ? not verified");
    }
}
