package org.coppice.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Somebody at a client: a process of {@code coppice chat --json}, to which this one writes and of which it reads. */
final class Actor {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Process process;
    private final BufferedWriter keyboard;
    private final List<JsonNode> seen = new ArrayList<>();
    private boolean ended;

    private Actor(String name, Process process) {
        this.name = name;
        this.process = process;
        this.keyboard = process.outputWriter(StandardCharsets.UTF_8);
    }

    static Actor start(Stage stage, String name, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("chat", "--as", name, "--json", "--follow"));
        args.addAll(List.of(more));
        Actor out = new Actor(name, stage.start(name, args));
        Thread reader = new Thread(out::read, "reads " + name);
        reader.setDaemon(true);
        reader.start();
        return out;
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = in.readLine()) != null) {
                add(JSON.readTree(line));
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("a line of the chat is no JSON", e);
        } catch (IOException e) {
            // The process was killed in the middle of a line.
        } finally {
            end();
        }
    }

    private synchronized void add(JsonNode event) {
        seen.add(event);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Whether its process writes no more. */
    synchronized boolean hasEnded() {
        return ended;
    }

    String name() {
        return name;
    }

    /** The name as a story has it. */
    String title() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    long pid() {
        return process.pid();
    }

    void say(String text) {
        type(JsonNodeFactory.instance.objectNode().put("text", text));
    }

    void command(String command) {
        type(JsonNodeFactory.instance.objectNode().put("command", command));
    }

    private void type(ObjectNode line) {
        try {
            keyboard.write(line + "\n");
            keyboard.flush();
        } catch (IOException e) {
            // Nobody is there to read any more: the checks will tell.
        }
    }

    /** Waits until something of a type was told that fits; empty if it is not told in time. */
    Optional<JsonNode> await(long deadline, String type, Predicate<JsonNode> fits) {
        return await(deadline, 0, type, fits);
    }

    private synchronized Optional<JsonNode> await(long deadline, int from, String type, Predicate<JsonNode> fits) {
        int next = from;
        while (true) {
            for (; next < seen.size(); next++) {
                JsonNode event = seen.get(next);
                if (event.path("type").asText().equals(type) && fits.test(event)) {
                    return Optional.of(event);
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 || ended) {
                return Optional.empty();
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    /** Waits until a text of somebody was read. */
    boolean reads(long deadline, String text) {
        return await(deadline, "message", event -> event.path("text").asText().equals(text))
                .isPresent();
    }

    /** How many messages of this actor the server has confirmed. */
    synchronized long confirmed() {
        return seen.stream()
                .filter(event -> event.path("type").asText().equals("receipt") && event.has("id"))
                .filter(event -> event.path("state").asText().equals("done"))
                .count();
    }

    /** All that was read, in the order of the log; what was told twice of one entry counts once. */
    synchronized List<String> texts() {
        TreeMap<Long, String> out = new TreeMap<>();
        for (JsonNode event : seen) {
            if (event.path("type").asText().equals("message")) {
                out.put(
                        event.path("seq").asLong(),
                        event.path("sender").asText() + ": "
                                + event.path("text").asText());
            }
        }
        return List.copyOf(out.values());
    }

    /** What all members share if they agree, with the epoch; asks for it. */
    Optional<JsonNode> status(long deadline) {
        int before;
        synchronized (this) {
            before = seen.size();
        }
        command("status");
        return await(deadline, before, "conversation", event -> event.has("authenticator"));
    }

    /** Ends the process at once, as kill -9 does, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
