package org.coppice.mls.group;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.rules.Claims;
import org.coppice.mls.rules.CommitChecker;
import org.coppice.mls.rules.CommitKind;
import org.coppice.mls.rules.JoinChecks;
import org.coppice.mls.rules.ProposalRules;
import org.coppice.mls.rules.Transition;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.PathBuilder;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.UpdatePath;

/** Joins a group by a Commit of its own making (RFC 9420 §12.4.3.2). */
final class ExternalJoiner {
    private final MlsClient client;
    private final Environment environment;
    private final SuiteCrypto crypto;
    private final ExternalJoinRequest request;

    ExternalJoiner(MlsClient client, ExternalJoinRequest request) {
        this.client = client;
        this.environment = client.environment();
        this.crypto = client.crypto();
        this.request = request;
    }

    ExternalJoin join() throws MlsException {
        GroupContext context = request.groupInfo().groupContext();
        if (environment.store().groups().contains(context.groupId()) && !request.replaces()) {
            throw new ValidationException(Rule.GROUP_ID_IN_USE);
        }
        // §12: the epoch is a uint64 that only grows.
        if (context.epoch() == -1L) {
            throw new ValidationException(Rule.EPOCH_EXHAUSTED);
        }
        JoinChecks.checkOwnSupport(client.capabilities(), context.extensions());
        JoinChecks checks = new JoinChecks(environment, crypto);
        RatchetTree tree = checks.tree(request.groupInfo(), request.ratchetTree());
        GroupState state = checks.check(request.groupInfo(), tree);
        SuiteCrypto.ExternalInitSecret init = crypto.externalInit(checks.externalPub(request.groupInfo()));
        try (InitSecret initSecret = InitSecret.wrap(init.initSecret())) {
            return commit(state, init.kemOutput(), initSecret);
        }
    }

    private ExternalJoin commit(GroupState state, Bytes kemOutput, InitSecret initSecret) throws MlsException {
        Sender sender = new Sender.NewMemberCommit();
        List<Proposal> proposals = new ArrayList<>();
        proposals.add(new Proposal.ExternalInit(kemOutput));
        request.oldLeaf(state, client).ifPresent(leaf -> proposals.add(new Proposal.Remove(leaf)));
        request.psks(() -> Bytes.wrap(environment.randomness().bytes(crypto.hashLength())))
                .forEach(psk -> proposals.add(new Proposal.PreSharedKey(psk)));
        List<ResolvedProposal> resolved = proposals.stream()
                .map(proposal -> new ResolvedProposal(proposal, sender, Optional.empty()))
                .toList();
        Instant now = environment.clock().instant();
        ProposalRules rules = new ProposalRules(environment, crypto);
        Transition transition = Transition.of(
                state,
                sender,
                CommitKind.EXTERNAL,
                resolved,
                CommitChecker.checks(state, CommitKind.EXTERNAL, now, new Claims(), rules, environment));
        LeafIndex self = transition.tree().nextFreeLeaf();
        try (PreparedPath path = PathBuilder.prepare(
                transition.tree(), self, client.leafContent(), state.groupId(), crypto, client.signer(), null)) {
            rules.validator(state.context(), transition.extensions(), now)
                    .validateOwn(path.leafNode(), LeafNodeSource.Kind.COMMIT);
            transition.checkResult(path.tree());
            // §12.2: the members refuse it, too, if the leaf to be replaced is another client's.
            Claims claims = new Claims();
            transition.removed().forEach(old -> claims.resync(old.leafNode(), path.leafNode()));
            claims.judge(environment.validator());
            return sign(state, transition, proposals, path, initSecret);
        }
    }

    private ExternalJoin sign(
            GroupState state, Transition transition, List<Proposal> proposals, PreparedPath path, InitSecret initSecret)
            throws MlsException {
        GroupContext provisional = state.context().provisional(path.tree().treeHash(), transition.extensions());
        UpdatePath updatePath =
                path.encrypt(SuiteCrypto.encode(provisional), transition.addedLeaves(), environment.workers());
        List<Commit.ProposalOrRef> entries = proposals.stream()
                .map(proposal -> (Commit.ProposalOrRef) new Commit.ByValue(proposal))
                .toList();
        FramedContent framed = FramedContent.of(
                new FramedContent.Header(state.groupId(), state.epoch(), request.authenticatedData()),
                new Sender.NewMemberCommit(),
                new Content.Commit(new Commit(entries, Optional.of(updatePath))));
        AuthenticatedContent signed = AuthenticatedContent.sign(
                WireFormat.PUBLIC_MESSAGE, framed, state.encodedContext(), crypto, client.signer());
        try (PskSecret psk = PskLookup.outside(environment.psks()).secretOf(transition.psks(), crypto);
                CommitSecret commitSecret =
                        CommitSecret.wrap(path.commitSecret().copy());
                NextEpoch next = NextEpoch.derive(
                        state,
                        provisional,
                        path.tree(),
                        signed,
                        new NextEpoch.Inputs(initSecret, commitSecret, psk),
                        crypto)) {
            PublicMessage message = PublicMessage.protect(
                    signed.withConfirmationTag(next.state().confirmationTag()),
                    state.encodedContext(),
                    input -> Bytes.EMPTY);
            return new ExternalJoin(
                    client, new MlsMessage(message), next.state(), next.takeSecrets(), path.takePrivateKeys());
        }
    }
}
