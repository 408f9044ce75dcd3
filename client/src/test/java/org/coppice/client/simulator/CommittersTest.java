package org.coppice.client.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients commit in one conversation at once, each on a thread of its own, over the delivery service itself. All get their turns, and
 * all agree in the end. The build has each of {@value #COMMITTERS} commit {@value #ROUNDS} times;
 * {@code -Dcommitters=50 -Dcommit.seconds=60} has 50 commit as often as they can for a minute and tells how the turns were shared out.
 */
@Tag("long")
class CommittersTest {
    private static final int COMMITTERS = 12;
    private static final int ROUNDS = 4;
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private final int committers = Integer.getInteger("committers", COMMITTERS);
    private final int seconds = Integer.getInteger("commit.seconds", 0);
    private final ClientEnvironment environment = ClientEnvironment.builder()
            .parameters(Parameters.DEFAULT.toBuilder().keyPackages(2, 1).build())
            .build();
    private final List<CoppiceClient> clients = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void allWhoCommitAtOnceGetTheirTurnsAndAgree() throws Exception {
        try (SqliteService service = new SqliteService(directory, Clock.systemUTC(), Randomness.system())) {
            List<UserName> others = new ArrayList<>();
            for (int i = 0; i < committers; i++) {
                CoppiceClient client = client(service, "user" + i);
                clients.add(client);
                if (i > 0) {
                    others.add(client.id().user());
                }
            }
            Conversation first = clients.get(0).createConversation("race");
            assertThat(first.invite(others, List.of()).isDone()).isTrue();
            long before = first.view().epoch();
            List<Conversation> all = new ArrayList<>();
            for (CoppiceClient client : clients) {
                client.sync();
                all.add(client.conversations().get(0));
            }
            List<Integer> turns = race(all);
            long total = turns.stream().mapToInt(Integer::intValue).sum();
            for (Conversation conversation : all) {
                conversation.sync();
                assertThat(conversation.view().epoch()).isEqualTo(before + total);
                assertThat(conversation.epochAuthenticator()).isPresent().isEqualTo(first.epochAuthenticator());
            }
            tell(turns);
            // Nobody starves: an equal share would be the median.
            assertThat(4 * turns.get(0)).isGreaterThanOrEqualTo(turns.get(turns.size() / 2));
        } finally {
            clients.forEach(CoppiceClient::close);
        }
    }

    private CoppiceClient client(SqliteService service, String name) throws Exception {
        Identity identity = Identity.generate(environment, SUITE, ClientId.parse(name + "/phone"));
        CoppiceClient client = CoppiceClient.create(ClientStores.inMemory(), identity, environment, who -> {
            service.login(who);
            return service.session(who.client());
        });
        client.sync();
        return client;
    }

    /** How often each got its turn, the least first. */
    private List<Integer> race(List<Conversation> all) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(all.size());
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            List<Future<Integer>> running = new ArrayList<>();
            for (Conversation conversation : all) {
                running.add(executor.submit(() -> {
                    int done = 0;
                    while (seconds == 0 ? done < ROUNDS : System.nanoTime() < end) {
                        assertThat(conversation.refresh().isDone()).isTrue();
                        done++;
                    }
                    return done;
                }));
            }
            List<Integer> out = new ArrayList<>();
            for (Future<Integer> one : running) {
                out.add(one.get());
            }
            Collections.sort(out);
            return out;
        } finally {
            executor.shutdownNow();
        }
    }

    private void tell(List<Integer> turns) {
        System.out.printf(
                "%d committers, %d s: %d commits; of one client %d at least, %d in the median, %d at most%n",
                committers,
                seconds,
                turns.stream().mapToInt(Integer::intValue).sum(),
                turns.get(0),
                turns.get(turns.size() / 2),
                turns.get(turns.size() - 1));
    }
}
