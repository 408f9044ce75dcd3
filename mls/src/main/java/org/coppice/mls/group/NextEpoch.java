package org.coppice.mls.group;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.TranscriptHash;
import org.coppice.mls.tree.RatchetTree;

/** The key schedule of the epoch that a Commit begins (RFC 9420 §8, §12.4.1), as committer and receivers compute it alike. */
final class NextEpoch implements AutoCloseable {
    private final GroupState state;
    private final JoinerSecret joinerSecret;
    private final MemberSecret memberSecret;
    private EpochSecrets secrets;

    private NextEpoch(GroupState state, JoinerSecret joinerSecret, MemberSecret memberSecret, EpochSecrets secrets) {
        this.state = state;
        this.joinerSecret = joinerSecret;
        this.memberSecret = memberSecret;
        this.secrets = secrets;
    }

    /** The three secrets that flow into an epoch; whoever made them closes them. */
    record Inputs(InitSecret init, CommitSecret commit, PskSecret psk) {}

    /**
     * @param provisional the context of the new epoch with the old confirmed transcript hash
     * @param tree the tree of the new epoch
     * @param commit the signed Commit; its confirmation tag does not matter here
     */
    static NextEpoch derive(
            GroupState from,
            GroupContext provisional,
            RatchetTree tree,
            AuthenticatedContent commit,
            Inputs inputs,
            SuiteCrypto crypto) {
        Bytes confirmed =
                TranscriptHash.confirmed(from.interimTranscriptHash(), commit.confirmedTranscriptHashInput(), crypto);
        GroupContext context = provisional.withConfirmedTranscriptHash(confirmed);
        Bytes encoded = SuiteCrypto.encode(context);
        JoinerSecret joiner = JoinerSecret.derive(inputs.init(), inputs.commit(), encoded, crypto);
        MemberSecret member = MemberSecret.derive(joiner, inputs.psk(), crypto);
        EpochSecrets secrets = member.epochSecrets(encoded);
        Bytes tag = secrets.confirmationTag(confirmed);
        GroupState state = new GroupState(context, tree, TranscriptHash.interim(confirmed, tag, crypto), tag);
        return new NextEpoch(state, joiner, member, secrets);
    }

    GroupState state() {
        return state;
    }

    JoinerSecret joinerSecret() {
        return joinerSecret;
    }

    MemberSecret memberSecret() {
        return memberSecret;
    }

    EpochSecrets secrets() {
        return Objects.requireNonNull(secrets, "taken");
    }

    /** Hands over the epoch's secrets, which then outlive this object. */
    EpochSecrets takeSecrets() {
        EpochSecrets out = secrets();
        secrets = null;
        return out;
    }

    @Override
    public void close() {
        joinerSecret.close();
        memberSecret.close();
        if (secrets != null) {
            secrets.close();
        }
    }
}
