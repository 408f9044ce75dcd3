package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalProposer;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;

/** Proposals of every type and sender (RFC 9420 §12.1), and application messages. */
final class ProposalSpecimens {
    private final Stage stage;
    private final Cast cast;

    ProposalSpecimens(Stage stage) {
        this.stage = stage;
        this.cast = stage.cast();
    }

    void make() throws MlsException {
        for (Proposal proposal : proposals()) {
            String type = name(proposal);
            // Made by an insider: the sender's own group stays without proposals, or it could send nothing else.
            Insider insider = stage.sender().insider();
            stage.add(type + " proposal", Scene.wire(insider.proposal(proposal)), stage.author());
        }
        for (WireFormat format : List.of(WireFormat.PUBLIC_MESSAGE, WireFormat.PRIVATE_MESSAGE)) {
            SendOptions options = SendOptions.DEFAULT.withWireFormat(format);
            stage.add(
                    "update proposal",
                    Scene.wire(stage.twin().proposeUpdate(LeafUpdate.KEY_ONLY, options)),
                    stage.author());
        }
        stage.add("add proposal of the server", byServer(new Proposal.Add(stage.newKeyPackage())), server());
        stage.add("psk proposal of the server", byServer(cast.psk(0)), server());
        stage.add(
                "custom proposal of the server",
                byServer(Cast.openProposal("server for " + stage.sender().name())),
                server());
        stage.add("add proposal of a newcomer", newMember(), stage.author());
        stage.add(
                "application message",
                Scene.wire(stage.twin()
                        .encrypt(
                                new byte[] {1, 2, 3},
                                SendOptions.DEFAULT.withAuthenticatedData(Bytes.fromHex("0a0b")))),
                stage.author());
    }

    private List<Proposal> proposals() throws MlsException {
        List<Proposal> out = new ArrayList<>(List.of(
                new Proposal.Add(stage.newKeyPackage()),
                cast.psk(0),
                new Proposal.PreSharedKey(new PreSharedKeyId.Resumption(
                        ResumptionPskUsage.APPLICATION,
                        stage.group().groupId(),
                        stage.group().epoch(),
                        cast.nonce())),
                cast.reInit(),
                new Proposal.GroupContextExtensions(cast.otherExtensions()),
                Cast.openProposal("free")));
        stage.victim()
                .ifPresent(victim -> out.add(new Proposal.Remove(victim.group().ownLeaf())));
        return out;
    }

    private static String name(Proposal proposal) {
        if (proposal instanceof Proposal.PreSharedKey psk) {
            return psk.psk() instanceof PreSharedKeyId.External ? "psk" : "resumption psk";
        }
        return proposal instanceof Proposal.GroupContextExtensions
                ? "extensions"
                : proposal.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private MessageSealer.Author server() {
        return new MessageSealer.Author(cast.server(), stage.author().leaf());
    }

    /** A proposal of the group's external sender. */
    MlsMessage byServer(Proposal proposal) throws MlsException {
        FramedContent.Header header =
                new FramedContent.Header(stage.group().groupId(), stage.group().epoch(), Bytes.EMPTY);
        return Scene.wire(new ExternalProposer(stage.crypto(), cast.server(), 0).propose(header, proposal));
    }

    /** A proposal of somebody who wants to be added. */
    MlsMessage newMember() throws MlsException {
        Actor newcomer = cast.newcomer();
        KeyPackageBundle bundle = Cast.keyPackage(newcomer);
        return Scene.wire(newcomer.client()
                .proposeAdd(stage.group().groupId(), stage.group().epoch(), bundle.keyPackage()));
    }
}
