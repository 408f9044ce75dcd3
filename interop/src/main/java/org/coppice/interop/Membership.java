package org.coppice.interop;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ProposalType;

/**
 * One member's view of one group: what the interface calls a state. It keeps its number through all epochs. Thread safe, as the
 * runner's calls come on any thread; whoever uses {@link #group()} holds this object's lock.
 */
final class Membership {
    /** What may be committed without a path (RFC 9420 §17.4). */
    private static final Set<ProposalType> PATHLESS = Set.of(ProposalType.ADD, ProposalType.PSK, ProposalType.REINIT);

    private final Participant participant;
    private final Group group;
    private final boolean encryptHandshake;
    /**
     * The proposals of this epoch, by their bytes: the runner hands each of them over again with every Commit, the own ones, which no
     * member can decrypt, included.
     */
    private final Map<ByteString, ProposalRef> known = new HashMap<>();

    private Optional<StagedCommit> pending = Optional.empty();

    Membership(Participant participant, Group group, boolean encryptHandshake) {
        this.participant = participant;
        this.group = group;
        this.encryptHandshake = encryptHandshake;
    }

    Participant participant() {
        return participant;
    }

    Group group() {
        return group;
    }

    boolean encryptsHandshake() {
        return encryptHandshake;
    }

    /** Makes proposals for the present epoch. */
    synchronized Proposals proposals() {
        return new Proposals(group.state().context(), group.state().tree(), group.crypto());
    }

    synchronized ByteString propose(Proposal proposal) throws MlsException {
        return remember(group.propose(proposal, options()));
    }

    synchronized ByteString proposeUpdate() throws MlsException {
        return remember(group.proposeUpdate(LeafUpdate.KEY_ONLY, options()));
    }

    private WireFormat wireFormat() {
        return encryptHandshake ? WireFormat.PRIVATE_MESSAGE : WireFormat.PUBLIC_MESSAGE;
    }

    private SendOptions options() {
        return SendOptions.DEFAULT.withWireFormat(wireFormat());
    }

    private ByteString remember(MlsMessage own) {
        List<ResolvedProposal> all = group.pendingProposals();
        ByteString encoded = Wire.bytes(own);
        known.put(encoded, all.get(all.size() - 1).ref().orElseThrow());
        return encoded;
    }

    private ProposalRef take(ByteString encoded) throws MlsException {
        ProposalRef ref = known.get(encoded);
        if (ref == null) {
            Received received = group.receive(Wire.message(encoded));
            if (received instanceof Received.ProposalCached proposal) {
                ref = proposal.ref();
                known.put(encoded, ref);
            } else {
                if (received instanceof Received.CommitStaged staged) {
                    staged.commit().close();
                }
                throw new IllegalArgumentException("a proposal was expected");
            }
        }
        return ref;
    }

    /**
     * Makes a Commit of exactly the proposals that are named, and keeps it until {@link #enterPending}, in place of one that was
     * made before.
     *
     * @param byReference as they were sent
     * @param forcePath whether there has to be a path; otherwise there is one where it may not be left out
     * @param externalTree whether the tree stays out of the Welcome
     * @throws MlsException if a proposal is refused, or cannot stand beside the others
     */
    synchronized StagedCommit commit(
            List<ByteString> byReference, List<Proposal> byValue, boolean forcePath, boolean externalTree)
            throws MlsException {
        Set<ProposalRef> wanted = new HashSet<>();
        for (ByteString encoded : byReference) {
            wanted.add(take(encoded));
        }
        CommitBuilder commit = group.commit().wireFormat(wireFormat());
        List<Proposal> covered = new ArrayList<>(byValue);
        for (ResolvedProposal proposal : group.pendingProposals()) {
            ProposalRef ref = proposal.ref().orElseThrow();
            if (wanted.contains(ref)) {
                covered.add(proposal.proposal());
            } else {
                commit.without(ref);
            }
        }
        byValue.forEach(commit::propose);
        if (!forcePath
                && !covered.isEmpty()
                && covered.stream().allMatch(proposal -> PATHLESS.contains(proposal.type()))) {
            commit.withoutPath();
        }
        if (externalTree) {
            commit.withoutTreeInWelcome();
        }
        dropPending();
        StagedCommit staged = commit.build();
        if (!staged.leftOut().isEmpty()) {
            dropPending();
            throw staged.leftOut().get(0).reason();
        }
        pending = Optional.of(staged);
        return staged;
    }

    private void dropPending() {
        group.clearPendingCommits();
        pending = Optional.empty();
    }

    /** Enters the epoch of the own Commit; throws {@link IllegalStateException} if none waits. */
    synchronized void enterPending() {
        enter(pending.orElseThrow(() -> new IllegalStateException("no Commit of this member waits")));
    }

    /** Takes proposals, those it knows already included, and enters the epoch of a Commit. */
    synchronized void handle(List<ByteString> proposals, ByteString commit) throws MlsException {
        for (ByteString proposal : proposals) {
            take(proposal);
        }
        Received received = group.receive(Wire.message(commit));
        if (received instanceof Received.CommitStaged staged) {
            enter(staged.commit());
        } else if (received instanceof Received.Own own && own.commit().isPresent()) {
            enter(own.commit().get());
        } else {
            throw new IllegalArgumentException("a Commit was expected");
        }
    }

    private void enter(StagedCommit commit) {
        group.merge(commit);
        known.clear();
        pending = Optional.empty();
    }

    /** The epoch_authenticator; nothing once the member was removed. */
    synchronized ByteString epochAuthenticator() {
        return group.status() == GroupStatus.REMOVED ? ByteString.EMPTY : Wire.bytes(group.epochAuthenticator());
    }

    synchronized void close() {
        group.close();
    }
}
