package org.coppice.testkit.vectors.make;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.ExternalProposer;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;

/** Carries out changes in a scene and keeps the messages of each epoch. */
final class Epochs {
    private static final int MAX_SPEAKERS = 9;

    private final Scene scene;
    private final Recipe recipe;
    private List<MlsMessage> proposals;
    private List<MlsClient> newcomers;
    private List<KeyPackageBundle> bundles;
    private List<Proposal> byValue;
    private boolean needsPath;

    Epochs(Scene scene) {
        this.scene = scene;
        this.recipe = scene.recipe();
    }

    /**
     * The messages that led into an epoch.
     *
     * @param proposals in their order
     * @param commit the Commit
     * @param authenticator the epoch authenticator of the new epoch
     */
    record Epoch(List<MlsMessage> proposals, MlsMessage commit, Bytes authenticator) {}

    /** One epoch more. */
    Epoch run(Change change) throws MlsException {
        proposals = new ArrayList<>();
        newcomers = new ArrayList<>();
        bundles = new ArrayList<>();
        byValue = new ArrayList<>();
        needsPath = false;
        Change possible = possible(change);
        if (possible == Change.EXTERNAL_JOIN || possible == Change.RESYNC) {
            return external(possible);
        }
        Scene.Actor committer = scene.anySpeaker();
        propose(possible, committer);
        return commit(committer);
    }

    /** Some changes need somebody to happen to. */
    private Change possible(Change change) {
        int speakers = scene.speakers().size();
        return switch (change) {
            case REMOVE, UPDATE, RESYNC, EXTERNAL_PROPOSAL, SEVERAL -> speakers < 3 ? Change.ADD : change;
            case ADD, EXTERNAL_JOIN, NEW_MEMBER_PROPOSAL -> speakers < MAX_SPEAKERS ? change : Change.REMOVE;
            default -> change;
        };
    }

    private void propose(Change change, Scene.Actor committer) throws MlsException {
        switch (change) {
            case REFRESH -> needsPath = true;
            case ADD -> {
                for (int i = recipe.random().below(2); i >= 0; i--) {
                    send(new Proposal.Add(newcomer()), committer);
                }
            }
            case REMOVE -> {
                LeafIndex target = scene.otherSpeaker(committer).group().ownLeaf();
                send(new Proposal.Remove(target), committer);
                needsPath = true;
            }
            case UPDATE -> update(committer);
            case EXTERNAL_PSK ->
                send(
                        new Proposal.PreSharedKey(new PreSharedKeyId.External(scene.newPsk(), recipe.hashBytes())),
                        committer);
            case RESUMPTION_PSK -> send(new Proposal.PreSharedKey(resumption(committer)), committer);
            case EXTENSIONS -> {
                send(new Proposal.GroupContextExtensions(newExtensions()), committer);
                needsPath = true;
            }
            case EXTERNAL_PROPOSAL -> fromOutside(committer);
            case NEW_MEMBER_PROPOSAL -> {
                MlsClient client = scene.newClient();
                KeyPackageBundle bundle = client.generateKeyPackage();
                newcomers.add(client);
                bundles.add(bundle);
                deliver(client.proposeAdd(scene.groupId(), committer.group().epoch(), bundle.keyPackage()), null);
            }
            case SEVERAL -> {
                update(committer);
                propose(Change.EXTERNAL_PSK, committer);
                if (scene.speakers().size() < MAX_SPEAKERS) {
                    propose(Change.ADD, committer);
                }
            }
            case REINIT ->
                send(
                        new Proposal.ReInit(
                                recipe.hashBytes(),
                                ProtocolVersion.MLS10,
                                recipe.crypto().suite(),
                                Extensions.EMPTY),
                        committer);
            default -> throw new AssertionError(change);
        }
    }

    /** By value, or by reference to a proposal of any member. */
    private void send(Proposal proposal, Scene.Actor committer) throws MlsException {
        if (recipe.random().chance(50)) {
            byValue.add(proposal);
            return;
        }
        Scene.Actor proposer = recipe.random().chance(30) ? committer : scene.anySpeaker();
        deliver(proposer.group().propose(proposal, scene.anyFormat()), proposer);
    }

    private void deliver(MlsMessage proposal, Scene.Actor sender) throws MlsException {
        scene.deliver(proposal, sender);
        proposals.add(proposal);
    }

    private KeyPackage newcomer() throws MlsException {
        MlsClient client = scene.newClient();
        KeyPackageBundle bundle = client.generateKeyPackage();
        newcomers.add(client);
        bundles.add(bundle);
        return bundle.keyPackage();
    }

    private void update(Scene.Actor committer) throws MlsException {
        Scene.Actor member = scene.otherSpeaker(committer);
        deliver(member.group().proposeUpdate(LeafUpdate.KEY_ONLY, scene.anyFormat()), member);
        needsPath = true;
    }

    /** Of an epoch in which the listener was a member already. */
    private PreSharedKeyId resumption(Scene.Actor committer) {
        return new PreSharedKeyId.Resumption(
                ResumptionPskUsage.APPLICATION,
                scene.groupId(),
                committer.group().epoch(),
                recipe.hashBytes());
    }

    private Extensions newExtensions() {
        Extension required =
                new RequiredCapabilities(List.of(), List.of(), List.of(CredentialType.BASIC)).toExtension();
        return recipe.random().chance(50) ? scene.extensions().with(required) : scene.extensions();
    }

    private void fromOutside(Scene.Actor committer) throws MlsException {
        ExternalProposer proposer = new ExternalProposer(recipe.crypto(), scene.externalSender(), 0);
        FramedContent.Header header =
                new FramedContent.Header(scene.groupId(), committer.group().epoch(), recipe.bytes(4));
        boolean add = recipe.random().chance(50) && scene.speakers().size() < MAX_SPEAKERS;
        Proposal proposal = add
                ? new Proposal.Add(newcomer())
                : new Proposal.Remove(scene.otherSpeaker(committer).group().ownLeaf());
        needsPath = !add;
        deliver(proposer.propose(header, proposal), null);
    }

    private Epoch commit(Scene.Actor committer) throws MlsException {
        CommitBuilder builder = committer.group().commit();
        byValue.forEach(builder::propose);
        scene.anyFormat().wireFormat().ifPresent(builder::wireFormat);
        if (!needsPath && recipe.random().chance(50)) {
            builder.withoutPath();
        }
        StagedCommit staged = builder.build();
        MlsMessage message = staged.message();
        scene.settle(committer, staged);
        if (!newcomers.isEmpty()) {
            scene.join(staged.welcome().orElseThrow(), newcomers, bundles);
        }
        return new Epoch(proposals, message, committer.group().epochAuthenticator());
    }

    private Epoch external(Change change) throws MlsException {
        Scene.Actor host = scene.anySpeaker();
        ExternalJoinRequest request = ExternalJoinRequest.of(host.group().groupInfo(true));
        MlsClient client;
        if (change == Change.RESYNC) {
            Scene.Actor lost = scene.otherSpeaker(host);
            request = request.replacing(lost.group().ownLeaf());
            scene.lose(lost);
            client = lost.client();
        } else {
            client = scene.newClient();
        }
        try (ExternalJoin join = client.joinExternally(request)) {
            scene.settle(join.commit());
            scene.addSpeaker(new Scene.Actor(client, join.group()));
            return new Epoch(proposals, join.commit(), join.group().epochAuthenticator());
        }
    }
}
