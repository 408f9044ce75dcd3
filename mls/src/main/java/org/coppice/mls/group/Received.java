package org.coppice.mls.group;

import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;

/** What a message turned out to be, once everything about it was verified. */
public sealed interface Received {
    /**
     * Data of the application.
     *
     * @param sender who sent it, as a member of the epoch it was sent in
     * @param data the data
     * @param authenticatedData data that were authenticated, not encrypted
     * @param epoch the epoch it was sent in, an unsigned 64-bit number; may be a past one
     * @param generation the sender's count of application messages in that epoch, from 0; gaps hint at lost messages
     */
    record Application(Member sender, Bytes data, Bytes authenticatedData, long epoch, long generation)
            implements Received {
        /** Checks that nothing is missing. */
        public Application {
            Objects.requireNonNull(sender, "sender");
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(authenticatedData, "authenticatedData");
        }

        /** Lengths and numbers only. */
        @Override
        public String toString() {
            return "Application[leaf " + sender.leafIndex() + ", " + data.length() + " bytes, epoch "
                    + Long.toUnsignedString(epoch) + ", generation " + generation + "]";
        }
    }

    /**
     * A valid proposal, which the group now keeps until the epoch ends.
     *
     * @param ref its reference
     * @param proposal the proposal
     * @param sender who sent it
     * @param authenticatedData data that were authenticated
     */
    record ProposalCached(ProposalRef ref, Proposal proposal, Sender sender, Bytes authenticatedData)
            implements Received {
        /** Checks that nothing is missing. */
        public ProposalCached {
            Objects.requireNonNull(ref, "ref");
            Objects.requireNonNull(proposal, "proposal");
            Objects.requireNonNull(sender, "sender");
            Objects.requireNonNull(authenticatedData, "authenticatedData");
        }
    }

    /**
     * A valid Commit, which changes nothing until it is merged. The receiver of this closes it, unless it is merged.
     *
     * @param commit the staged Commit
     * @param authenticatedData data that were authenticated
     */
    record CommitStaged(StagedCommit commit, Bytes authenticatedData) implements Received {
        /** Checks that nothing is missing. */
        public CommitStaged {
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(authenticatedData, "authenticatedData");
        }
    }

    /**
     * A message that this client sent itself, echoed by the delivery service. Late echoes are known as long as the policy keeps their
     * epoch ({@link org.coppice.mls.environment.GroupPolicy#pastEpochs}), such as that of a Commit which was merged already.
     *
     * <p>An old copy of the client's state, put in the place of a newer one, does not know what was sent since; nor does a copy that
     * runs beside another. What {@code fromElsewhere} says is certain: nobody without this client's signature key can bring it about.
     * Such a state must send nothing more, or it would use keys a second time: the client has to join anew.
     *
     * <p>With neither, it is a message to pass over, and no evidence that this client sent it: of a past epoch the signature cannot always
     * be checked, so that others can make one which looks like it. It brings nothing and changes nothing.
     *
     * @param type what it carries
     * @param epoch the epoch it was sent in, an unsigned 64-bit number; may be a past one
     * @param commit for the echo of a Commit that waits, that Commit, now ready to be merged
     * @param fromElsewhere whether this state did not send it: a message under a key that this state has not used, or a public
     *     proposal of the present epoch that it does not have. A public Commit that it does not have may be one that it dropped:
     *     the caller knows.
     */
    record Own(ContentType type, long epoch, Optional<StagedCommit> commit, boolean fromElsewhere) implements Received {
        /** Checks that nothing is missing. */
        public Own {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(commit, "commit");
        }
    }
}
