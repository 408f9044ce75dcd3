package org.coppice.client.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.scenario.FakeService;
import org.coppice.client.scenario.SeededRandomness;
import org.coppice.client.scenario.SimulatedTime;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;

/** One life of some clients with one service, all of it drawn from a seed. */
final class Life implements AutoCloseable {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final CryptoProvider PROVIDER = CryptoProviders.best();
    private static final List<String> NAMES = List.of("alice", "bob", "carol", "dave", "erin");
    private static final int MAX_NESTING = 3;

    private final Climate climate;
    private final Random random;
    private final Path directory;
    private final SimulatedTime time = new SimulatedTime();
    private final KeyLedger keys = new KeyLedger(PROVIDER);
    private final GroupLedger groups = new GroupLedger(time);
    private final ClientEnvironment environment;
    private final Service service;
    private final Network network;
    private final List<Actor> actors = new ArrayList<>();
    private final Users users;
    private final List<String> trace = new ArrayList<>();
    private long ticks;
    private int nesting;
    private boolean calm;

    /** @param directory for files; all that is made in it is deleted when the life is closed */
    Life(Climate climate, Path directory) throws Exception {
        this.climate = climate;
        this.random = new Random(climate.seed());
        this.directory = Files.createTempDirectory(directory, "life");
        this.environment = ClientEnvironment.builder()
                .provider(keys)
                .randomness(new SeededRandomness(climate.seed()))
                .clock(time)
                .sleeper(time)
                .parameters(Parameters.DEFAULT.toBuilder().keyPackages(3, 1).build())
                .build();
        this.service = climate.realService()
                ? new SqliteService(this.directory.resolve("service"), time, new SeededRandomness(~climate.seed()))
                : Service.inMemory(new FakeService(time));
        this.network = new Network(this, climate);
        this.users = new Users(this, climate);
        for (String name : NAMES.subList(0, climate.actors())) {
            ClientId id = ClientId.parse(name + "/phone");
            actors.add(new Actor(this, id, newDisk(actors.size()), Identity.generate(environment, SUITE, id)));
        }
    }

    Disk newDisk(int number) throws IOException {
        return climate.sqliteStore() && number == 0
                ? Disk.sqlite(Files.createTempDirectory(directory, "store"))
                : Disk.inMemory();
    }

    // ---- what the parts of a life share

    Random random() {
        return random;
    }

    boolean happens(int rate) {
        return !calm && rate > 0 && random.nextInt(1000) < rate;
    }

    KeyLedger keys() {
        return keys;
    }

    GroupLedger groups() {
        return groups;
    }

    Service service() {
        return service;
    }

    Network network() {
        return network;
    }

    ClientEnvironment environment() {
        return environment;
    }

    List<Actor> actors() {
        return actors;
    }

    Users users() {
        return users;
    }

    /** The next point of this life. */
    long tick() {
        return ++ticks;
    }

    long now() {
        return ticks;
    }

    void note(Actor actor, String what) {
        trace.add(actor + ": " + what);
    }

    /** What happened, in order. */
    List<String> trace() {
        return trace;
    }

    /** A process of a client begins: it may be one that ends before its time. */
    void trouble(Actor actor, Process process) {
        if (happens(climate.crashes())) {
            process.trouble(1 + random.nextInt(50), true);
        } else if (happens(climate.failures())) {
            process.trouble(1 + random.nextInt(50), false);
        }
    }

    // ---- the life

    /** Lives it to its end, and throws {@link Violation} if anything is not as it must be. */
    void live() throws Exception {
        for (int step = 0; step < climate.steps(); step++) {
            act(actors.get(random.nextInt(actors.size())));
            time.pass(pause());
        }
        settle();
        new Judge(this).judge();
    }

    private Duration pause() {
        return switch (random.nextInt(20)) {
            case 0 -> Duration.ofHours(random.nextInt(30));
            case 1 -> Duration.ofDays(random.nextInt(9));
            default -> Duration.ofMillis(random.nextInt(4000));
        };
    }

    /** Somebody else acts while a request of {@code actor} is under way. */
    void another(Actor actor) {
        List<Actor> free = actors.stream().filter(one -> !one.isBusy()).toList();
        if (nesting < MAX_NESTING && !free.isEmpty()) {
            note(actor, "meanwhile");
            act(free.get(random.nextInt(free.size())));
        }
    }

    private void act(Actor actor) {
        nesting++;
        actor.busy(true);
        try {
            users.act(actor);
        } catch (Crash e) {
            note(actor, "dies " + e.getMessage());
        } catch (IOException e) {
            note(actor, "is offline");
        } catch (DeliveryException e) {
            note(actor, "is put off: " + e.kind());
            users.checkPutOff(e);
        } catch (StoreException e) {
            note(actor, "cannot write");
            if (e.reason() != StoreException.Reason.FAILED) {
                throw new Violation("a store is not usable: " + e.reason(), e);
            }
        } finally {
            actor.busy(false);
            nesting--;
        }
    }

    /** Everything is well again: all begin once more, and have time until nothing changes. */
    private void settle() throws Exception {
        network.calmDown();
        calm = true;
        note(actors.get(0), "---- all is well again");
        actors.forEach(Actor::stop);
        String before = "";
        for (int round = 0; round < 40; round++) {
            for (Actor actor : actors) {
                CoppiceClient client = actor.running();
                client.sync();
                for (Bytes groupId : client.recoverable()) {
                    note(actor, "comes back to " + groupId);
                    client.rejoin(groupId);
                }
            }
            String now = state();
            if (now.equals(before)) {
                return;
            }
            before = now;
            time.pass(round % 10 == 9 ? Duration.ofDays(1) : Duration.ofSeconds(40));
        }
        throw new Violation("things go on changing: " + before);
    }

    private String state() {
        StringBuilder out = new StringBuilder();
        for (Actor actor : actors) {
            actor.client().orElseThrow().conversations().forEach(conversation -> {
                var view = conversation.view();
                out.append(actor)
                        .append(view.status())
                        .append(view.cursor())
                        .append(' ')
                        .append(view.waiting());
            });
        }
        return out.toString();
    }

    @Override
    public void close() throws IOException {
        for (Actor actor : actors) {
            actor.client().ifPresent(CoppiceClient::close);
        }
        service.close();
        try (var files = Files.walk(directory)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
