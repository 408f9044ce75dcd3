package org.coppice.mls.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.schedule.TranscriptHash;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.GroupRequirements;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeValidator;
import org.coppice.mls.tree.LifetimePolicy;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeValidator;

/** What everybody checks who learns of a group from a GroupInfo: joiners and observers (RFC 9420 §12.4.3). */
public final class JoinChecks {
    private final Environment environment;
    private final SuiteCrypto crypto;

    public JoinChecks(Environment environment, SuiteCrypto crypto) {
        this.environment = environment;
        this.crypto = crypto;
    }

    /** The tree that a GroupInfo carries, or the one that came apart. */
    public RatchetTree tree(GroupInfo groupInfo, Optional<Bytes> apart) throws MlsException {
        Bytes encoded = groupInfo
                .extensions()
                .find(ExtensionType.RATCHET_TREE)
                .or(() -> apart)
                .orElseThrow(() -> new ValidationException(Rule.RATCHET_TREE_MISSING));
        Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, crypto);
        return decoder.decodeAll(encoded, environment.limits());
    }

    /** The external public key of a GroupInfo. */
    public HpkePublicKey externalPub(GroupInfo groupInfo) throws MlsException {
        Bytes data = groupInfo
                .extensions()
                .find(ExtensionType.EXTERNAL_PUB)
                .orElseThrow(() -> new ValidationException(Rule.GROUP_INFO_WITHOUT_EXTERNAL_PUB));
        return externalPub(data);
    }

    private HpkePublicKey externalPub(Bytes data) throws MlsException {
        Decoder<HpkePublicKey> decoder = HpkePublicKey::decode;
        HpkePublicKey key = decoder.decodeAll(data, environment.limits());
        if (!crypto.isValid(key)) {
            throw new ValidationException(Rule.INVALID_KEY, "external_pub");
        }
        return key;
    }

    /** Everything that follows from GroupInfo and tree alone; credentials last, because others are asked for them. */
    public GroupState check(GroupInfo groupInfo, RatchetTree tree) throws MlsException {
        GroupContext context = groupInfo.groupContext();
        if (!context.version().equals(ProtocolVersion.MLS10)
                || !context.cipherSuite().equals(crypto.suite())) {
            throw new ValidationException(Rule.GROUP_INFO_SUITE);
        }
        ExtensionPlacement.GROUP_CONTEXT.check(context.extensions());
        ExtensionPlacement.GROUP_INFO.check(groupInfo.extensions());
        LeafNode signer = signer(groupInfo, tree);
        if (!groupInfo.verifySignature(signer.signatureKey(), crypto)) {
            throw new ValidationException(Rule.GROUP_INFO_SIGNATURE);
        }
        // §12.4.3.3: wherever the tree came from, it is the one that the GroupContext names.
        if (!tree.treeHash().equals(context.treeHash())) {
            throw new ValidationException(Rule.TREE_HASH);
        }
        TreeValidator.validate(tree);
        checkLeaves(tree, context);
        judgeCredentials(tree, context.extensions());
        // Copies, or a few bytes in them would keep the whole GroupInfo with its encoded tree in memory.
        return new GroupState(
                context.compact(),
                tree,
                TranscriptHash.interim(context.confirmedTranscriptHash(), groupInfo.confirmationTag(), crypto),
                groupInfo.confirmationTag().compact());
    }

    /** What is left to check of a GroupInfo of an epoch that is known. */
    public void checkAgainst(GroupInfo groupInfo, GroupState expected) throws MlsException {
        ExtensionPlacement.GROUP_INFO.check(groupInfo.extensions());
        LeafNode signer = signer(groupInfo, expected.tree());
        if (!groupInfo.verifySignature(signer.signatureKey(), crypto)) {
            throw new ValidationException(Rule.GROUP_INFO_SIGNATURE);
        }
        if (!groupInfo.groupContext().equals(expected.context())) {
            throw new ValidationException(Rule.GROUP_INFO_CONTEXT);
        }
        if (!isConfirmedAlike(groupInfo, expected)) {
            throw new ValidationException(Rule.CONFIRMATION_TAG);
        }
        Optional<Bytes> carried = groupInfo.extensions().find(ExtensionType.RATCHET_TREE);
        if (carried.isPresent() && !carried.get().equals(SuiteCrypto.encode(expected.tree()))) {
            throw new ValidationException(Rule.TREE_HASH);
        }
        // Whether it is the epoch's key only members know, but by what is no key at all nobody could join.
        Optional<Bytes> key = groupInfo.extensions().find(ExtensionType.EXTERNAL_PUB);
        if (key.isPresent()) {
            externalPub(key.get());
        }
    }

    private static boolean isConfirmedAlike(GroupInfo groupInfo, GroupState expected) {
        return SuiteCrypto.constantTimeEquals(groupInfo.confirmationTag(), expected.confirmationTag());
    }

    private static LeafNode signer(GroupInfo groupInfo, RatchetTree tree) throws ValidationException {
        return tree.leaf(groupInfo.signer())
                .orElseThrow(() -> new ValidationException(Rule.GROUP_INFO_SIGNER, "leaf " + groupInfo.signer()));
    }

    private void checkLeaves(RatchetTree tree, GroupContext context) throws MlsException {
        Instant now = environment.clock().instant();
        // §7.3: a leaf may have expired while it stood in the tree.
        LifetimePolicy lifetime = environment.policy().lifetime().withOutside(LifetimePolicy.Outside.TOLERATE);
        GroupRequirements requirements =
                GroupRequirements.of(context.version(), context.extensions(), environment.limits());
        new LeafNodeValidator(crypto, requirements, lifetime, now)
                .validateAll(tree, context.groupId(), environment.workers());
    }

    /** §5.3.1: all leaves and external senders of a group that is about to be joined. */
    private void judgeCredentials(RatchetTree tree, Extensions extensions) throws MlsException {
        Claims claims = new Claims();
        tree.forEachLeaf((index, leaf) -> claims.add(leaf, IdentityClaim.Event.JOIN));
        new ProposalRules(environment, crypto).addExternalSenders(extensions, List.of(), claims);
        claims.judge(environment.validator());
    }

    /** §13.4: a client that does not support an extension of the group does not join. */
    public static void checkOwnSupport(Capabilities own, Extensions extensions) throws ValidationException {
        // §13.5: the reserved values of an own key package are not among what the client supports.
        Capabilities supported = own.withoutGrease();
        for (ExtensionType type : extensions.types()) {
            if (!supported.supports(type)) {
                throw new ValidationException(Rule.GROUP_INFO_EXTENSION_NOT_SUPPORTED, "extension " + type);
            }
        }
    }
}
