package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;

/** One epoch of a group, from which specimens are taken: a member who sends, others who receive, and the proposals on the way. */
final class Stage {
    private final Cast cast;
    private final int sender;
    private final List<MlsMessage> proposals = new ArrayList<>();
    private final List<Specimen> made = new ArrayList<>();

    Stage(Cast cast, int sender) {
        this.cast = cast;
        this.sender = sender;
    }

    List<Specimen> made() {
        return List.copyOf(made);
    }

    /** The one of this name. */
    Specimen made(String name) {
        return made.stream()
                .filter(specimen -> specimen.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- who there is

    Cast cast() {
        return cast;
    }

    Actor sender() {
        return cast.member(sender);
    }

    /** The sender's. */
    Group group() {
        return cast.group(sender);
    }

    MlsClient client() {
        return sender().client();
    }

    SuiteCrypto crypto() {
        return cast.crypto();
    }

    /** The sender's group once more, over a copy of its store: it makes what uses keys that shall be there for changed copies. */
    Group twin() throws MlsException {
        return new Snapshot(client(), sender().store()).client().load(group().groupId());
    }

    private List<Actor> others() {
        List<Actor> out = new ArrayList<>(cast.members());
        out.remove(sender);
        return out;
    }

    /** A member that others may remove, if there are enough. */
    Optional<Actor> victim() {
        List<Actor> others = others();
        return others.size() > 2 ? Optional.of(others.get(others.size() - 1)) : Optional.empty();
    }

    /** A member other than the sender, who proposes and commits, too. */
    Actor partner() {
        return others().get(Math.min(1, others().size() - 1));
    }

    KeyPackage newKeyPackage() throws MlsException {
        KeyPackageBundle bundle = Cast.keyPackage(cast.newcomer());
        return bundle.keyPackage();
    }

    MessageSealer.Author author() {
        return author(sender());
    }

    static MessageSealer.Author author(Actor member) {
        Group group = member.group();
        return new MessageSealer.Author(
                member.client().signer(),
                group.state().tree().leaf(group.ownLeaf()).orElseThrow().content());
    }

    /** All members who did not send a message, to some of whom each ciphertext of a path is addressed, and an observer. */
    private Recipient recipients(Optional<PublicMessage> message) throws MlsException {
        boolean byMember =
                message.isEmpty() || message.get().authenticated().content().sender() instanceof Sender.Member;
        return new MemberRecipient(byMember ? others() : cast.members(), observer());
    }

    /** An observer that has seen what the members have. */
    PublicGroup observer() throws MlsException {
        PublicGroup out = PublicGroup.follow(client().environment(), group().groupInfo(true), Optional.empty());
        for (MlsMessage proposal : proposals) {
            out.merge((Observed.Staged) out.stage(proposal));
        }
        return out;
    }

    /** The last Update that the sender proposed. */
    ResolvedProposal ownUpdate() {
        Sender own = new Sender.Member(group().ownLeaf());
        return group().pendingProposals().stream()
                .filter(pending -> pending.proposal() instanceof Proposal.Update
                        && pending.sender().equals(own))
                .reduce((former, later) -> later)
                .orElseThrow();
    }

    // ---- what happens

    /** Has everybody receive a proposal, but the one who made it. */
    void spread(MlsMessage proposal, Optional<Actor> from) throws MlsException {
        for (Actor member : cast.members()) {
            if (!from.equals(Optional.of(member))) {
                member.group().receive(Scene.wire(proposal));
            }
        }
        proposals.add(Scene.wire(proposal));
    }

    // ---- what is taken

    /** Adds a message for members. */
    void add(String name, MlsMessage message, MessageSealer.Author author) throws MlsException {
        Insider insider = sender().insider();
        MessageSealer sealer = new MessageSealer(insider, author, cast.ring(), group().pendingProposals());
        if (message.body() instanceof PublicMessage body) {
            Field opened = Schemas.MESSAGE.readAll("message", Bytes.wrap(message.encoded()));
            Specimen.Sealer toWire = root -> {
                Optional<Bytes> authenticator = sealer.seal(new Frame(root, 1));
                return new Specimen.Sealed(root.encode(), authenticator);
            };
            add("public " + name, opened, toWire, recipients(Optional.of(body)));
            return;
        }
        PrivateSealer cipher = new PrivateSealer(insider);
        Specimen.Sealer toWire = root -> {
            Optional<Bytes> authenticator = sealer.seal(new Frame(root, 2));
            return new Specimen.Sealed(cipher.seal(root), authenticator);
        };
        add("private " + name, cipher.open(message), toWire, recipients(Optional.empty()));
    }

    /** Adds a message for anybody, about this epoch. */
    void add(String name, Field opened, Specimen.Sealer sealer, Recipient recipient) throws MlsException {
        add(
                name,
                opened,
                sealer,
                recipient,
                new Place(Bytes.EMPTY, Set.of()),
                group().state().tree());
    }

    /** Adds a message for anybody, about the epoch that has this tree. */
    void add(String name, Field opened, Specimen.Sealer sealer, Recipient recipient, Place place, RatchetTree tree)
            throws MlsException {
        // The sealer makes a path of its own, whose keys other fields of the message may repeat.
        sealer.seal(opened);
        Specimen specimen = new Specimen(name, opened, sealer, recipient, place);
        specimen.lend(Mutation.OF_THE_TREE, Schemas.RATCHET_TREE.readAll("tree", SuiteCrypto.encode(tree)));
        made.add(specimen);
    }
}
