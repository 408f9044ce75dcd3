package org.coppice.testkit.mutate;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;

/** Commits of every kind (RFC 9420 §12.4). */
final class CommitSpecimens {
    private static final String PROPOSALS = "body/content/content/proposals";
    private static final String SENDER = "body/content/sender";

    private final Stage stage;
    private final Cast cast;

    CommitSpecimens(Stage stage) {
        this.stage = stage;
        this.cast = stage.cast();
    }

    void make() throws MlsException {
        add("commit, empty", stage.twin().commit());
        add("commit by value", everyProposal());
        add("commit without path", withoutPath());
        // Alone, or another would be the last of the list, which is the one that is there twice.
        add("commit of extensions", stage.twin().commit().extensions(cast.otherExtensions()));
        add("commit of a reinit", stage.twin().commit().reInit(cast.reInit()));
        add("commit by value", everyProposal().wireFormat(WireFormat.PRIVATE_MESSAGE));
        add("commit without path", withoutPath().wireFormat(WireFormat.PRIVATE_MESSAGE));
        addExternal("external commit", request -> request, cast.newcomer());
        if (stage.victim().isPresent()) {
            LeafIndex leaf = stage.victim().get().group().ownLeaf();
            addExternal(
                    "external commit that returns",
                    request ->
                            request.replacing(leaf).externalPsk(House.pskIds().get(0)),
                    stage.victim().get());
        }
    }

    /** As many kinds as go together. */
    private CommitBuilder everyProposal() throws MlsException {
        CommitBuilder out = stage.twin()
                .commit()
                .add(stage.newKeyPackage())
                .add(stage.newKeyPackage())
                .propose(cast.psk(0))
                .propose(cast.psk(1))
                .resumptionPsk(stage.group().groupId(), stage.group().epoch())
                .extensions(cast.otherExtensions())
                .propose(Cast.openProposal("free"))
                .propose(new Proposal.Custom(House.STRICT_PROPOSAL, House.text("strict")));
        Optional<Actor> victim = stage.victim();
        return victim.isPresent() ? out.remove(victim.get().group().ownLeaf()) : out;
    }

    private CommitBuilder withoutPath() throws MlsException {
        return stage.twin()
                .commit()
                .add(stage.newKeyPackage())
                .propose(cast.psk(0))
                .propose(Cast.openProposal("free"))
                .withoutPath();
    }

    private void add(String name, CommitBuilder builder) throws MlsException {
        stage.add(name, Scene.wire(builder.build().message()), stage.author());
    }

    /** How somebody joins alone. */
    private interface How {
        ExternalJoinRequest of(ExternalJoinRequest request);
    }

    private void addExternal(String name, How how, Actor joiner) throws MlsException {
        MlsClient client = joiner.client();
        MlsMessage commit;
        try (ExternalJoin join = client.joinExternally(how.of(
                ExternalJoinRequest.of(stage.group().groupInfo(true)).withAuthenticatedData(Bytes.fromHex("0a"))))) {
            commit = Scene.wire(join.commit());
        }
        Content.Commit content = (Content.Commit)
                ((PublicMessage) commit.body()).authenticated().content().content();
        stage.add(
                name,
                commit,
                new MessageSealer.Author(
                        client.signer(),
                        content.commit().path().orElseThrow().leafNode().content()));
    }

    /** What others proposed, by reference: a member, a newcomer and the server are among them. */
    void makeByReference() throws MlsException {
        Actor partner = stage.partner();
        stage.spread(partner.group().proposeUpdate(), Optional.of(partner));
        stage.spread(stage.group().propose(cast.psk(0), SendOptions.DEFAULT), Optional.of(stage.sender()));
        ProposalSpecimens outside = new ProposalSpecimens(stage);
        stage.spread(outside.newMember(), Optional.empty());
        if (stage.victim().isPresent()) {
            Proposal remove = new Proposal.Remove(stage.victim().get().group().ownLeaf());
            stage.spread(outside.byServer(remove), Optional.empty());
        }
        // Waits as the others do, and is for somebody else to commit.
        stage.spread(stage.group().proposeUpdate(), Optional.of(stage.sender()));
        add("commit by reference", stage.twin().commit());
        setTraps();
    }

    /** An Update of the committer; a reference from outside, and, where the whole content is replaced, the server for its sender. */
    private void setTraps() {
        Specimen byReference = stage.made("public commit by reference");
        Field ownUpdate = byReference.open();
        List<Field> entries = ownUpdate.get(PROPOSALS).parts();
        Bytes ref = stage.ownUpdate().ref().orElseThrow().hash();
        entries.get(0).get("value").derive(ref);
        byReference.lend(Mutation.OF_A_TRAP, ownUpdate);

        Specimen external = stage.made("public external commit");
        Field withReference = external.open();
        withReference.get(PROPOSALS).pinParts(parts -> parts.add(entries.get(0).copy()));
        Field server = stage.made("public psk proposal of the server").open().get(SENDER);
        withReference.get(SENDER).pinAs(server);
        external.lend(Mutation.OF_A_TRAP, withReference);
    }
}
