package org.coppice.testkit.mutate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.group.Successor;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;

/** What leads into a group: KeyPackages, Welcomes, GroupInfos, and the ratchet trees in them (RFC 9420 §10, §12.4.3). */
final class JoinSpecimens {
    private final Stage stage;
    private final Cast cast;

    JoinSpecimens(Stage stage) {
        this.stage = stage;
        this.cast = stage.cast();
    }

    void make() throws MlsException {
        addKeyPackage();
        addWelcomes();
        addGroupInfo();
        addBranch();
        addReInit();
    }

    private void addKeyPackage() throws MlsException {
        Actor newcomer = cast.newcomer();
        Field opened = read(Cast.keyPackage(newcomer).message());
        Specimen.Sealer sealer = root -> {
            cast.ring().signKeyPackage(root.get("body"), newcomer.client().signer());
            return Specimen.Sealed.of(root.encode());
        };
        stage.add("key package", opened, sealer, new JoinerRecipients.Adder(stage.partner()));
    }

    private static Field read(MlsMessage message) throws MlsException {
        return Schemas.MESSAGE.readAll("message", Bytes.wrap(message.encoded()));
    }

    // ---- Welcomes

    private void addWelcomes() throws MlsException {
        Actor joiner = cast.newcomer();
        KeyPackageBundle bundle = Cast.keyPackage(joiner);
        StagedCommit commit = stage.twin()
                .commit()
                .add(bundle.keyPackage())
                .propose(cast.psk(0))
                .build();
        addWelcome("welcome", commit, joiner, bundle, Map.of(), request -> request);
        StagedCommit pathless =
                stage.twin().commit().add(bundle.keyPackage()).withoutPath().build();
        addWelcome("welcome without path secret", pathless, joiner, bundle, Map.of(), request -> request);
    }

    private void addWelcome(
            String name,
            StagedCommit commit,
            Actor joiner,
            KeyPackageBundle bundle,
            Map<Bytes, Secret> resumption,
            UnaryOperator<JoinRequest> how)
            throws MlsException {
        MlsMessage welcome = Scene.wire(commit.welcome().orElseThrow());
        Function<PreSharedKeyId, Optional<Secret>> psks = WelcomeSealer.known(resumption);
        GroupInfoSealer infoSealer = infoSealer(commit.nextState());
        WelcomeSealer sealer = new WelcomeSealer(bundle, psks, infoSealer, stage.crypto());
        Field opened = WelcomeSealer.open(welcome, bundle, psks, stage.crypto());
        stage.add(
                name,
                opened,
                sealer::seal,
                new JoinerRecipients.ByWelcome(joiner, bundle, how),
                new Place(bundle.keyPackage().leafNode().encryptionKey().data(), infoSealer.tied()),
                commit.nextState().tree());
    }

    private GroupInfoSealer infoSealer(GroupState state) {
        return new GroupInfoSealer(
                state.tree(),
                state.groupId(),
                cast.ring(),
                stage.crypto(),
                stage.client().signer());
    }

    // ---- GroupInfos

    private void addGroupInfo() throws MlsException {
        MlsMessage info = Scene.wire(stage.group().groupInfo(true));
        GroupInfoSealer sealer = infoSealer(stage.group().state());
        Specimen.Sealer toWire = root -> {
            sealer.seal(root.get("body"), (context, confirmed) -> Optional.empty());
            return Specimen.Sealed.of(root.encode());
        };
        Place place = new Place(Bytes.EMPTY, sealer.tied());
        RatchetTree tree = stage.group().state().tree();
        Recipient joiner = new JoinerRecipients.ByGroupInfo(cast.newcomer());
        stage.add("group info for a joiner", read(info), toWire, joiner, place, tree);
        Recipient observer = new JoinerRecipients.ObserverOfGroupInfo(stage.observer());
        stage.add("group info for an observer", read(info), toWire, observer, place, tree);
    }

    // ---- groups that continue this one

    private void addBranch() throws MlsException {
        Actor joiner = stage.partner();
        KeyPackageBundle bundle = Cast.keyPackage(joiner);
        Successor branch = stage.group().branch(stage.client(), House.text("branch"), List.of(bundle.keyPackage()));
        addSuccessor("welcome to a branch", branch, joiner, bundle, joiner.group());
    }

    private void addSuccessor(
            String name, Successor successor, Actor joiner, KeyPackageBundle bundle, Group predecessor)
            throws MlsException {
        Map<Bytes, Secret> resumption = new HashMap<>();
        resumption.put(predecessor.groupId(), predecessor.resumptionPsk());
        addWelcome(
                name, successor.commit(), joiner, bundle, resumption, request -> request.withPredecessor(predecessor));
    }

    /** The whole group in a copy of its members' stores, which ends there. */
    private void addReInit() throws MlsException {
        Map<Actor, Group> ended = new HashMap<>();
        StagedCommit end = stage.group().commit().reInit(cast.reInit()).build();
        for (Actor member : cast.members()) {
            Group group = new Snapshot(member.client(), member.store())
                    .client()
                    .load(stage.group().groupId());
            if (member != stage.sender()) {
                group.merge(group.stage(Scene.wire(end.message())));
            } else {
                group.merge(group.pendingCommits().stream()
                        .filter(pending -> pending.nextState().equals(end.nextState()))
                        .findFirst()
                        .orElseThrow());
            }
            ended.put(member, group);
        }
        Map<Actor, KeyPackageBundle> bundles = new HashMap<>();
        for (Actor member : cast.members()) {
            bundles.put(member, Cast.keyPackage(member));
        }
        Successor successor = ended.get(stage.sender())
                .reinitialize(
                        stage.client(),
                        cast.members().stream()
                                .filter(member -> member != stage.sender())
                                .map(member -> bundles.get(member).keyPackage())
                                .toList());
        Actor joiner = stage.partner();
        addSuccessor("welcome to a successor", successor, joiner, bundles.get(joiner), ended.get(joiner));
    }
}
