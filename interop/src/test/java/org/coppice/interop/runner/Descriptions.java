package org.coppice.interop.runner;

import com.google.protobuf.ByteString;
import org.coppice.interop.wire.ProposalDescription;

/** Proposals that a script describes. */
final class Descriptions {
    private Descriptions() {}

    static ProposalDescription of(Play play, Step proposal) {
        String type = proposal.text("proposalType");
        ProposalDescription.Builder out =
                ProposalDescription.newBuilder().setProposalType(ByteString.copyFromUtf8(type));
        switch (type) {
            case "add" -> out.setKeyPackage(play.load(proposal.number("keyPackage"), "key_package"));
            case "remove" -> out.setRemovedId(ByteString.copyFromUtf8(proposal.text("removed")));
            case "externalPSK" -> out.setPskId(play.load(proposal.number("pskID"), "psk_id"));
            case "resumptionPSK" -> out.setEpochId(proposal.number("epochID"));
            case "groupContextExtensions" -> out.addAllExtensions(proposal.extensions());
            case "reinit" -> {
                if (proposal.flag("changeCipherSuite")) {
                    play.changeSuite();
                }
                out.addAllExtensions(proposal.extensions())
                        .setCipherSuite(play.suite())
                        .setGroupId(SuccessorActions.groupId(play, proposal));
            }
            default -> throw new IllegalArgumentException("unknown type of proposal: " + type);
        }
        return out.build();
    }
}
