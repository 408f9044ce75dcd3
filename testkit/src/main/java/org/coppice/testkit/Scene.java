package org.coppice.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.InMemoryStateStore;

/**
 * Clients with a store each, and one group that they are members of: where most tests begin. Handshakes travel as PublicMessage, so
 * that tests can look into them and change them.
 */
public final class Scene {
    private final CipherSuite suite;
    private final UnaryOperator<Environment.Builder> settings;
    private final Map<String, Actor> actors = new LinkedHashMap<>();

    /** One client and, if it is a member, its group. */
    public static final class Actor {
        private final String name;
        private MlsClient client;
        private Group group;

        Actor(String name, MlsClient client) {
            this.name = name;
            this.client = client;
        }

        /** Its name, which is its identity, too. */
        public String name() {
            return name;
        }

        /** The client. */
        public MlsClient client() {
            return client;
        }

        /** Puts another client (with other capabilities, say) in the place of this one, before it joins. */
        public void become(MlsClient other) {
            client = other;
        }

        /** Its view of the group. */
        public Group group() {
            return group;
        }

        /** Gives it a view of the group. */
        public void enter(Group entered) {
            group = entered;
        }

        /** Its store. */
        public InMemoryStateStore store() {
            return (InMemoryStateStore) client.environment().store();
        }

        /** A member who breaks rules with this one's secrets. */
        public Insider insider() throws DecodeException {
            return Insider.of(client, group);
        }

        /** Everything stored of the group, to compare before and after. */
        public Map<Bytes, Bytes> snapshot() {
            return store().snapshot(group.groupId());
        }
    }

    private Scene(CipherSuite suite, UnaryOperator<Environment.Builder> settings) {
        this.suite = suite;
        this.settings = settings;
    }

    /** A scene without clients. */
    public static Scene empty(CipherSuite suite) {
        return new Scene(suite, builder -> builder);
    }

    /** A scene without clients whose environments are changed by {@code settings}. */
    public static Scene empty(CipherSuite suite, UnaryOperator<Environment.Builder> settings) {
        return new Scene(suite, settings);
    }

    /** A group of these members in suite 1; the first created it and added the others. */
    public static Scene of(String... names) throws MlsException {
        return empty(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519).withGroup(Extensions.EMPTY, names);
    }

    /** The policy of all clients, if the settings bring no other. */
    public static GroupPolicy policy() {
        return GroupPolicy.builder()
                .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                .build();
    }

    /** A new client that is in no group. */
    public Actor client(String name) throws MlsException {
        Environment environment = settings.apply(Environment.builder()
                        .validator(CredentialValidator.acceptAll())
                        .store(new InMemoryStateStore())
                        .policy(policy()))
                .build();
        Credential credential = Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8)));
        Actor actor = new Actor(name, MlsClient.create(environment, suite, credential));
        actors.put(name, actor);
        return actor;
    }

    /** Creates the group with the first of these clients and adds the others in one Commit. */
    public Scene withGroup(Extensions extensions, String... names) throws MlsException {
        for (String name : names) {
            if (!actors.containsKey(name)) {
                client(name);
            }
        }
        Actor creator = actor(names[0]);
        creator.enter(creator.client().createGroup(Bytes.wrap("group".getBytes(StandardCharsets.UTF_8)), extensions));
        if (names.length > 1) {
            List<String> others = new ArrayList<>(List.of(names));
            others.remove(0);
            add(names[0], others.toArray(new String[0]));
        }
        return this;
    }

    /** Has a member add clients, and all others follow. */
    public void add(String committer, String... names) throws MlsException {
        List<KeyPackageBundle> bundles = new ArrayList<>();
        for (String name : names) {
            bundles.add(actor(name).client().generateKeyPackage());
        }
        StagedCommit commit = actor(committer)
                .group()
                .commit()
                .addAll(bundles.stream().map(KeyPackageBundle::keyPackage).toList())
                .build();
        MlsMessage welcome = commit.welcome().orElseThrow();
        follow(committer, commit);
        for (int i = 0; i < names.length; i++) {
            Actor actor = actor(names[i]);
            actor.enter(actor.client().join(welcome, bundles.get(i)));
        }
    }

    /** Has a member make an empty Commit, and all others follow. */
    public void commit(String committer) throws MlsException {
        follow(committer, actor(committer).group().commit().build());
    }

    /** Delivers a staged Commit to all other members, who merge it, and then merges it at the committer. */
    public void follow(String committer, StagedCommit commit) throws MlsException {
        MlsMessage message = wire(commit.message());
        for (Actor actor : actors.values()) {
            if (!actor.name().equals(committer) && isMember(actor, commit)) {
                actor.group().merge(actor.group().stage(message));
            }
        }
        actor(committer).group().merge(commit);
    }

    /** Delivers a message to all members but its sender. */
    public void deliver(String sender, MlsMessage message) throws MlsException {
        for (Actor actor : actors.values()) {
            if (!actor.name().equals(sender) && actor.group() != null) {
                actor.group().receive(wire(message));
            }
        }
    }

    private static boolean isMember(Actor actor, StagedCommit commit) {
        return actor.group() != null && actor.group().epoch() == commit.base().epoch();
    }

    /** The client of this name; throws {@link IllegalArgumentException} if there is none. */
    public Actor actor(String name) {
        Actor actor = actors.get(name);
        if (actor == null) {
            throw new IllegalArgumentException("nobody is called " + name);
        }
        return actor;
    }

    /** The group of a member. */
    public Group group(String name) {
        return actor(name).group();
    }

    /** All clients in the order they came. */
    public List<Actor> actors() {
        return List.copyOf(actors.values());
    }

    /** A message after it went over the wire. */
    public static MlsMessage wire(MlsMessage message) throws DecodeException {
        return MlsMessage.decode(message.encoded());
    }
}
