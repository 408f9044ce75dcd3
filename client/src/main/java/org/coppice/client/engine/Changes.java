package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.HistoryEntry;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.group.StagedCommit;
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
        effects.removed().forEach(member -> removed.add(name(member.leafNode())));
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
        return new HistoryEntry.Change(place, actor, added, removed, rejoined, newKeys, renamed(commit));
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
