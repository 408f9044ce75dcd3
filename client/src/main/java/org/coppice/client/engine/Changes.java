package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.HistoryEntry;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;

/** Says in the words of people what a Commit changes. */
final class Changes {
    private final Account account;

    Changes(Account account) {
        this.account = account;
    }

    HistoryEntry.Change of(StagedCommit commit, HistoryEntry.Place place) {
        CommitEffects effects = commit.effects();
        List<ClientId> added = new ArrayList<>();
        effects.added().forEach(member -> added.add(name(member.leafNode())));
        List<ClientId> removed = new ArrayList<>();
        List<ClientId> left = new ArrayList<>();
        Set<LeafIndex> asked = asked(effects);
        for (Member member : effects.removed()) {
            (asked.contains(member.leafIndex()) ? left : removed).add(name(member.leafNode()));
        }
        ClientId actor = actor(commit);
        List<ClientId> rejoined = new ArrayList<>();
        if (effects.committer() instanceof Sender.NewMemberCommit && removed.contains(actor)) {
            rejoined.add(actor);
            added.remove(actor);
            removed.remove(actor);
        }
        List<ClientId> newKeys = new ArrayList<>();
        for (Member member : effects.updated()) {
            LeafNode former = commit.base().tree().leaf(member.leafIndex()).orElseThrow();
            if (!former.signatureKey().equals(member.leafNode().signatureKey())
                    || !former.credential().equals(member.leafNode().credential())) {
                newKeys.add(name(member.leafNode()));
            }
        }
        return new HistoryEntry.Change(place, actor, added, removed, left, rejoined, newKeys, renamed(commit));
    }

    /** Who proposed their own removal, which somebody else has to commit (RFC 9420 §12.2). */
    private static Set<LeafIndex> asked(CommitEffects effects) {
        Set<LeafIndex> out = new HashSet<>();
        effects.proposals().forEach(proposal -> {
            if (proposal.proposal() instanceof Proposal.Remove remove
                    && proposal.sender().equals(new Sender.Member(remove.removed()))) {
                out.add(remove.removed());
            }
        });
        return out;
    }

    private ClientId name(LeafNode leaf) {
        return account.groups().names().of(leaf);
    }

    private ClientId actor(StagedCommit commit) {
        CommitEffects effects = commit.effects();
        if (effects.committer() instanceof Sender.Member sender) {
            LeafIndex leaf = sender.leafIndex();
            return name(commit.base().tree().leaf(leaf).orElseThrow());
        }
        // The joiner of an external Commit is the last of those who come.
        return name(effects.added().get(effects.added().size() - 1).leafNode());
    }

    private static Optional<String> renamed(StagedCommit commit) {
        if (commit.effects().extensions().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> before =
                ConversationInfo.find(commit.base().context().extensions()).map(ConversationInfo::name);
        Optional<String> after =
                ConversationInfo.find(commit.effects().extensions().get()).map(ConversationInfo::name);
        return after.equals(before) ? Optional.empty() : after;
    }
}
