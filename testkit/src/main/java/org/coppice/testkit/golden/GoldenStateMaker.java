package org.coppice.testkit.golden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.testkit.SeededRandomness;

/**
 * Lives through a short story and records the state at its end. {@code group} is one of five members in whose store there is
 * everything that can be stored: past epochs with keys that were skipped, proposals that wait, among them ada's own Update, and a
 * Commit of ada's that waits for the server's order. {@code ended} was reinitialized. Of both there are the records of ada, of bea
 * and of an observer.
 *
 * <p>Recorded beside them is what comes next: late messages and new ones, bea's Commit that covers what waits, and, in a world where
 * ada's Commit came first, what cem then says. The same seed gives the same file with the JDK's cryptography.
 */
public final class GoldenStateMaker {
    private static final Instant TIME = Instant.parse("2026-12-01T00:00:00Z");

    private final CipherSuite suite;
    private final CryptoProvider provider;
    private final SeededRandomness random;
    private final GoldenState out;
    private final Map<String, InMemoryStateStore> stores = new LinkedHashMap<>();
    private final Map<String, MlsClient> clients = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private PublicGroup observer;

    private GoldenStateMaker(CipherSuite suite, CryptoProvider provider, String seed) {
        this.suite = suite;
        this.provider = provider;
        this.random = new SeededRandomness("golden state " + seed + " " + suite.value());
        this.out = GoldenState.of(suite, TIME);
    }

    /** Makes one file. */
    public static GoldenState make(CipherSuite suite, CryptoProvider provider, String seed) throws MlsException {
        GoldenStateMaker maker = new GoldenStateMaker(suite, provider, seed);
        for (String name : List.of("ada", "bea", "cem", "dot", "eve", "fay")) {
            maker.newClient(name);
        }
        maker.group();
        maker.ended();
        return maker.out;
    }

    /**
     * Writes a file for each of the suites 1, 2 and 3.
     *
     * @param args the folder and the seed
     */
    public static void main(String[] args) throws IOException, MlsException {
        if (args.length != 2) {
            throw new IllegalArgumentException("wanted: FOLDER SEED");
        }
        Files.createDirectories(Path.of(args[0]));
        for (int number = 1; number <= 3; number++) {
            String text = make(new CipherSuite(number), CryptoProviders.jdk(), args[1])
                    .text();
            Files.writeString(Path.of(args[0], "suite-" + number + ".json"), text);
        }
    }

    // ---- the group that lives

    private void group() throws MlsException {
        Bytes id = Bytes.wrap("a group".getBytes(StandardCharsets.UTF_8));
        begin(id, "ada", "cem", "dot", "eve");
        for (String name : List.of("cem", "ada", "eve")) {
            merge(groups.get(name).commit().build(), name);
        }
        MlsMessage lost = say("bea", "lost");
        MlsMessage past = say("bea", "past");
        groups.get("ada").receive(say("bea", "read"));
        groups.get("ada").receive(lost);
        merge(groups.get("cem").commit().build(), "cem");

        record("skipped", "bea", "skipped");
        groups.get("ada").receive(say("bea", "read"));
        record("next", "bea", "next");
        record("first", "cem", "first");
        say("ada", "spoken");
        out.put("messages/past/message", wire(past)).put("messages/past/data", utf8("past"));

        deliver("ada", groups.get("ada").proposeUpdate());
        deliver("dot", groups.get("dot").proposeRemove(groups.get("eve").ownLeaf()));
        KeyPackageBundle fay = clients.get("fay").generateKeyPackage();
        StagedCommit pending = groups.get("ada").commit().add(fay.keyPackage()).build();
        MlsMessage adasCommit = pending.message();

        out.put("group/id", id);
        for (String name : List.of("ada", "bea")) {
            out.putRecords("group/" + name, stores.get(name).snapshot(id));
        }
        out.putRecords("group/observer", stores.get("observer").snapshot(id));
        describe("present", groups.get("ada"));

        // One world: bea's Commit comes first.
        StagedCommit beas = groups.get("bea").commit().build();
        out.put("commit/message", wire(beas.message()));
        groups.get("bea").merge(beas);
        describe("commit", groups.get("bea"));
        out.put("commit/then/message", wire(say("bea", "then"))).put("commit/then/data", utf8("then"));

        // Another: ada's.
        out.put("pending/message", wire(adasCommit));
        Group cem = groups.get("cem");
        cem.merge(cem.stage(adasCommit));
        describe("pending", cem);
        out.put("pending/then/message", wire(say("cem", "then"))).put("pending/then/data", utf8("then"));
    }

    private void record(String field, String from, String text) throws MlsException {
        out.put("messages/" + field + "/message", wire(say(from, text)));
        out.put("messages/" + field + "/data", utf8(text));
    }

    private void describe(String field, Group group) {
        out.put(field + "/group_context", group.state().encodedContext());
        out.put(field + "/epoch_authenticator", group.epochAuthenticator());
    }

    // ---- the group that ended

    private void ended() throws MlsException {
        Bytes id = Bytes.wrap("a group that ended".getBytes(StandardCharsets.UTF_8));
        begin(id, "ada");
        Proposal.ReInit reInit = new Proposal.ReInit(
                Bytes.wrap("a group that follows".getBytes(StandardCharsets.UTF_8)),
                ProtocolVersion.MLS10,
                suite,
                Extensions.EMPTY);
        merge(groups.get("ada").commit().reInit(reInit).build(), "ada");
        out.put("ended/id", id);
        for (String name : List.of("ada", "bea", "observer")) {
            out.putRecords("ended/" + name, stores.get(name).snapshot(id));
        }
        out.put("ended/reinit_group_id", reInit.groupId());
    }

    // ---- the cast

    private void newClient(String name) throws MlsException {
        InMemoryStateStore store = new InMemoryStateStore();
        Environment environment = GoldenState.environment(provider, random.fork(name), TIME)
                .store(store)
                .build();
        SignatureKeyPair keys = environment.crypto(suite).generateSignatureKeyPair();
        out.putClient(name, keys);
        stores.put(name, store);
        clients.put(name, GoldenState.client(name, environment, suite, keys));
    }

    /** Bea creates a group and adds the others; an observer follows. */
    private void begin(Bytes id, String... others) throws MlsException {
        groups.clear();
        Group bea = clients.get("bea").createGroup(id, Extensions.EMPTY);
        Map<String, KeyPackageBundle> bundles = new LinkedHashMap<>();
        for (String name : others) {
            bundles.put(name, clients.get(name).generateKeyPackage());
        }
        StagedCommit add = bea.commit()
                .addAll(bundles.values().stream()
                        .map(KeyPackageBundle::keyPackage)
                        .toList())
                .build();
        MlsMessage welcome = add.welcome().orElseThrow();
        bea.merge(add);
        groups.put("bea", bea);
        for (String name : others) {
            groups.put(name, clients.get(name).join(welcome, bundles.get(name)));
        }
        observer = PublicGroup.follow(clients.get("fay").environment(), bea.groupInfo(true), Optional.empty());
        stores.computeIfAbsent("observer", name -> new InMemoryStateStore()).apply(observer.initialChange());
    }

    private void observe(MlsMessage message) throws MlsException {
        Observed.Staged staged = (Observed.Staged) observer.stage(message);
        stores.get("observer").apply(observer.change(staged));
        observer.merge(staged);
    }

    private MlsMessage say(String from, String text) throws MlsException {
        return groups.get(from).encrypt(text.getBytes(StandardCharsets.UTF_8));
    }

    private void deliver(String from, MlsMessage message) throws MlsException {
        for (Map.Entry<String, Group> entry : groups.entrySet()) {
            if (!entry.getKey().equals(from)) {
                entry.getValue().receive(message);
            }
        }
        observe(message);
    }

    private void merge(StagedCommit commit, String from) throws MlsException {
        MlsMessage message = commit.message();
        for (Map.Entry<String, Group> entry : groups.entrySet()) {
            if (!entry.getKey().equals(from)) {
                entry.getValue().merge(entry.getValue().stage(message));
            }
        }
        groups.get(from).merge(commit);
        observe(message);
    }

    private static Bytes wire(MlsMessage message) {
        return Bytes.wrap(message.encoded());
    }

    private static Bytes utf8(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
