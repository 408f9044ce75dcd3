package org.coppice.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.state.InMemoryStateStore;

/** A client with a store, keys and groups of its own. All that it knows of others came through the delivery service. */
final class Person {
    private final String name;
    private final Environment environment;
    private final InMemoryStateStore store;
    private final Delivery delivery;
    private final Map<Bytes, Group> groups = new HashMap<>();
    private final Map<Bytes, Integer> cursors = new HashMap<>();
    private final List<KeyPackageBundle> bundles = new ArrayList<>();
    private MlsClient client;

    /** @param environment without a store, which each person has of its own */
    Person(String name, Environment environment, Delivery delivery) {
        this(name, environment, delivery, new InMemoryStateStore());
    }

    private Person(String name, Environment environment, Delivery delivery, InMemoryStateStore store) {
        this.name = name;
        this.store = store;
        this.environment = environment.toBuilder().store(store).build();
        this.delivery = delivery;
    }

    /** Makes a signature key for a suite. */
    Person enroll(CipherSuite suite, Registrar registrar) throws MlsException {
        Bytes identity = Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
        client = MlsClient.create(environment, suite, Credential.basic(identity));
        registrar.register(identity, client.signer().publicKey());
        return this;
    }

    String name() {
        return name;
    }

    MlsClient client() {
        return client;
    }

    Group group(Bytes groupId) {
        return groups.get(groupId);
    }

    boolean isMember(Bytes groupId) {
        return groups.containsKey(groupId) && groups.get(groupId).status() == GroupStatus.ACTIVE;
    }

    /** Begins to follow a group from here on. */
    void enter(Group group) {
        groups.put(group.groupId(), group);
        cursors.put(group.groupId(), delivery.log(group.groupId()).size());
    }

    void publishKeyPackage() throws MlsException {
        KeyPackageBundle bundle = client.generateKeyPackage();
        bundles.add(bundle);
        delivery.publishKeyPackage(name, Bytes.wrap(bundle.message().encoded()));
    }

    /** Joins by the next Welcome that waits. */
    Group join() throws MlsException {
        return join(null);
    }

    /** Joins a group that continues {@code predecessor}. */
    Group join(Group predecessor) throws MlsException {
        MlsMessage welcome = MlsMessage.decode(delivery.nextWelcome(name), DecodeLimits.DEFAULT);
        JoinRequest request = JoinRequest.of(welcome, bundles);
        Group group = client.join(predecessor == null ? request : request.withPredecessor(predecessor));
        bundles.clear();
        enter(group);
        return group;
    }

    /** A message to the group, as bytes. */
    Bytes encrypt(Bytes groupId, String text) throws MlsException {
        return Bytes.wrap(groups.get(groupId)
                .encrypt(text.getBytes(StandardCharsets.UTF_8))
                .encoded());
    }

    /** Takes all that is new in a group's log, and gives the texts. */
    List<String> catchUp(Bytes groupId) throws MlsException {
        List<String> texts = new ArrayList<>();
        List<Bytes> log = delivery.log(groupId);
        for (int next = cursors.get(groupId); next < log.size(); next++) {
            cursors.put(groupId, next + 1);
            take(groupId, log.get(next), texts);
        }
        return texts;
    }

    /** Takes all application messages that are new in the reverse of their order, after everything else. */
    List<String> catchUpBackwards(Bytes groupId, Delivery source) throws MlsException {
        List<Bytes> log = source.log(groupId);
        List<Bytes> late = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Bytes message : log.subList(cursors.get(groupId), log.size())) {
            if (Messages.isApplication(message)) {
                late.add(0, message);
            } else {
                take(groupId, message, texts);
            }
        }
        for (Bytes message : late) {
            take(groupId, message, texts);
        }
        cursors.put(groupId, log.size());
        return texts;
    }

    private void take(Bytes groupId, Bytes bytes, List<String> texts) throws MlsException {
        Group group = groups.get(groupId);
        Received received = group.receive(MlsMessage.decode(bytes, DecodeLimits.DEFAULT));
        if (received instanceof Received.Application application) {
            texts.add(new String(application.data().toByteArray(), StandardCharsets.UTF_8));
        } else if (received instanceof Received.CommitStaged staged) {
            group.merge(staged.commit());
        } else if (received instanceof Received.Own own && own.commit().isPresent()) {
            group.merge(own.commit().get());
        }
    }

    /** Reads one message and nothing else. */
    String read(Bytes groupId, Bytes message) throws MlsException {
        List<String> texts = new ArrayList<>();
        take(groupId, message, texts);
        return texts.isEmpty() ? "" : texts.get(0);
    }

    /** Somebody who has this person's keys and store as they are now. */
    Person stolenCopy(Bytes groupId) throws MlsException {
        Person thief = new Person(name, environment, delivery, store.copy());
        thief.client = MlsClient.of(thief.environment, client.crypto().suite(), client.credential(), client.signer());
        Group copy = thief.client.load(groupId);
        thief.groups.put(groupId, copy);
        thief.cursors.put(groupId, cursors.get(groupId));
        return thief;
    }
}
