package org.coppice.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.coppice.cli.CommandFailure;

/** A conversation through a server, in which a client is killed and comes back. Whatever is told was checked a moment before. */
final class ServerStory {
    /** How long one step may take: what is not seen in time neither holds nor fails to. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int BURST = 40;
    private static final int BEFORE_THE_KILL = 5;
    private static final List<String> PEOPLE = List.of("alice", "bob", "carol");

    private final Stage stage;
    private final Narrator narrator;
    private final Duration patience;
    private final Map<String, Actor> actors = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();
    private final ServerTally tally = new ServerTally();
    private String groupId;

    ServerStory(Stage stage, Narrator narrator) {
        this(stage, narrator, PATIENCE);
    }

    ServerStory(Stage stage, Narrator narrator, Duration patience) {
        this.stage = stage;
        this.narrator = narrator;
        this.patience = patience;
    }

    ServerTally tell() throws IOException {
        register();
        talk();
        killBob();
        goOnWithoutBob();
        bringBobBack();
        removeCarol();
        lookAtTheServer();
        return tally;
    }

    private Actor alice() {
        return actors.get("alice");
    }

    private Actor bob() {
        return actors.get("bob");
    }

    private Actor carol() {
        return actors.get("carol");
    }

    // ---- chapters

    private void register() {
        narrator.chapter("A server, and three who do not know each other yet");
        narrator.tell("A server listens on " + stage.url()
                + ". Three people register at it: each makes keys, proves to hold them, "
                + "and leaves key packages for whoever wants to write while the client is away.");
        for (String name : PEOPLE) {
            if (stage.run(name, "account", "new", "--name", name, "--no-passphrase", "--server", stage.url()) != 0) {
                throw fails(name + " cannot register", name);
            }
        }
        narrator.holds("Alice, Bob and Carol are registered");
    }

    private void talk() throws IOException {
        narrator.chapter("They talk");
        for (String name : PEOPLE) {
            actors.put(name, Actor.start(stage, name));
        }
        alice().command("new garden bob carol");
        JsonNode opened = told(alice(), "opened");
        groupId = opened.path("group").asText();
        told(bob(), "opened");
        told(carol(), "opened");
        narrator.tell(
                "Each has a client in a process of its own (" + alice().pid() + ", " + bob().pid() + ", "
                        + carol().pid()
                        + "). Alice begins a conversation and adds the others with one commit; the server hands them their Welcome.");
        speak(alice(), "The hazel wants cutting back.");
        speak(bob(), "To the stump?");
        speak(carol(), "It grows again. It always does.");
        agree(List.of(alice(), bob(), carol()));
    }

    private void killBob() {
        narrator.chapter("One is killed");
        IntStream.rangeClosed(1, BURST).forEach(number -> bob().say("pole " + number));
        await(bob(), "receipt", event -> bob().confirmed() >= BEFORE_THE_KILL + 1, "that the server has what Bob says");
        tally.confirmed = (int) bob().confirmed() - 1;
        bob().kill();
        // What it had said of its own before the end, all of which counts.
        tally.confirmed = (int) Math.max(tally.confirmed, bob().confirmed() - 1);
        narrator.tell("Bob counts poles, 1 to " + BURST + ". Of " + tally.confirmed
                + " he knows that the server has them when his process is killed (kill -9): no goodbye, nothing written at the "
                + "last moment.");
    }

    private void goOnWithoutBob() {
        alice().command("rename orchard");
        await(carol(), "change", event -> event.path("renamed").asText().equals("orchard"), "the new name");
        carol().command("refresh");
        await(
                alice(),
                "change",
                event -> event.path("actor").asText().startsWith("carol") && !event.has("renamed"),
                "Carol's new keys");
        speak(alice(), "Bob? You have stopped counting.");
        narrator.tell(
                "Meanwhile Alice has given the conversation another name, and Carol has replaced her keys: two epochs that "
                        + "Bob knows nothing of.");
    }

    private void bringBobBack() throws IOException {
        narrator.chapter("And comes back");
        Actor before = bob();
        Actor again = Actor.start(stage, "bob", groupId, "--after", "0");
        actors.put("bob", again);
        read(again, "Bob? You have stopped counting.");
        tally.recovered = true;
        narrator.tell("A new process (" + again.pid() + ", after " + before.pid()
                + ") opens Bob's store, finds what was on its way, "
                + "asks the server what became of it, and reads what it has missed.");
        narrator.holds("Bob reads what was said while he was dead, two epochs later");
        speak(again, "Here I am. Where was I?");
        List<String> poles = alice().texts().stream()
                .filter(text -> text.startsWith("bob/terminal: pole "))
                .toList();
        List<String> expected = IntStream.rangeClosed(1, poles.size())
                .mapToObj(number -> "bob/terminal: pole " + number)
                .toList();
        tally.arrived = poles.size();
        tally.nothingLost = poles.equals(expected) && poles.size() >= tally.confirmed;
        mark(
                tally.nothingLost,
                "the others have poles 1 to " + poles.size() + ", each once and in order: nothing that he knew to be "
                        + "delivered is lost, nothing came twice");
        actors.values().forEach(actor -> read(actor, "Here I am. Where was I?"));
        tally.sameHistory =
                alice().texts().equals(carol().texts()) && alice().texts().equals(again.texts());
        mark(tally.sameHistory, "all three have the same " + alice().texts().size() + " messages");
        agree(List.of(alice(), again, carol()));
    }

    private void removeCarol() {
        narrator.chapter("One is removed");
        alice().command("remove carol");
        await(
                carol(),
                "standing",
                event -> event.path("status").asText().equals("removed"),
                "that Carol was told of her removal");
        String secret = "The hazelnuts are behind the shed.";
        alice().say(secret);
        said.add(secret);
        read(bob(), secret);
        narrator.speech("Alice", secret, List.of("Bob"));
        tally.removal = !carol().texts().contains("alice/terminal: " + secret);
        if (tally.removal) {
            narrator.denied("Carol's client was told, and has nothing of it");
        } else {
            narrator.broken("Carol reads what is said after her removal");
        }
        agree(List.of(alice(), bob()));
    }

    private void lookAtTheServer() throws IOException {
        narrator.chapter("What the server has");
        stage.curtain();
        Map<String, Boolean> found = new LinkedHashMap<>();
        long bytes = 0;
        List<byte[]> files = contents(stage.serverData());
        for (byte[] file : files) {
            bytes += file.length;
        }
        for (String text : said) {
            found.put(text, contains(files, text));
        }
        boolean finds = contains(files, "alice/terminal") || contains(files, "alice");
        tally.serverBytes = bytes;
        tally.sentences = said.size();
        tally.confidentiality = finds && found.values().stream().noneMatch(hit -> hit);
        narrator.tell("All are ended now, the server too, and its files are searched: "
                + Beginnings.size((int) Math.min(Integer.MAX_VALUE, bytes))
                + ".");
        if (tally.confidentiality) {
            narrator.denied("of " + said.size() + " sentences that were said they hold none");
        } else {
            narrator.broken("they hold what was said, or the search finds nothing at all");
        }
        narrator.alas("who wrote, when, and how much, they do hold: \"alice\" is found");
    }

    // ---- what chapters are made of

    private JsonNode told(Actor actor, String type) {
        return await(actor, type, event -> true, "that " + actor.title() + " was told of the conversation");
    }

    private JsonNode await(Actor actor, String type, Predicate<JsonNode> fits, String what) {
        return actor.await(deadline(), type, fits).orElseThrow(() -> unseen(actor, what));
    }

    private void read(Actor actor, String text) {
        if (!actor.reads(deadline(), text)) {
            throw unseen(actor, "that " + actor.title() + " reads “" + text + "”");
        }
    }

    private long deadline() {
        return System.nanoTime() + patience.toNanos();
    }

    private CommandFailure unseen(Actor actor, String what) {
        return actor.hasEnded() ? fails("the client of " + actor.title() + " has ended", actor.name()) : tooSlow(what);
    }

    private CommandFailure tooSlow(String what) {
        return CommandFailure.later(
                "not seen within " + patience.toSeconds() + " s: " + what
                        + "; this machine was too slow to show more, and nothing was seen to be wrong",
                "run it again when less is going on here");
    }

    private void speak(Actor speaker, String text) {
        said.add(text);
        speaker.say(text);
        List<String> readers = new ArrayList<>();
        for (Actor other : actors.values()) {
            if (other != speaker && isAlive(other)) {
                read(other, text);
                readers.add(other.title());
            }
        }
        tally.messages++;
        tally.reads += readers.size();
        narrator.speech(speaker.title(), text, readers);
    }

    private static boolean isAlive(Actor actor) {
        return ProcessHandle.of(actor.pid()).map(ProcessHandle::isAlive).orElse(false);
    }

    private void agree(List<Actor> members) {
        List<JsonNode> values = new ArrayList<>();
        long deadline = deadline();
        // Whoever is behind by a commit is asked again.
        do {
            if (System.nanoTime() > deadline) {
                throw tooSlow("that all come to the same epoch");
            }
            values.clear();
            for (Actor member : members) {
                values.add(
                        member.status(deadline).orElseThrow(() -> unseen(member, "where " + member.title() + " is")));
            }
        } while (!same(values, "epoch"));
        boolean holds = same(values, "authenticator");
        tally.agreements += holds ? 1 : 0;
        tally.disagreements += holds ? 0 : 1;
        String who = members.size() == 2 ? "both" : "all " + members.size();
        mark(
                holds,
                who + (holds ? " agree on epoch " + values.get(0).path("epoch").asText() : " do not agree"));
    }

    private static boolean same(List<JsonNode> values, String field) {
        return values.stream()
                        .map(value -> value.path(field).asText())
                        .distinct()
                        .count()
                == 1;
    }

    private void mark(boolean holds, String what) {
        if (holds) {
            narrator.holds(what);
        } else {
            narrator.broken("not so: " + what);
        }
    }

    private CommandFailure fails(String what, String name) {
        return CommandFailure.check(
                what, stage.complaints(name).lines().findFirst().orElse("coppice doctor may know why"));
    }

    private static List<byte[]> contents(Path directory) throws IOException {
        List<byte[]> out = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                out.add(Files.readAllBytes(file));
            }
        }
        return out;
    }

    private static boolean contains(List<byte[]> files, String text) {
        // One character for each byte, so that bytes are compared.
        String wanted = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return files.stream().anyMatch(file -> new String(file, StandardCharsets.ISO_8859_1).contains(wanted));
    }
}
