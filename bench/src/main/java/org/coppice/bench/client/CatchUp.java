package org.coppice.bench.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.UserName;

/** A client opens after a day's absence: in each of its groups something was said, and keys were refreshed. */
final class CatchUp {
    private static final int BATCH = 50;

    private final Path directory;
    private final int groups;
    private final int messages;

    CatchUp(Path directory, int groups, int messages) {
        this.directory = directory;
        this.groups = groups;
        this.messages = messages;
    }

    /** The rows of a table. */
    List<String> run() throws Exception {
        ClientEnvironment environment = ClientEnvironment.standard();
        Metered meter = new Metered();
        Path file = directory.resolve("alice.sqlite");
        try (LocalService service = new LocalService(directory.resolve("service"));
                CoppiceClient bob = CoppiceClient.create(
                        ClientStores.inMemory(), People.identity(environment, "bob"), environment, service)) {
            bob.sync();
            try (CoppiceClient alice = CoppiceClient.create(
                    meter.store(file), People.identity(environment, "alice"), environment, meter.connector(service))) {
                alice.sync();
                for (int i = 0; i < groups; i++) {
                    bob.createConversation("group " + i).invite(new UserName("alice"));
                    if (i % BATCH == BATCH - 1) {
                        alice.sync();
                    }
                }
                alice.sync();
                check(alice.conversations().size() == groups, "not in all groups");
            }
            for (Conversation conversation : bob.conversations()) {
                for (int i = 0; i < messages; i++) {
                    People.say(conversation, "number " + i);
                    if (i == messages / 2) {
                        conversation.refresh();
                    }
                }
            }
            List<String> out = new ArrayList<>();
            CoppiceClient[] opened = new CoppiceClient[1];
            out.add(Metered.Sample.row(
                    "open the store",
                    List.of(meter.measure(() -> opened[0] =
                            CoppiceClient.open(meter.store(file), environment, meter.connector(service))))));
            try (CoppiceClient alice = opened[0]) {
                out.add(Metered.Sample.row(
                        "catch up " + groups + " groups, " + messages + " messages and a Commit each",
                        List.of(meter.measure(alice::sync))));
                out.add(Metered.Sample.row("sync again, nothing new", List.of(meter.measure(alice::sync))));
                for (Conversation conversation : alice.conversations()) {
                    check(People.heard(conversation) == messages, "not all was read");
                }
            }
            return out;
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
