package org.coppice.testkit.heap;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;
import org.coppice.testkit.Scene;

/**
 * The program of the child: the life of a group in which a message is read late, a Commit is dropped, a key package is used, somebody
 * joins from outside, epochs are left, a resumption_psk is used again, members load the group from their stores, one is removed, the group
 * and at last the keys are closed; with a dump after each. Arguments: provider set, suite, of how many past epochs members keep secrets,
 * directory for the log and the dumps.
 *
 * <p>Randomness is the system's, because providers have other ways then than with a chosen one, and these are what an application
 * uses. The course of things is the same each time.
 */
final class HeapScene {
    static final int RESUMPTION_PSKS = 2;

    private static final Bytes PSK_ID = Bytes.wrap("psk".getBytes(StandardCharsets.UTF_8));
    private static final int PSK_LENGTH = 32;
    private static final Randomness RANDOM = Randomness.system();

    private final CipherSuite suite;
    private final int pastEpochs;
    private final Path directory;
    private final SecretLog log;
    private final RecordingProvider provider;
    /** The application's pre-shared key, which is not the library's to delete: outside of the heap. */
    private final ByteBuffer psk = ByteBuffer.allocateDirect(PSK_LENGTH);

    private final List<Actor> members = new ArrayList<>();
    /** What may be in the dumps for now, as {@link Moment#kept()} has it. */
    private final Set<String> kept = new LinkedHashSet<>();

    /** What the steps hand to each other. */
    private MlsMessage late;

    private StagedCommit dropped;
    private KeyPackageBundle unused;

    private HeapScene(ProviderSet providers, CipherSuite suite, int pastEpochs, Path directory) throws IOException {
        this.suite = suite;
        this.pastEpochs = pastEpochs;
        this.directory = directory;
        this.log = new SecretLog(logIn(directory));
        this.provider = new RecordingProvider(providers.provider(), log);
        byte[] key = RANDOM.bytes(PSK_LENGTH);
        log.named(SecretKind.PSK.name(), key);
        psk.put(0, key);
        Arrays.fill(key, (byte) 0);
    }

    static Path logIn(Path directory) {
        return directory.resolve("log");
    }

    public static void main(String[] args) throws Exception {
        CipherSuite suite = CipherSuite.STANDARD.get(Integer.parseInt(args[1]) - 1);
        HeapScene scene =
                new HeapScene(ProviderSet.valueOf(args[0]), suite, Integer.parseInt(args[2]), Path.of(args[3]));
        scene.live();
        scene.log.close();
    }

    private void live() throws MlsException, IOException {
        begin();
        Actor alice = members.get(0);
        Actor bob = members.get(1);
        Actor carol = members.get(2);
        Actor dave = prepare(alice, bob, carol);
        dump("before", 2, false);

        bob.group.receive(late);
        late = null;
        kept.remove("late");
        dump("message read", 2, false);

        alice.group.clearPendingCommits();
        dropped.close();
        dropped = null;
        kept.remove(Phase.DROPPED);
        dump("commit dropped", 2, false);

        join(carol, dave);
        kept.remove(Phase.KEY_PACKAGE);
        dump("key package used", 3, false);

        joinFromOutside(alice, new Actor("erin"));
        dump("joined from outside", 4, false);

        refreshAll(bob);
        kept.remove(bob.signatureKey());
        dump("epoch left", 9, true);

        resume(carol);
        for (Actor actor : members) {
            actor.reload();
        }
        talk(10);
        refreshAll(null);
        dump("group loaded", 15, true);

        remove(alice, carol);
        for (Actor actor : members) {
            actor.group.close();
            actor.client
                    .environment()
                    .store()
                    .apply(StateChange.builder(actor.group.groupId())
                            .deleteGroup()
                            .build());
        }
        dump("group closed", Moment.CLOSED, true);

        carol.keys.close();
        for (Actor actor : members) {
            actor.keys.close();
        }
        kept.clear();
        dump("keys closed", Moment.CLOSED, true);
        if (members.isEmpty()) {
            throw new AssertionError("clients and their signers live until here");
        }
    }

    // ---- steps

    private void begin() throws MlsException {
        phase("create", 0, 0);
        Actor alice = new Actor("alice");
        alice.group = alice.client.createGroup();
        members.add(alice);
        join(alice, new Actor("bob"), new Actor("carol"));
        talk(1);
    }

    /** Up to the moment when there is one of everything that can be deleted. Returns a client that waits to be added. */
    private Actor prepare(Actor alice, Actor bob, Actor carol) throws MlsException {
        phase("update", 1, 1);
        MlsMessage update = carol.group.proposeUpdate();
        alice.group.receive(Scene.wire(update));
        bob.group.receive(Scene.wire(update));
        phase("commit", 1, 2);
        follow(bob, bob.group.commit().externalPsk(PSK_ID).build());
        talk(2);
        export(alice);

        phase("late", 2, 2);
        late = encrypt(alice);
        phase("talk", 2, 2);
        carol.read(late);
        MlsMessage next = encrypt(alice);
        carol.read(next);
        bob.read(next);

        phase(Phase.DROPPED, 2, 3);
        MlsMessage commit = alice.group.commit().build().message();
        dropped = bob.group.stage(Scene.wire(commit));

        Actor dave = new Actor("dave");
        unused = keyPackage(dave, 2);
        kept.addAll(List.of("late", Phase.DROPPED, Phase.KEY_PACKAGE));
        return dave;
    }

    private void export(Actor actor) {
        try (Secret exported = actor.group.export("label", Bytes.EMPTY, 32);
                Secret resumption = actor.group.resumptionPsk()) {
            if (exported.length() != 32 || resumption.isClosed()) {
                throw new AssertionError();
            }
        }
    }

    private KeyPackageBundle keyPackage(Actor actor, long epoch) throws MlsException {
        phase(Phase.KEY_PACKAGE, epoch, epoch);
        KeyPackageBundle bundle = actor.client.generateKeyPackage();
        named(SecretKind.INIT_KEY.name(), bundle.initKeyPair().privateKey());
        named(SecretKind.TREE_KEY.name(), bundle.leafKeyPair().privateKey());
        return bundle;
    }

    private void join(Actor by, Actor... newcomers) throws MlsException {
        long epoch = by.group.epoch();
        List<KeyPackageBundle> bundles = new ArrayList<>();
        for (Actor newcomer : newcomers) {
            bundles.add(unused == null ? keyPackage(newcomer, epoch) : unused);
        }
        phase("join", epoch, epoch + 1);
        CommitBuilder builder = by.group.commit();
        bundles.forEach(bundle -> builder.add(bundle.keyPackage()));
        StagedCommit staged = builder.build();
        MlsMessage welcome = Scene.wire(staged.welcome().orElseThrow());
        follow(by, staged);
        for (int i = 0; i < newcomers.length; i++) {
            newcomers[i].group = newcomers[i].client.join(welcome, bundles.get(i));
            members.add(newcomers[i]);
        }
        unused = null;
    }

    private void joinFromOutside(Actor by, Actor newcomer) throws MlsException {
        long epoch = by.group.epoch();
        phase("group info", epoch, epoch);
        MlsMessage groupInfo = Scene.wire(by.group.groupInfo(true));
        phase("external join", epoch, epoch + 1);
        ExternalJoin join = newcomer.client.joinExternally(groupInfo);
        MlsMessage commit = Scene.wire(join.commit());
        for (Actor actor : members) {
            actor.group.merge(actor.group.stage(commit));
        }
        newcomer.group = join.group();
        members.add(newcomer);
        talk(epoch + 1);
    }

    /** A Commit with the resumption_psk of the oldest epoch of which it is kept. */
    private void resume(Actor by) throws MlsException {
        long epoch = by.group.epoch();
        phase("commit", epoch, epoch + 1);
        follow(
                by,
                by.group
                        .commit()
                        .resumptionPsk(by.group.groupId(), epoch + 1 - RESUMPTION_PSKS)
                        .build());
    }

    /** Everybody commits with a path, and one, if there is one, with a new signature key. */
    private void refreshAll(Actor withNewSignatureKey) throws MlsException {
        for (Actor by : List.copyOf(members)) {
            long epoch = by.group.epoch();
            phase("commit", epoch, epoch + 1);
            CommitBuilder builder = by.group.commit();
            if (by == withNewSignatureKey) {
                SignatureKeyPair old = by.keys;
                by.keys = by.newKeys("new signature key of " + by.name);
                builder.leaf(LeafUpdate.KEY_ONLY.withSigner(by.client.crypto().signer(by.keys)));
                follow(by, builder.build());
                old.close();
            } else {
                follow(by, builder.build());
            }
            talk(epoch + 1);
        }
    }

    private void remove(Actor by, Actor removed) throws MlsException {
        phase("commit", by.group.epoch(), by.group.epoch() + 1);
        follow(by, by.group.commit().remove(removed.group.ownLeaf()).build());
        members.remove(removed);
    }

    private void follow(Actor by, StagedCommit staged) throws MlsException {
        MlsMessage message = Scene.wire(staged.message());
        for (Actor actor : members) {
            if (actor != by) {
                actor.group.merge(actor.group.stage(message));
            }
        }
        by.group.merge(staged);
    }

    private void talk(long epoch) throws MlsException {
        phase("talk", epoch, epoch);
        for (Actor by : members) {
            MlsMessage message = encrypt(by);
            for (Actor actor : members) {
                if (actor != by) {
                    actor.read(message);
                }
            }
        }
    }

    private MlsMessage encrypt(Actor by) throws MlsException {
        byte[] data = RANDOM.bytes(48);
        log.named(SecretKind.PLAINTEXT.name(), data);
        return Scene.wire(by.group.encrypt(data));
    }

    // ---- the log

    private void phase(String label, long from, long to) {
        log.text(SecretLog.Kind.PHASE, new Phase(label, from, to).toString());
    }

    private void named(String name, Secret secret) {
        byte[] copy = secret.exposeCopy();
        log.named(name, copy);
        Arrays.fill(copy, (byte) 0);
    }

    private void dump(String name, long epoch, boolean refreshed) throws IOException {
        Moment moment = new Moment(name, epoch, pastEpochs, kept, refreshed);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(moment.dump(directory).toString(), true);
        log.text(SecretLog.Kind.DUMP, moment.toString());
    }

    /** One client, its signature keys and its group. */
    private final class Actor {
        private final String name;
        private final MlsClient client;
        private SignatureKeyPair keys;
        private Group group;

        Actor(String name) throws MlsException {
            this.name = name;
            Environment environment = Environment.builder()
                    .validator(CredentialValidator.acceptAll())
                    .provider(provider)
                    .store(new InMemoryStateStore())
                    .policy(GroupPolicy.builder()
                            .pastEpochs(pastEpochs)
                            .resumptionPsks(RESUMPTION_PSKS)
                            .build())
                    .psks(id -> Optional.of(readPsk()))
                    .build();
            Credential credential = Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8)));
            keys = environment.crypto(suite).generateSignatureKeyPair();
            keep(signatureKey(), keys);
            client = MlsClient.of(
                    environment, suite, credential, environment.crypto(suite).signer(keys));
        }

        String signatureKey() {
            return "signature key of " + name;
        }

        SignatureKeyPair newKeys(String called) {
            SignatureKeyPair out = client.crypto().generateSignatureKeyPair();
            keep(called, out);
            return out;
        }

        private void keep(String called, SignatureKeyPair pair) {
            named(called, pair.privateKey());
            kept.add(called);
        }

        /** From the store, as after a restart, with the signature key that it has now. */
        void reload() throws MlsException {
            Bytes groupId = group.groupId();
            group.close();
            SuiteCrypto crypto = client.crypto();
            group = MlsClient.of(client.environment(), suite, client.credential(), crypto.signer(keys))
                    .load(groupId);
        }

        void read(MlsMessage message) throws MlsException {
            if (!(group.receive(message) instanceof Received.Application)) {
                throw new AssertionError("not an application message");
            }
        }
    }

    private Secret readPsk() {
        byte[] out = new byte[PSK_LENGTH];
        psk.get(0, out);
        return Secret.wrap(out);
    }
}
