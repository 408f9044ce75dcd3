package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.rules.ProposalTrial;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.tree.LeafIndex;

/**
 * Picks the received proposals that go into one Commit: as many as make a valid list together with what the committer proposes
 * itself, which always stays (RFC 9420 §12.4). Of proposals that exclude each other it prefers Removes to Updates, the latest of
 * several Updates, and anything to a ReInit (§12.2); otherwise what came first.
 *
 * <p>Members may propose what is valid alone and not beside the proposals or the leaves of others. So that nobody can keep the
 * committer from committing, all are tried at once, and while that fails one half after the other: the work is proportional to
 * the number of proposals, but for a logarithm.
 */
final class ProposalSelection {
    /** What the committer cannot see by itself. */
    interface Checks {
        /** Checks a proposal once more, if {@code trial} changes the extensions that it was judged by when it came. */
        void again(ResolvedProposal proposal, ProposalTrial trial) throws MlsException;

        /** Checks a whole list against the rules of the application. */
        void together(List<ResolvedProposal> proposals) throws ValidationException;

        /** Whether a pre-shared key is at hand. */
        boolean hasPsk(PreSharedKeyId id);
    }

    /** Those that are chosen, and those that are not with the reason of each. */
    record Result(List<ResolvedProposal> chosen, List<StagedCommit.LeftOut> leftOut) {}

    private final LeafIndex committer;
    private final List<ResolvedProposal> byValue;
    private final Checks checks;
    private final Map<ResolvedProposal, MlsException> leftOut = new LinkedHashMap<>();

    /** @param byValue what the committer itself proposes */
    ProposalSelection(LeafIndex committer, List<ResolvedProposal> byValue, Checks checks) {
        this.committer = committer;
        this.byValue = byValue;
        this.checks = checks;
    }

    /**
     * @param received in the order they came
     * @param own the group with the committer's new leaf
     */
    Result select(List<ResolvedProposal> received, ProposalTrial own) {
        if (received.isEmpty()) {
            return new Result(List.of(), List.of());
        }
        List<ResolvedProposal> chosen = choose(candidates(received), own);
        for (ResolvedProposal proposal : received) {
            if (proposal.proposal() instanceof Proposal.ReInit) {
                if (chosen.isEmpty() && byValue.isEmpty()) {
                    chosen = choose(List.of(proposal), own);
                } else {
                    leaveOut(proposal, Rule.REINIT_NOT_ALONE);
                }
            }
        }
        return new Result(
                chosen,
                leftOut.entrySet().stream()
                        .map(entry -> new StagedCommit.LeftOut(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private void leaveOut(ResolvedProposal proposal, Rule rule) {
        leftOut.put(proposal, new ValidationException(rule));
    }

    // ---- which may stand in one list with each other

    /** Those that the other proposals leave a place, in the order in which they are tried: what makes others fit first. */
    private List<ResolvedProposal> candidates(List<ResolvedProposal> received) {
        List<ResolvedProposal> out = new ArrayList<>();
        if (byValue.stream().anyMatch(own -> own.proposal() instanceof Proposal.ReInit)) {
            received.stream()
                    .filter(is(Proposal.ReInit.class).negate())
                    .forEach(proposal -> leaveOut(proposal, Rule.REINIT_NOT_ALONE));
            return out;
        }
        Set<LeafIndex> removed = new HashSet<>();
        // Ordered: its time does not depend on what an attacker made the hash codes to be.
        Set<Bytes> psks = new TreeSet<>();
        for (ResolvedProposal own : byValue) {
            if (own.proposal() instanceof Proposal.Remove remove) {
                removed.add(remove.removed());
            } else if (own.proposal() instanceof Proposal.PreSharedKey psk) {
                psks.add(SuiteCrypto.encode(psk.psk()));
            }
        }
        chooseRemoves(received, removed, out);
        received.stream().filter(is(Proposal.GroupContextExtensions.class)).forEach(out::add);
        chooseUpdates(received, removed, out);
        received.stream().filter(is(Proposal.Custom.class)).forEach(out::add);
        received.stream().filter(is(Proposal.Add.class)).forEach(out::add);
        choosePsks(received, psks, out);
        return out;
    }

    private static Predicate<ResolvedProposal> is(Class<? extends Proposal> kind) {
        return resolved -> kind.isInstance(resolved.proposal());
    }

    private void chooseRemoves(List<ResolvedProposal> received, Set<LeafIndex> removed, List<ResolvedProposal> out) {
        for (ResolvedProposal resolved : received) {
            if (resolved.proposal() instanceof Proposal.Remove remove) {
                if (remove.removed().equals(committer)) {
                    leaveOut(resolved, Rule.REMOVE_OF_COMMITTER);
                } else if (!removed.add(remove.removed())) {
                    leaveOut(resolved, Rule.SAME_LEAF_TWICE);
                } else {
                    out.add(resolved);
                }
            }
        }
    }

    private void chooseUpdates(List<ResolvedProposal> received, Set<LeafIndex> removed, List<ResolvedProposal> out) {
        Map<LeafIndex, ResolvedProposal> latest = new LinkedHashMap<>();
        for (ResolvedProposal resolved : received) {
            if (resolved.proposal() instanceof Proposal.Update && resolved.sender() instanceof Sender.Member sender) {
                if (sender.leafIndex().equals(committer)) {
                    leaveOut(resolved, Rule.UPDATE_BY_COMMITTER);
                } else if (removed.contains(sender.leafIndex())) {
                    leaveOut(resolved, Rule.SAME_LEAF_TWICE);
                } else {
                    Optional.ofNullable(latest.put(sender.leafIndex(), resolved))
                            .ifPresent(earlier -> leaveOut(earlier, Rule.SAME_LEAF_TWICE));
                }
            }
        }
        out.addAll(latest.values());
    }

    private void choosePsks(List<ResolvedProposal> received, Set<Bytes> psks, List<ResolvedProposal> out) {
        for (ResolvedProposal resolved : received) {
            if (resolved.proposal() instanceof Proposal.PreSharedKey psk) {
                if (!checks.hasPsk(psk.psk())) {
                    leaveOut(resolved, Rule.PSK_UNKNOWN);
                } else if (psks.size() >= PskSecret.MAX_COUNT) {
                    leaveOut(resolved, Rule.PSK_COUNT);
                } else if (!psks.add(SuiteCrypto.encode(psk.psk()))) {
                    leaveOut(resolved, Rule.PSK_TWICE);
                } else {
                    out.add(resolved);
                }
            }
        }
    }

    // ---- which fit all members

    private List<ResolvedProposal> choose(List<ResolvedProposal> candidates, ProposalTrial own) {
        Set<ResolvedProposal> before = Set.copyOf(leftOut.keySet());
        List<ResolvedProposal> chosen = choose(candidates, own, trial -> {});
        try {
            checks.together(withOwn(chosen));
            return chosen;
        } catch (ValidationException e) {
            // The application is asked about parts of the list only where it refuses the whole.
            leftOut.keySet().retainAll(before);
            return choose(candidates, own, trial -> checks.together(withOwn(receivedIn(trial))));
        }
    }

    /** A rule about a list that is in the making. */
    private interface ListRule {
        void check(ProposalTrial trial) throws ValidationException;
    }

    private List<ResolvedProposal> choose(List<ResolvedProposal> candidates, ProposalTrial own, ListRule rule) {
        try {
            ProposalTrial all = own.with(candidates);
            for (ResolvedProposal candidate : candidates) {
                checks.again(candidate, all);
            }
            rule.check(all);
            return candidates;
        } catch (MlsException e) {
            // By hand: Android 26 has no Stream.takeWhile.
            Predicate<ResolvedProposal> first = is(Proposal.Remove.class).or(is(Proposal.GroupContextExtensions.class));
            int front = 0;
            while (front < candidates.size() && first.test(candidates.get(front))) {
                front++;
            }
            ProposalTrial trial = admit(own, candidates.subList(0, front), rule);
            // §12.3: the new extensions are in force when the other proposals are judged.
            List<ResolvedProposal> others = stillValid(candidates.subList(front, candidates.size()), trial);
            return receivedIn(admit(trial, others, rule));
        }
    }

    private List<ResolvedProposal> stillValid(List<ResolvedProposal> some, ProposalTrial trial) {
        List<ResolvedProposal> out = new ArrayList<>();
        for (ResolvedProposal proposal : some) {
            try {
                checks.again(proposal, trial);
                out.add(proposal);
            } catch (MlsException e) {
                leftOut.put(proposal, e);
            }
        }
        return out;
    }

    /** All of {@code some} that fit, each beside those that were taken before. */
    private ProposalTrial admit(ProposalTrial trial, List<ResolvedProposal> some, ListRule rule) {
        if (some.isEmpty()) {
            return trial;
        }
        try {
            ProposalTrial next = trial.with(some);
            rule.check(next);
            return next;
        } catch (MlsException e) {
            if (some.size() == 1) {
                leftOut.put(some.get(0), e);
                return trial;
            }
            int half = some.size() / 2;
            return admit(admit(trial, some.subList(0, half), rule), some.subList(half, some.size()), rule);
        }
    }

    private static List<ResolvedProposal> receivedIn(ProposalTrial trial) {
        return trial.proposals().stream()
                .filter(proposal -> proposal.ref().isPresent())
                .toList();
    }

    private List<ResolvedProposal> withOwn(List<ResolvedProposal> chosen) {
        List<ResolvedProposal> out = new ArrayList<>(chosen);
        out.addAll(byValue);
        return out;
    }
}
