package org.coppice.delivery.group;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.account.Identities;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.limit.Refusals;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;
import org.coppice.mls.registry.ExtensionType;

/** What the service asks of a Commit besides what the members will: it is its sender's own, and the bundle around it fits. */
final class PublicCommits {
    private final Environment environment;

    PublicCommits(Environment environment) {
        this.environment = environment;
    }

    CommitPlan plan(
            ClientId self,
            GroupMessage message,
            CommitBundle bundle,
            GroupRow row,
            PublicGroup group,
            StagedPublicCommit staged)
            throws DeliveryException {
        if (bundle.ratchetTree().isPresent()
                || !bundle.added().isEmpty()
                || !bundle.removed().isEmpty()) {
            throw ServiceRule.BUNDLE_OVERFULL.refusal();
        }
        CommitEffects effects = staged.effects();
        List<ClientId> added = clients(effects.added());
        if (effects.committer() instanceof Sender.NewMemberCommit) {
            // §12.4.3.2: an external Commit has no Update, so the one new leaf is the joiner's.
            added.addAll(clients(effects.updated()));
        }
        List<ClientId> removed = clients(effects.removed());
        requireOwn(self, effects, staged, added);
        if (CommitAppender.hasTwice(added)) {
            throw ServiceRule.CLIENT_TWICE.refusal();
        }
        Optional<Welcome> welcome = CommitAppender.welcome(bundle);
        if (welcome.isPresent()) {
            checkWelcome(welcome.get(), effects, row);
        }
        return new CommitPlan(
                message,
                effects.reInit().isPresent(),
                List.copyOf(added),
                effects.added(),
                removed,
                groupInfo(bundle, row, group, staged),
                Optional.of(group.change(staged)),
                Optional.empty(),
                welcome);
    }

    /** Leaves that name no client do not come this far: the validator refuses them. */
    private static List<ClientId> clients(List<Member> members) {
        List<ClientId> out = new ArrayList<>(members.size());
        members.forEach(member -> Identities.clientOf(member.credential()).ifPresent(out::add));
        return out;
    }

    private static void requireOwn(
            ClientId self, CommitEffects effects, StagedPublicCommit staged, List<ClientId> added)
            throws DeliveryException {
        boolean own;
        if (effects.committer() instanceof Sender.Member member) {
            own = staged.base()
                    .member(member.leafIndex())
                    .flatMap(leaf -> Identities.clientOf(leaf.credential()))
                    .filter(self::equals)
                    .isPresent();
        } else {
            own = added.contains(self);
        }
        if (!own) {
            throw Access.notAllowed("the Commit is another client's");
        }
    }

    private void checkWelcome(Welcome welcome, CommitEffects effects, GroupRow row) throws DeliveryException {
        Set<Bytes> refs = new HashSet<>();
        try {
            SuiteCrypto crypto = environment.crypto(row.cipherSuite());
            for (ResolvedProposal resolved : effects.proposals()) {
                if (resolved.proposal() instanceof Proposal.Add add) {
                    refs.add(add.keyPackage().ref(crypto));
                }
            }
        } catch (MlsException e) {
            throw Refusals.of(e);
        }
        for (Welcome.EncryptedGroupSecrets secrets : welcome.secrets()) {
            if (!refs.remove(secrets.newMember())) {
                throw ServiceRule.WELCOME_WITHOUT_ADD.refusal();
            }
        }
    }

    private static Optional<Bytes> groupInfo(
            CommitBundle bundle, GroupRow row, PublicGroup group, StagedPublicCommit staged) throws DeliveryException {
        boolean joinable = row.isJoinable();
        if (bundle.groupInfo().isEmpty()) {
            if (joinable && staged.effects().reInit().isEmpty()) {
                throw ServiceRule.GROUP_INFO_MISSING.refusal();
            }
            return Optional.empty();
        }
        try {
            GroupInfo info = group.checkGroupInfo(bundle.groupInfo().get(), staged);
            requireFit(info, joinable);
        } catch (MlsException e) {
            throw Refusals.of(e);
        }
        return Optional.of(Bytes.wrap(bundle.groupInfo().get().encoded()));
    }

    private static void requireFit(GroupInfo info, boolean joinable) throws DeliveryException {
        // Its cost would grow with the group, at each Commit.
        if (info.extensions().contains(ExtensionType.RATCHET_TREE)) {
            throw ServiceRule.GROUP_INFO_WITH_TREE.refusal();
        }
        if (joinable && !info.extensions().contains(ExtensionType.EXTERNAL_PUB)) {
            throw ServiceRule.GROUP_INFO_WITHOUT_KEY.refusal();
        }
    }
}
