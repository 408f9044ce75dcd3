package org.coppice.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.cli.Coppice;
import org.coppice.cli.CoppiceProcess;
import org.coppice.cli.Town;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, processes of their own, over one PostgreSQL database, as docs/OPERATIONS.md tells to run them. */
class TwoNodesTest {
    @TempDir
    private Path directory;

    private CoppiceProcess node(EmbeddedPostgres database, Path password, Door... doors) throws Exception {
        List<String> urls = new ArrayList<>();
        for (Door door : doors) {
            urls.add(door.url());
        }
        return CoppiceProcess.start(
                directory,
                Map.of("COPPICE_HOME", directory.resolve("operator").toString()),
                "serve",
                "--postgres",
                "postgresql://postgres@127.0.0.1:" + database.getPort() + "/postgres",
                "--postgres-password-file",
                password.toString(),
                "--postgres-connections",
                "3",
                "--port",
                "0",
                "--no-ops",
                "--public-url",
                String.join(",", urls),
                "--json");
    }

    private static int port(CoppiceProcess node) {
        String banner = node.line();
        assertThat(banner).as(node.err()).isNotNull();
        return Town.parse(banner).get("port").intValue();
    }

    private Coppice.Run as(String name, String input, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--home", directory.resolve("home-" + name).toString()));
        return Coppice.runWith(input.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    private String did(String name, String input, String... args) {
        Coppice.Run run = as(name, input, args);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        return run.out();
    }

    private void account(String name, Door door) {
        did(name, "", "account", "new", "--name", name, "--no-passphrase", "--server", door.url());
    }

    @Test
    void peopleOfTwoNodesTalkAndOneNodeMayBeKilled() throws Exception {
        Path password = Files.writeString(directory.resolve("postgres.pw"), "postgres\n");
        try (EmbeddedPostgres database = EmbeddedPostgres.builder()
                        .setDataDirectory(directory.resolve("postgres"))
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .start();
                Door alices = new Door(2);
                Door bobs = new Door(2);
                CoppiceProcess first = node(database, password, alices, bobs);
                CoppiceProcess second = node(database, password, alices, bobs)) {
            int one = port(first);
            int two = port(second);
            alices.leadTo(one, two);
            bobs.leadTo(two, one);
            account("alice", alices);
            account("bob", bobs);
            did("alice", "", "group", "create", "garden", "bob");
            did("alice", "through the first node\n", "chat", "garden");
            did("bob", "through the second\n", "chat", "garden");
            assertThat(alices.used(1)).isZero();
            assertThat(bobs.used(1)).isZero();

            first.kill();
            assertThat(did("alice", "", "group", "history", "garden", "--last", "2"))
                    .contains("through the first node")
                    .contains("through the second");
            did("alice", "and on\n", "chat", "garden");
            did("bob", "/rename orchard\n", "chat", "garden");
            assertThat(alices.used(1)).isPositive();
            assertThat(did("alice", "", "group", "history", "orchard", "--last", "2"))
                    .contains("and on")
                    .contains("now called orchard");
        }
    }
}
