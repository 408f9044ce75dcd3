package org.coppice.client.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;

/** Turns the wish whose turn it is into bytes, in the epoch that the group is in. */
final class Maker {
    private final Account account;

    Maker(Account account) {
        this.account = account;
    }

    /** What there is to do next. */
    enum Next {
        /** Nothing, for now. */
        NOTHING,
        /** Something was made or settled: look again. */
        CHANGED,
        /** Key packages have to be claimed for the first wish. */
        CLAIM,
        /** The last member wants to leave: nobody could commit that, and nobody needs to know. */
        LEAVE
    }

    /**
     * Makes what there is to make.
     *
     * @throws IOException if the keeper of the signature key did not sign; nothing of the unit may be kept then
     */
    Next next(Unit unit, ConversationState state) throws IOException {
        Group group = account.groups().get(unit, state.groupId);
        Optional<Wishes.Queued> first = Wishes.first(unit, state.groupId);
        boolean wait = !group.pendingProposals().isEmpty();
        boolean due = wait && account.now() >= state.commitAt;
        if (wait && removes(group, group.ownLeaf()) && !(due && stayers(group).isEmpty())) {
            // Another member has to commit that; until then nothing may be sent (RFC 9420 §12.4).
            return Next.NOTHING;
        }
        if (first.isEmpty() && !due) {
            return Next.NOTHING;
        }
        if (first.isEmpty() || wait && !commits(first.get().wish())) {
            return attempt(unit, state, Optional.empty(), () -> commit(unit, state, group, 0, builder -> {}));
        }
        Wishes.Queued queued = first.get();
        if (claims(queued.wish())) {
            return Next.CLAIM;
        }
        if (queued.wish() instanceof Wish.Leave && group.state().tree().memberCount() == 1) {
            return Next.LEAVE;
        }
        return attempt(unit, state, first, () -> make(unit, state, group, queued));
    }

    /** Whether somebody's proposal to remove this leaf waits. */
    static boolean removes(Group group, LeafIndex leaf) {
        return group.pendingProposals().stream()
                .anyMatch(proposal -> proposal.proposal() instanceof Proposal.Remove remove
                        && remove.removed().equals(leaf));
    }

    /** Whether the wish whose turn it is takes a Commit, now, and has lost no race. */
    boolean isFreshCommit(Unit unit, Bytes groupId) {
        return Wishes.first(unit, groupId)
                .filter(queued -> queued.losses() == 0 && commits(queued.wish()) && !claims(queued.wish()))
                .isPresent();
    }

    private static boolean claims(Wish wish) {
        return wish instanceof Wish.Invite invite
                && invite.invitations().stream()
                        .anyMatch(invitation -> invitation.claimed().isEmpty());
    }

    private static boolean commits(Wish wish) {
        return !(wish instanceof Wish.Send) && !(wish instanceof Wish.Leave);
    }

    /** Something that may be refused by a rule. */
    @FunctionalInterface
    private interface Making {
        void run() throws MlsException;
    }

    private Next attempt(Unit unit, ConversationState state, Optional<Wishes.Queued> queued, Making making)
            throws IOException {
        try {
            making.run();
        } catch (MlsException e) {
            Problems.orSignerIsAway(e);
            String rule = rule(e);
            if (queued.isPresent()) {
                Wishes.refuse(unit, state.groupId, queued.get(), Receipt.Kind.RULE, rule + ": " + e.getMessage());
            } else {
                // Proposals that cannot be committed: the next Commit of anybody drops them.
                state.commitAt = Long.MAX_VALUE;
            }
        }
        state.save(unit);
        return Next.CHANGED;
    }

    static String rule(MlsException e) {
        return e.brokenRule().map(Rule::name).orElse("CRYPTO");
    }

    private void make(Unit unit, ConversationState state, Group group, Wishes.Queued queued) throws MlsException {
        Wish wish = queued.wish();
        if (wish instanceof Wish.Send send) {
            message(unit, state, group, queued, send);
        } else if (wish instanceof Wish.Invite invite) {
            invite(unit, state, group, queued, invite);
        } else if (wish instanceof Wish.Remove remove) {
            remove(unit, state, group, queued, remove);
        } else if (wish instanceof Wish.Leave) {
            single(
                    unit,
                    state,
                    queued.number(),
                    group,
                    group.propose(new Proposal.Remove(group.ownLeaf()), options(state, group)));
        } else if (wish instanceof Wish.Rename rename) {
            rename(unit, state, group, queued, rename);
        } else if (wish instanceof Wish.Refresh) {
            commit(unit, state, group, queued.number(), builder -> {});
        } else {
            throw new AssertionError(wish.getClass());
        }
    }

    private void message(Unit unit, ConversationState state, Group group, Wishes.Queued queued, Wish.Send send)
            throws MlsException {
        try {
            MlsMessage message = group.encrypt(
                    send.payload().encoded(), SendOptions.DEFAULT.withAuthenticatedData(EpochMark.of(group)));
            single(unit, state, queued.number(), group, message);
        } catch (ValidationException e) {
            if (e.rule() != Rule.AEAD_LIMIT) {
                throw e;
            }
            // The keys of this epoch have served enough.
            commit(unit, state, group, 0, builder -> {});
        }
    }

    private void single(Unit unit, ConversationState state, long wish, Group group, MlsMessage message) {
        new Outgoing(newRequest(), wish, group.epoch(), new Outgoing.Single(message)).save(unit, state.groupId);
    }

    private RequestId newRequest() {
        return RequestId.random(account.environment().randomness());
    }

    private static WireFormat format(ConversationState state) {
        return state.handshakes == HandshakePolicy.PUBLIC ? WireFormat.PUBLIC_MESSAGE : WireFormat.PRIVATE_MESSAGE;
    }

    private static SendOptions options(ConversationState state, Group group) {
        return SendOptions.DEFAULT.withWireFormat(format(state)).withAuthenticatedData(EpochMark.of(group));
    }

    private void invite(Unit unit, ConversationState state, Group group, Wishes.Queued queued, Wish.Invite invite)
            throws MlsException {
        Set<ClientId> present = new HashSet<>();
        group.state()
                .tree()
                .forEachLeaf(
                        (leaf, node) -> present.add(account.groups().names().of(node)));
        List<KeyPackage> added = new ArrayList<>();
        Set<ClientId> without = new LinkedHashSet<>();
        for (Wish.Invitation invitation : invite.invitations()) {
            without.addAll(invitation.clients());
            for (ClaimResult.Claimed claimed :
                    invitation.claimed().orElseThrow().claimed()) {
                Optional<KeyPackage> usable =
                        invitation.target().includes(claimed.client()) ? usable(claimed, group) : Optional.empty();
                if (usable.isPresent() && present.add(claimed.client())) {
                    added.add(usable.get());
                }
            }
        }
        without.removeAll(present);
        if (added.isEmpty()) {
            if (without.isEmpty()) {
                Wishes.done(unit, state.groupId, queued, List.of());
            } else {
                Wishes.refuse(
                        unit,
                        state.groupId,
                        queued,
                        Receipt.Kind.NO_KEY_PACKAGE,
                        "no usable key package of " + without);
            }
            return;
        }
        commit(unit, state, group, queued.number(), builder -> builder.addAll(added));
    }

    /** The service is not believed: the package has to name the client, and to be signed by the key that it names (RFC 9750 §5.1). */
    private Optional<KeyPackage> usable(ClaimResult.Claimed claimed, Group group) {
        if (!(claimed.keyPackage().body() instanceof MlsMessage.KeyPackage body)) {
            return Optional.empty();
        }
        KeyPackage keyPackage = body.keyPackage();
        LeafNode leaf = keyPackage.leafNode();
        boolean fits = keyPackage.cipherSuite().equals(group.cipherSuite())
                && account.groups().names().find(leaf).equals(Optional.of(claimed.client()))
                && leaf.capabilities().supports(ConversationInfo.TYPE)
                && keyPackage.verifySignature(group.crypto());
        return fits ? Optional.of(keyPackage) : Optional.empty();
    }

    private void remove(Unit unit, ConversationState state, Group group, Wishes.Queued queued, Wish.Remove remove)
            throws MlsException {
        List<LeafIndex> leaves = new ArrayList<>();
        group.state().tree().forEachLeaf((leaf, node) -> {
            if (!leaf.equals(group.ownLeaf())
                    && remove.clients().contains(account.groups().names().of(node))) {
                leaves.add(leaf);
            }
        });
        if (leaves.isEmpty()) {
            Wishes.done(unit, state.groupId, queued, List.of());
            return;
        }
        commit(unit, state, group, queued.number(), builder -> leaves.forEach(builder::remove));
    }

    private void rename(Unit unit, ConversationState state, Group group, Wishes.Queued queued, Wish.Rename rename)
            throws MlsException {
        ConversationInfo info = ConversationInfo.find(group.state().context().extensions())
                .orElseGet(() -> new ConversationInfo("", state.handshakes, ConversationInfo.ExternalJoins.RESYNC));
        if (info.name().equals(rename.name())) {
            Wishes.done(unit, state.groupId, queued, List.of());
            return;
        }
        commit(
                unit,
                state,
                group,
                queued.number(),
                builder -> builder.extensions(group.state()
                        .context()
                        .extensions()
                        .with(info.withName(rename.name()).toExtension())));
    }

    private void commit(
            Unit unit,
            ConversationState state,
            Group group,
            long wish,
            java.util.function.Consumer<CommitBuilder> content)
            throws MlsException {
        CommitBuilder builder = group.commit().wireFormat(format(state)).authenticatedData(EpochMark.of(group));
        boolean open = state.handshakes == HandshakePolicy.PUBLIC;
        if (open) {
            // The service follows the tree and gives it to new members.
            builder.withoutTreeInWelcome();
        }
        newLeaf(group).ifPresent(builder::leaf);
        content.accept(builder);
        StagedCommit staged = builder.build();
        MlsMessage groupInfo = staged.groupInfo(false);
        CommitBundle bundle = open
                ? CommitBundle.of(staged.message(), staged.welcome(), Optional.of(groupInfo))
                : new CommitBundle(
                        staged.message(),
                        staged.welcome(),
                        Optional.of(groupInfo),
                        Optional.of(Bytes.wrap(staged.nextState().tree().encoded())),
                        names(staged.effects().added()),
                        names(staged.effects().removed()));
        new Outgoing(newRequest(), wish, group.epoch(), new Outgoing.OwnCommit(bundle)).save(unit, state.groupId);
    }

    private List<ClientId> names(List<Member> members) {
        return members.stream()
                .map(member -> account.groups().names().of(member.leafNode()))
                .toList();
    }

    /** Each own Commit puts the present identity into the group, if it is not there yet. */
    private Optional<LeafUpdate> newLeaf(Group group) {
        Identity present = account.identities().present();
        LeafNode own = group.state().tree().leaf(group.ownLeaf()).orElseThrow();
        if (own.signatureKey().equals(present.signer().publicKey())
                && own.credential().equals(present.credential())) {
            return Optional.empty();
        }
        return Optional.of(LeafUpdate.KEY_ONLY.withSigner(present.signer()).withCredential(present.credential()));
    }

    /**
     * When this client commits the proposals that wait: at once if it is first in the order of this epoch, later by one step for each
     * member before it. The order begins at another leaf in each epoch, and leaves those out who are to be removed; but if that is
     * everybody, all are in it, as a Commit can remove the others and leave its own committer for the next.
     */
    long commitAt(Group group) {
        List<LeafIndex> stayers = stayers(group);
        List<LeafIndex> candidates = stayers.isEmpty() ? group.state().tree().members() : stayers;
        int own = candidates.indexOf(group.ownLeaf());
        if (own < 0) {
            return Long.MAX_VALUE;
        }
        int begin = (int) Long.remainderUnsigned(group.epoch(), candidates.size());
        int rank = Math.floorMod(own - begin, candidates.size());
        long step = account.environment().parameters().commitStep().toMillis();
        return account.now() + step * Math.min(rank, 30);
    }

    /** The members whom no waiting proposal removes or updates. */
    private static List<LeafIndex> stayers(Group group) {
        Set<LeafIndex> leaving = new HashSet<>();
        for (ResolvedProposal resolved : group.pendingProposals()) {
            if (resolved.proposal() instanceof Proposal.Remove remove) {
                leaving.add(remove.removed());
            }
            if (resolved.proposal() instanceof Proposal.Update && resolved.sender() instanceof Sender.Member sender) {
                leaving.add(sender.leafIndex());
            }
        }
        return group.state().tree().members().stream()
                .filter(leaf -> !leaving.contains(leaf))
                .toList();
    }
}
