package org.coppice.client.simulator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;

/** One device: its disk, the process that runs on it now, and what may be said of its past. */
final class Actor {
    private final Life life;
    private final ClientId id;
    private Disk disk;
    private Process process;
    private Optional<CoppiceClient> client = Optional.empty();
    private Identity identity;
    private Optional<Disk> backup = Optional.empty();
    /** Whether a request of its user is under way. */
    private boolean busy;
    /** When it last lost what it knew; -1 for never. */
    private long lostAt = -1;

    private final List<String> stuck = new ArrayList<>();

    Actor(Life life, ClientId id, Disk disk, Identity identity) {
        this.life = life;
        this.id = id;
        this.disk = disk;
        this.identity = identity;
    }

    ClientId id() {
        return id;
    }

    String name() {
        return id.user().toString();
    }

    boolean isBusy() {
        return busy;
    }

    void busy(boolean value) {
        busy = value;
    }

    /** Whether its store was ever lost, or an old copy took its place: then it may have had to rejoin. */
    boolean hasForgotten() {
        return lostAt >= 0;
    }

    /** Whether what it knew at {@code tick} may be gone. */
    boolean hasForgottenSince(long tick) {
        return lostAt >= tick;
    }

    /** When and why it could not follow a conversation. */
    List<String> stuck() {
        return stuck;
    }

    Optional<CoppiceClient> client() {
        return client;
    }

    /** The client, begun or opened again if no process runs. */
    CoppiceClient running() {
        if (client.isEmpty() || process.left().isPresent()) {
            stop();
            start(disk);
        }
        return client.orElseThrow();
    }

    private void start(Disk from) {
        process = new Process(from);
        disk = from;
        Process mine = process;
        life.trouble(this, mine);
        ClientEnvironment environment = life.environment();
        org.coppice.client.store.ClientStore store = mine.store();
        boolean exists;
        try {
            exists = CoppiceClient.exists(store);
            CoppiceClient opened = exists
                    ? CoppiceClient.open(store, environment, who -> connect(mine, who))
                    : CoppiceClient.create(store, identity, environment, who -> connect(mine, who));
            opened.listen(this::happened);
            client = Optional.of(opened);
        } catch (Crash | RuntimeException e) {
            disk = mine.end();
            store.close();
            throw e;
        }
    }

    private org.coppice.delivery.api.DeliverySession connect(Process mine, Identity who)
            throws DeliveryException, IOException {
        mine.network("before a login");
        life.service().login(who);
        return life.network().session(this, mine);
    }

    private void happened(ClientEvent event) {
        if (event instanceof ClientEvent.StatusChanged changed && changed.status() == ConversationStatus.STUCK) {
            stuck.add("tick " + life.now() + ": " + changed.reason());
            life.note(this, "is stuck: " + changed.reason());
        }
    }

    /** Ends the process, if one runs. */
    void stop() {
        if (client.isPresent()) {
            disk = process.end();
            identity = client.get().identity();
            CoppiceClient gone = client.get();
            client = Optional.empty();
            gone.close();
        }
    }

    /** The device begins anew with nothing but its key. */
    void loseState(Disk empty) {
        stop();
        disk = empty;
        backup = Optional.empty();
        lostAt = life.tick();
        life.network().forget(this);
    }

    /** Puts a copy of the store aside. */
    void backUp() {
        if (client.isPresent() && process.left().isEmpty()) {
            backup = Optional.of(process.backup());
        }
    }

    /** No copy can be used any more, as the service knows another key now. */
    void dropBackup() {
        backup = Optional.empty();
    }

    boolean hasBackup() {
        return backup.isPresent();
    }

    /** Puts the copy in the place of what is there. */
    void rollBack() {
        stop();
        disk = backup.orElseThrow();
        backup = Optional.empty();
        lostAt = life.tick();
        life.network().forget(this);
    }

    /** The conversation of a group, if this client knows it. */
    Optional<Conversation> conversation(Bytes groupId) {
        return client.flatMap(present -> present.conversation(groupId));
    }

    @Override
    public String toString() {
        return name();
    }
}
