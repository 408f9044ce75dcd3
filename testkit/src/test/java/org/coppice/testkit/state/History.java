package org.coppice.testkit.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.StagedCommit;
import org.coppice.testkit.Scene;
import org.coppice.testkit.SeededRandomness;

/** A group that changes at random, as far as an observer can follow: one handshake message after the other. For tests of what is stored. */
public final class History {
    private static final int MOST = 12;

    private final SeededRandomness random;
    private final Scene scene;
    private final List<Scene.Actor> members = new ArrayList<>();
    private int names;

    /** A group of its creator alone. */
    public History(SeededRandomness random) throws MlsException {
        this.random = random;
        SeededRandomness ofClients = random.fork("clients");
        this.scene = Scene.empty(
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, builder -> builder.randomness(ofClients));
        scene.withGroup(Extensions.EMPTY, "creator");
        members.add(scene.actor("creator"));
    }

    /** The creator's, as long as it is a member. */
    public Environment environment() {
        return members.get(0).client().environment();
    }

    /** A GroupInfo of the present epoch, with the tree. */
    public MlsMessage groupInfo() throws MlsException {
        return members.get(0).group().groupInfo(true);
    }

    /** The state that all members see. */
    public GroupState state() {
        return members.get(0).group().state();
    }

    /** Those who are members now. */
    public List<Scene.Actor> members() {
        return List.copyOf(members);
    }

    private Scene.Actor any() {
        return members.get(random.below(members.size()));
    }

    /** The next message, which all members have taken over. */
    public MlsMessage next() throws MlsException {
        return switch (random.below(8)) {
            case 0, 1 -> add();
            case 2 -> proposeUpdate();
            case 3 -> propose();
            case 4 -> remove();
            case 5 -> joinExternally();
            case 6 -> changeExtensions();
            default -> commit(any());
        };
    }

    /** The message with one bit of what is signed turned, so that nobody may take it. */
    public MlsMessage spoil(MlsMessage message) {
        // After version and wire format; before the tags, which an observer cannot check, and the signature with its
        // length.
        int most = Math.max(20, message.encoded().length - 2 * (1 + 32) - (2 + 64));
        while (true) {
            byte[] encoded = message.encoded();
            encoded[4 + random.below(most - 4)] ^= (byte) (1 << random.below(8));
            try {
                return MlsMessage.decode(encoded);
            } catch (DecodeException e) {
                // No message any more: another bit, then.
                continue;
            }
        }
    }

    private Scene.Actor newcomer() throws MlsException {
        return scene.client("m" + names++);
    }

    private MlsMessage commit(Scene.Actor by) throws MlsException {
        return follow(by, by.group().commit().build());
    }

    private MlsMessage follow(Scene.Actor by, StagedCommit commit) throws MlsException {
        MlsMessage message = Scene.wire(commit.message());
        for (Scene.Actor actor : List.copyOf(members)) {
            if (actor != by) {
                actor.group().merge(actor.group().stage(message));
                if (actor.group().status() == GroupStatus.REMOVED) {
                    members.remove(actor);
                }
            }
        }
        by.group().merge(commit);
        return message;
    }

    private MlsMessage add() throws MlsException {
        if (members.size() >= MOST) {
            return remove();
        }
        Scene.Actor by = any();
        int count = 1 + random.below(3);
        List<Scene.Actor> actors = new ArrayList<>();
        List<KeyPackageBundle> bundles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            actors.add(newcomer());
            bundles.add(actors.get(i).client().generateKeyPackage());
        }
        StagedCommit commit = by.group()
                .commit()
                .addAll(bundles.stream().map(KeyPackageBundle::keyPackage).toList())
                .build();
        MlsMessage welcome = commit.welcome().orElseThrow();
        MlsMessage message = follow(by, commit);
        for (int i = 0; i < count; i++) {
            actors.get(i).enter(actors.get(i).client().join(welcome, bundles.get(i)));
            members.add(actors.get(i));
        }
        return message;
    }

    private MlsMessage deliver(Scene.Actor from, MlsMessage message) throws MlsException {
        for (Scene.Actor actor : members) {
            if (actor != from) {
                actor.group().receive(message);
            }
        }
        return message;
    }

    private MlsMessage proposeUpdate() throws MlsException {
        Scene.Actor by = any();
        return deliver(by, Scene.wire(by.group().proposeUpdate()));
    }

    private MlsMessage propose() throws MlsException {
        Scene.Actor by = any();
        return deliver(
                by,
                Scene.wire(
                        random.chance(50)
                                ? by.group().proposeRemove(any().group().ownLeaf())
                                : by.group().proposeExtensions(extensions())));
    }

    private MlsMessage remove() throws MlsException {
        Scene.Actor by = any();
        Scene.Actor who = any();
        if (by == who || members.size() == 1) {
            return commit(by);
        }
        return follow(
                by,
                by.group()
                        .commit()
                        .withoutReceived()
                        .remove(who.group().ownLeaf())
                        .build());
    }

    private MlsMessage joinExternally() throws MlsException {
        if (members.size() >= MOST) {
            return remove();
        }
        Scene.Actor by = newcomer();
        ExternalJoin join = by.client().joinExternally(any().group().groupInfo(true));
        MlsMessage message = Scene.wire(join.commit());
        for (Scene.Actor actor : members) {
            actor.group().merge(actor.group().stage(message));
        }
        by.enter(join.group());
        members.add(by);
        return message;
    }

    private MlsMessage changeExtensions() throws MlsException {
        Scene.Actor by = any();
        return follow(
                by,
                by.group().commit().withoutReceived().extensions(extensions()).build());
    }

    /** External senders in a number of their own each time, so that the context grows and shrinks. */
    private Extensions extensions() {
        List<ExternalSender> senders = new ArrayList<>();
        for (int i = random.below(4); i > 0; i--) {
            senders.add(new ExternalSender(
                    any().client().signer().publicKey(),
                    Credential.basic(Bytes.copyOf(("server " + i).getBytes(StandardCharsets.UTF_8)))));
        }
        return senders.isEmpty() ? Extensions.EMPTY : Extensions.of(ExternalSender.toExtension(senders));
    }
}
