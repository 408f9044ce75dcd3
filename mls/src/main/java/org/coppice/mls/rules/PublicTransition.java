package org.coppice.mls.rules;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.framing.VerifiedContent;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.schedule.TranscriptHash;

/** The public state that a checked Commit leads to, as far as it follows without secrets. */
public final class PublicTransition {
    private PublicTransition() {}

    /** The next state; the Commit's confirmation tag is taken as it came, because only members can check it. */
    public static GroupState nextState(
            GroupState state, CommitChecker.Checked checked, VerifiedContent content, SuiteCrypto crypto) {
        Bytes confirmed = TranscriptHash.confirmed(
                state.interimTranscriptHash(), content.authenticated().confirmedTranscriptHashInput(), crypto);
        GroupContext context = checked.provisional().withConfirmedTranscriptHash(confirmed);
        Bytes tag = content.confirmationTag().orElseThrow();
        return new GroupState(context, checked.tree(), TranscriptHash.interim(confirmed, tag, crypto), tag);
    }
}
