package org.coppice.mls.group;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.tree.RatchetTree;

/** How a new group has to fit the one that it continues (RFC 9420 §11.2, §11.3, §12.4.3.1). */
final class Resumption {
    private final CredentialValidator validator;

    Resumption(CredentialValidator validator) {
        this.validator = validator;
    }

    /** The one PSK of usage reinit or branch, if there is one. */
    static Optional<PreSharedKeyId.Resumption> linkIn(List<PreSharedKeyId> psks) throws ValidationException {
        Optional<PreSharedKeyId.Resumption> link = Optional.empty();
        for (PreSharedKeyId psk : psks) {
            if (psk instanceof PreSharedKeyId.Resumption resumption
                    && resumption.usage() != ResumptionPskUsage.APPLICATION) {
                if (link.isPresent()) {
                    throw new ValidationException(Rule.WELCOME_PSKS);
                }
                link = Optional.of(resumption);
            }
        }
        return link;
    }

    /** Checks a group that is about to be joined against the one that it has to continue, if one is linked or named. */
    void check(Optional<PreSharedKeyId.Resumption> link, Optional<Group> predecessor, GroupState joined)
            throws ValidationException {
        if (link.isPresent()) {
            checkLinked(link.get(), predecessor, joined);
        } else if (predecessor.isPresent()) {
            Rule mismatch = predecessor.get().reInit().isPresent() ? Rule.REINIT_MISMATCH : Rule.BRANCH_MISMATCH;
            throw new ValidationException(mismatch, "it does not continue the group that was named");
        }
    }

    private void checkLinked(PreSharedKeyId.Resumption link, Optional<Group> predecessor, GroupState joined)
            throws ValidationException {
        if (joined.epoch() != 1) {
            throw new ValidationException(Rule.RESUMPTION_EPOCH);
        }
        boolean reinit = link.usage() == ResumptionPskUsage.REINIT;
        Rule mismatch = reinit ? Rule.REINIT_MISMATCH : Rule.BRANCH_MISMATCH;
        Group old = predecessor
                .filter(group -> group.groupId().equals(link.pskGroupId()))
                .orElseThrow(() -> new ValidationException(mismatch, "the group it continues is not at hand"));
        if (reinit) {
            checkReInit(link, old, joined);
        } else {
            checkBranch(link, old, joined);
        }
    }

    private void checkBranch(PreSharedKeyId.Resumption link, Group old, GroupState joined) throws ValidationException {
        GroupContext context = joined.context();
        // §11.2: who waits for the successor must not take for it what need not have its members and extensions.
        // Subgroups that were made before the group ended may still be joined.
        if (old.reInit().isPresent()
                && (link.pskEpoch() == old.epoch()
                        || context.groupId().equals(old.reInit().get().groupId()))) {
            throw new ValidationException(Rule.REINIT_MISMATCH, "a subgroup in the place of the successor");
        }
        GroupContext oldContext = old.state().context();
        if (!context.version().equals(oldContext.version())
                || !context.cipherSuite().equals(oldContext.cipherSuite())) {
            throw new ValidationException(Rule.BRANCH_MISMATCH);
        }
        checkSubset(joined.tree(), old.state().tree(), Rule.BRANCH_MEMBERS);
    }

    private void checkReInit(PreSharedKeyId.Resumption link, Group old, GroupState joined) throws ValidationException {
        Proposal.ReInit reInit = old.reInit()
                .orElseThrow(() -> new ValidationException(Rule.REINIT_MISMATCH, "the old group has no ReInit"));
        GroupContext context = joined.context();
        if (link.pskEpoch() != old.epoch()
                || !context.groupId().equals(reInit.groupId())
                || !context.version().equals(reInit.version())
                || !context.cipherSuite().equals(reInit.cipherSuite())
                || !context.extensions().equals(reInit.extensions())) {
            throw new ValidationException(Rule.REINIT_MISMATCH);
        }
        checkSubset(old.state().tree(), joined.tree(), Rule.REINIT_MEMBERS);
    }

    /** Every client of {@code smaller} is in {@code larger}, in the application's judgement. */
    void checkSubset(RatchetTree smaller, RatchetTree larger, Rule rule) throws ValidationException {
        if (!identities(larger).containsAll(identities(smaller))) {
            throw new ValidationException(rule);
        }
    }

    Set<Bytes> identities(RatchetTree tree) {
        Set<Bytes> out = new HashSet<>();
        tree.forEachLeaf((index, leaf) -> out.add(validator.identity(
                new IdentityClaim(leaf.credential(), leaf.signatureKey(), IdentityClaim.Event.JOIN))));
        return out;
    }
}
