package org.coppice.testkit.vectors.make;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;

/**
 * A group of several members in one process, one of whom only listens: the client that the vector is about. Everything is drawn
 * from one seed.
 */
final class Scene {
    private static final Instant NOW = Instant.parse("2026-01-15T08:00:00Z");

    /** A member. */
    record Actor(MlsClient client, Group group) {}

    private final Recipe recipe;
    private final Environment environment;
    private final List<Actor> speakers = new ArrayList<>();
    private final Map<Bytes, Bytes> psks = new LinkedHashMap<>();
    private final Signer externalSender;
    private final Bytes groupId;
    private Actor listener;
    private int names;

    Scene(Recipe recipe) throws MlsException {
        this.recipe = recipe;
        GroupPolicy policy = GroupPolicy.builder()
                .handshakeWireFormat(
                        recipe.random().chance(50) ? WireFormat.PUBLIC_MESSAGE : WireFormat.PRIVATE_MESSAGE)
                .newMemberProposals(keyPackage -> true)
                .build();
        this.environment = Environment.builder()
                .provider(recipe.provider())
                .randomness(recipe.random())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .validator(CredentialValidator.acceptAll())
                .policy(policy)
                .psks(id -> Optional.ofNullable(psks.get(id)).map(psk -> Secret.wrap(psk.toByteArray())))
                .build();
        this.groupId = recipe.hashBytes();
        SignatureKeyPair senderKeys = recipe.crypto().generateSignatureKeyPair();
        this.externalSender = recipe.crypto().signer(senderKeys);
        MlsClient creator = newClient();
        speakers.add(new Actor(creator, creator.createGroup(groupId, extensions())));
    }

    /** The group's extensions, with the external sender among them. */
    Extensions extensions() {
        ExternalSender sender =
                new ExternalSender(externalSender.publicKey(), Credential.basic(ScheduleMaker.ascii("warden")));
        return Extensions.of(ExternalSender.toExtension(List.of(sender)));
    }

    Recipe recipe() {
        return recipe;
    }

    Bytes groupId() {
        return groupId;
    }

    Signer externalSender() {
        return externalSender;
    }

    /** Pre-shared keys that everybody was given, by their ids. */
    Map<Bytes, Bytes> psks() {
        return psks;
    }

    /** Gives everybody a pre-shared key. */
    Bytes newPsk() {
        Bytes id = recipe.bytes(1 + recipe.random().below(16));
        psks.put(id, recipe.bytes(recipe.hashLength()));
        return id;
    }

    // ---- people

    private Credential newCredential() {
        return Credential.basic(Bytes.wrap(("member " + names++).getBytes(StandardCharsets.US_ASCII)));
    }

    MlsClient newClient() throws MlsException {
        return MlsClient.create(environment, recipe.crypto().suite(), newCredential());
    }

    /** A client whose signature key can be written into the vector. */
    MlsClient newClient(SignatureKeyPair keys) throws MlsException {
        return MlsClient.of(
                environment,
                recipe.crypto().suite(),
                newCredential(),
                recipe.crypto().signer(keys));
    }

    /** The members that speak. */
    List<Actor> speakers() {
        return List.copyOf(speakers);
    }

    Actor anySpeaker() {
        return speakers.get(recipe.random().below(speakers.size()));
    }

    /** A speaker other than one; there must be two. */
    Actor otherSpeaker(Actor one) {
        Actor other = anySpeaker();
        while (other.equals(one)) {
            other = anySpeaker();
        }
        return other;
    }

    Optional<Actor> listener() {
        return Optional.ofNullable(listener);
    }

    void setListener(Actor actor) {
        listener = actor;
    }

    void addSpeaker(Actor actor) {
        speakers.add(actor);
    }

    /** Takes somebody out who lost its state. */
    void lose(Actor actor) {
        speakers.remove(actor);
    }

    /** Takes new members in. */
    void join(MlsMessage welcome, List<MlsClient> clients, List<KeyPackageBundle> bundles) throws MlsException {
        for (int i = 0; i < clients.size(); i++) {
            speakers.add(new Actor(clients.get(i), clients.get(i).join(welcome, bundles.get(i))));
        }
    }

    // ---- messages

    SendOptions anyFormat() {
        return SendOptions.DEFAULT.withWireFormat(
                recipe.random().chance(50) ? WireFormat.PUBLIC_MESSAGE : WireFormat.PRIVATE_MESSAGE);
    }

    /** Brings a proposal to all but its sender. */
    void deliver(MlsMessage proposal, Actor sender) throws MlsException {
        for (Actor actor : everybody()) {
            if (!actor.equals(sender) && !(actor.group.receive(proposal) instanceof Received.ProposalCached)) {
                throw new AssertionError("a proposal was taken for something else");
            }
        }
    }

    /** Lets everybody enter the epoch of a Commit. */
    void settle(Actor committer, StagedCommit own) throws MlsException {
        for (Actor actor : everybody()) {
            if (actor.equals(committer)) {
                actor.group.merge(own);
            } else {
                actor.group.merge(actor.group.stage(own.message()));
            }
        }
        speakers.removeIf(actor -> actor.group.status() == GroupStatus.REMOVED);
    }

    /** Lets everybody enter the epoch of a Commit from outside. */
    void settle(MlsMessage externalCommit) throws MlsException {
        for (Actor actor : everybody()) {
            actor.group.merge(actor.group.stage(externalCommit));
        }
    }

    private List<Actor> everybody() {
        List<Actor> all = new ArrayList<>(speakers);
        if (listener != null) {
            all.add(listener);
        }
        return all;
    }
}
