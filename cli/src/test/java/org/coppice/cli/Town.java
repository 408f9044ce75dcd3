package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server, and people who use the command with it; each has a home of their own. */
public final class Town implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private TestServer server;

    /** Starts the server; everything is kept in {@code directory}. */
    public Town(Path directory) {
        this.directory = directory;
        this.server = TestServer.start(directory.resolve("server"));
    }

    public TestServer server() {
        return server;
    }

    public Path home(String name) {
        return directory.resolve("home-" + name);
    }

    /** An account without a passphrase. */
    public Town settle(String... names) {
        for (String name : names) {
            Coppice.Run run = Coppice.run(
                    "account",
                    "new",
                    "--name",
                    name,
                    "--no-passphrase",
                    "--server",
                    server.url(),
                    "--home",
                    home(name).toString());
            assertThat(run.code()).as(run.err()).isZero();
        }
        return this;
    }

    /** A further device of somebody who has an account. */
    public void addDevice(String name, String device) {
        did(name, "account", "new", "--name", name, "--device", device, "--no-passphrase", "--server", server.url());
    }

    /** Runs a command as somebody. */
    public Coppice.Run as(String name, String... args) {
        return with(name, "", args);
    }

    /** Runs a command as somebody with lines on standard input. */
    public Coppice.Run with(String name, String input, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--home");
        all.add(home(name).toString());
        return Coppice.runWith(input.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    /** Runs a command that has to succeed. */
    public String did(String name, String... args) {
        Coppice.Run run = as(name, args);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        return run.out();
    }

    /** Runs a command that prints JSON. */
    public JsonNode json(String name, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--json");
        return parse(did(name, all.toArray(String[]::new)));
    }

    public static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    /** The objects of an output that has one in each line. */
    public static List<JsonNode> objects(String out) {
        return out.lines().map(Town::parse).toList();
    }

    public void stopServer() {
        server.close();
    }

    public void startServer() {
        server = TestServer.start(directory.resolve("server"), server.port());
    }

    @Override
    public void close() {
        server.close();
    }
}
