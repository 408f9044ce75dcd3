package org.coppice.delivery.group;

import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.limit.Refusals;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;

/**
 * What can be checked of a Commit that the service cannot read: its epoch, that its sender is a member, and that the GroupInfo with it
 * is one of the next epoch, by a leaf of the tree that is handed in. Who comes and goes, the service believes the committer.
 */
final class PrivateCommits {
    /** How many clients may come, and how many go, by one Commit: for each, all other writers wait while a row is written. */
    private static final int MAX_CHANGES = 10_000;

    private final Environment environment;

    PrivateCommits(Environment environment) {
        this.environment = environment;
    }

    CommitPlan plan(ClientId self, GroupMessage message, CommitBundle bundle, Access.Standing standing)
            throws DeliveryException {
        GroupRow row = standing.row();
        List<ClientId> added = bundle.added();
        List<ClientId> removed = bundle.removed();
        if (message.isEncrypted()) {
            if (!standing.member()) {
                throw Access.notAMember();
            }
        } else if (message.sender().orElseThrow() instanceof Sender.NewMemberCommit) {
            // §12.4.3.2: external Commits are not encrypted, whatever the group's policy.
            Access.requireMayJoin(standing);
            added = List.of(self);
            // A member that lost its state takes its own place again.
            removed = List.of(self);
        } else {
            throw ServiceRule.HANDSHAKE_NOT_PRIVATE.refusal();
        }
        if (CommitAppender.hasTwice(added) || CommitAppender.hasTwice(removed)) {
            throw ServiceRule.CLIENT_TWICE.refusal();
        }
        if (Math.max(added.size(), removed.size()) > MAX_CHANGES) {
            throw Problem.of(ProblemKind.TOO_LARGE, "a Commit changes at most " + MAX_CHANGES + " members here")
                    .asException();
        }
        Optional<Welcome> welcome = CommitAppender.welcome(bundle);
        if (welcome.isPresent()) {
            checkWelcome(welcome.get(), added);
        }
        return new CommitPlan(
                message,
                false,
                added,
                List.of(),
                removed,
                groupInfo(bundle, row),
                Optional.empty(),
                bundle.ratchetTree(),
                welcome);
    }

    /** It is for no more than are added, and for none of them twice. Whose the key packages are, only the database knows. */
    private static void checkWelcome(Welcome welcome, List<ClientId> added) throws DeliveryException {
        List<Welcome.EncryptedGroupSecrets> secrets = welcome.secrets();
        if (secrets.size() > added.size()
                || secrets.stream()
                                .map(Welcome.EncryptedGroupSecrets::newMember)
                                .distinct()
                                .count()
                        < secrets.size()) {
            throw ServiceRule.WELCOME_WITHOUT_ADD.refusal();
        }
    }

    private Optional<Bytes> groupInfo(CommitBundle bundle, GroupRow row) throws DeliveryException {
        boolean joinable = row.isJoinable();
        if (bundle.groupInfo().isEmpty()) {
            // A tree alone could be anybody's: the GroupInfo is what binds it to the group.
            if (joinable || bundle.ratchetTree().isPresent()) {
                throw ServiceRule.GROUP_INFO_MISSING.refusal();
            }
            return Optional.empty();
        }
        MlsMessage message = bundle.groupInfo().get();
        GroupInfo info = ((MlsMessage.GroupInfo) message.body()).groupInfo();
        try {
            check(info, bundle.ratchetTree(), row);
        } catch (MlsException e) {
            throw Refusals.of(e);
        }
        if (joinable && !info.extensions().contains(ExtensionType.EXTERNAL_PUB)) {
            throw ServiceRule.GROUP_INFO_WITHOUT_KEY.refusal();
        }
        return Optional.of(Bytes.wrap(message.encoded()));
    }

    /** The tree is the one that the GroupInfo names, and the GroupInfo is signed by a leaf of it. */
    private void check(GroupInfo info, Optional<Bytes> apart, GroupRow row) throws MlsException, DeliveryException {
        GroupContext context = info.groupContext();
        if (!context.groupId().equals(row.groupId())
                || context.epoch() != row.epoch() + 1
                || !context.cipherSuite().equals(row.cipherSuite())) {
            throw ServiceRule.GROUP_INFO_MISMATCH.refusal();
        }
        Bytes encoded = apart.or(() -> info.extensions().find(ExtensionType.RATCHET_TREE))
                .orElseThrow(ServiceRule.GROUP_INFO_MISMATCH::refusal);
        SuiteCrypto crypto = environment.crypto(row.cipherSuite());
        Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, crypto);
        RatchetTree tree = decoder.decodeAll(encoded, environment.limits());
        Optional<LeafNode> signer = tree.leaf(info.signer());
        if (!tree.treeHash().equals(context.treeHash())
                || signer.isEmpty()
                || !info.verifySignature(signer.get().signatureKey(), crypto)) {
            throw ServiceRule.GROUP_INFO_MISMATCH.refusal();
        }
    }
}
