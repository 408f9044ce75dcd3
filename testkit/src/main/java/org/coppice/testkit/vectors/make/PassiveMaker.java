package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;

/** Transcripts of groups that a client joins and follows. */
final class PassiveMaker {
    private static final int MIN_RANDOM = 12;
    private static final int MORE_RANDOM = 10;

    private PassiveMaker() {}

    static void welcome(ObjectNode out, Recipe recipe) throws MlsException {
        Scene scene = new Scene(recipe);
        join(out, scene);
        finish(out, scene, List.of());
    }

    static void handlingCommit(ObjectNode out, Recipe recipe) throws MlsException {
        Scene scene = new Scene(recipe);
        join(out, scene);
        Epochs epochs = new Epochs(scene);
        Change change = Change.values()[recipe.index() % Change.values().length];
        List<Epochs.Epoch> history = new ArrayList<>();
        if (change != Change.REINIT) {
            history.add(epochs.run(change));
            history.add(epochs.run(Change.REFRESH));
        } else {
            history.add(epochs.run(Change.REFRESH));
            history.add(epochs.run(change));
        }
        finish(out, scene, history);
    }

    static void random(ObjectNode out, Recipe recipe) throws MlsException {
        Scene scene = new Scene(recipe);
        join(out, scene);
        Epochs epochs = new Epochs(scene);
        List<Epochs.Epoch> history = new ArrayList<>();
        int length = MIN_RANDOM + recipe.random().below(MORE_RANDOM);
        for (int i = 0; i < length; i++) {
            history.add(epochs.run(Change.ordinary(recipe.random().below(Integer.MAX_VALUE))));
        }
        if (recipe.random().chance(20)) {
            history.add(epochs.run(Change.REINIT));
        }
        finish(out, scene, history);
    }

    /** Lets a group grow for some epochs, then the listener join by one of the many kinds of Welcome. */
    private static void join(ObjectNode out, Scene scene) throws MlsException {
        Recipe recipe = scene.recipe();
        Epochs before = new Epochs(scene);
        for (int i = 1 + recipe.random().below(3); i > 0; i--) {
            before.run(Change.ADD);
        }
        if (recipe.random().chance(50)) {
            before.run(Change.REMOVE);
        }
        SignatureKeyPair signature = recipe.crypto().generateSignatureKeyPair();
        MlsClient client = scene.newClient(signature);
        KeyPackageBundle bundle = client.generateKeyPackage();
        Recipe.put(out, "key_package", bundle.message());
        Recipe.put(out, "signature_priv", Recipe.privateKey(signature));
        Recipe.put(out, "encryption_priv", Recipe.privateKey(bundle.leafKeyPair()));
        Recipe.put(out, "init_priv", Recipe.privateKey(bundle.initKeyPair()));

        Scene.Actor committer = scene.anySpeaker();
        CommitBuilder builder = committer.group().commit();
        List<MlsClient> others = new ArrayList<>();
        List<KeyPackageBundle> otherBundles = new ArrayList<>();
        for (int i = recipe.random().below(2); i > 0; i--) {
            MlsClient other = scene.newClient();
            KeyPackageBundle otherBundle = other.generateKeyPackage();
            others.add(other);
            otherBundles.add(otherBundle);
            builder.add(otherBundle.keyPackage());
        }
        builder.add(bundle.keyPackage());
        for (int i = recipe.random().below(3); i > 0; i--) {
            builder.externalPsk(scene.newPsk());
        }
        if (recipe.random().chance(40)) {
            builder.withoutPath();
        }
        boolean treeApart = others.isEmpty() && recipe.random().chance(50);
        if (treeApart) {
            builder.withoutTreeInWelcome();
        }
        StagedCommit staged = builder.build();
        MlsMessage welcome = staged.welcome().orElseThrow();
        scene.settle(committer, staged);
        scene.join(welcome, others, otherBundles);

        Bytes tree = Recipe.encode(committer.group().state().tree());
        JoinRequest request = JoinRequest.of(welcome, List.of(bundle));
        Group group = client.join(treeApart ? request.withRatchetTree(tree) : request);
        scene.setListener(new Scene.Actor(client, group));
        Recipe.put(out, "welcome", welcome);
        if (treeApart) {
            Recipe.put(out, "ratchet_tree", tree);
        } else {
            out.putNull("ratchet_tree");
        }
        Recipe.put(out, "initial_epoch_authenticator", committer.group().epochAuthenticator());
    }

    private static void finish(ObjectNode out, Scene scene, List<Epochs.Epoch> history) {
        ArrayNode psks = out.putArray("external_psks");
        scene.psks().forEach((id, psk) -> {
            ObjectNode entry = psks.addObject();
            Recipe.put(entry, "psk_id", id);
            Recipe.put(entry, "psk", psk);
        });
        ArrayNode epochs = out.putArray("epochs");
        for (Epochs.Epoch epoch : history) {
            ObjectNode entry = epochs.addObject();
            ArrayNode proposals = entry.putArray("proposals");
            epoch.proposals()
                    .forEach(proposal -> proposals.add(Recipe.encode(proposal).toHex()));
            Recipe.put(entry, "commit", epoch.commit());
            Recipe.put(entry, "epoch_authenticator", epoch.authenticator());
        }
    }
}
