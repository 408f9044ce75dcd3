package org.coppice.mls.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.StandardSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.GroupRequirements;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.LeafNodeValidator;

/** Judges proposals one by one (RFC 9420 §12.1); {@link Transition} judges them together. */
public final class ProposalRules {
    private final Environment environment;
    private final SuiteCrypto crypto;

    public ProposalRules(Environment environment, SuiteCrypto crypto) {
        this.environment = environment;
        this.crypto = crypto;
    }

    /** What one proposal is judged against. */
    public record Setting(GroupState state, Extensions extensions, CommitKind kind, Instant now) {}

    /** A setting for a proposal that is made or received outside a Commit. */
    public Setting uncommitted(GroupState state) {
        return new Setting(
                state,
                state.context().extensions(),
                CommitKind.REGULAR,
                environment.clock().instant());
    }

    /**
     * Checks a proposal on its own.
     *
     * @param claims receives the credentials that are new
     */
    public void check(ResolvedProposal resolved, Setting setting, Claims claims) throws MlsException {
        checkSender(resolved, setting);
        Proposal proposal = resolved.proposal();
        if (proposal instanceof Proposal.Add add) {
            checkKeyPackage(add.keyPackage(), setting, claims, IdentityClaim.Event.ADD);
        } else if (proposal instanceof Proposal.Update update) {
            checkUpdate(update, resolved.sender(), setting, claims);
        } else if (proposal instanceof Proposal.Remove remove) {
            if (setting.state().tree().leaf(remove.removed()).isEmpty()) {
                throw new ValidationException(Rule.REMOVE_TARGET, "leaf " + remove.removed());
            }
        } else if (proposal instanceof Proposal.PreSharedKey psk) {
            checkPsk(psk.psk(), setting.kind());
        } else if (proposal instanceof Proposal.ReInit reInit) {
            checkReInit(reInit, setting.state().context());
        } else if (proposal instanceof Proposal.GroupContextExtensions extensions) {
            checkExtensions(extensions.extensions(), setting, claims);
        }
        environment.policy().proposalFilter().check(setting.state(), resolved);
    }

    /** Checks many proposals side by side; the credentials end up in {@code claims} in the order of the proposals. */
    public void checkAll(List<ResolvedProposal> proposals, Setting setting, Claims claims, Workers workers)
            throws MlsException {
        Claims[] own = new Claims[proposals.size()];
        workers.forEach(proposals.size(), index -> {
            own[index] = new Claims();
            check(proposals.get(index), setting, own[index]);
        });
        for (Claims some : own) {
            claims.addAll(some);
        }
    }

    private void checkSender(ResolvedProposal resolved, Setting setting) throws ValidationException {
        ProposalType type = resolved.proposal().type();
        if (resolved.sender() instanceof Sender.External) {
            checkExternalType(type);
        }
        if (resolved.sender() instanceof Sender.NewMemberProposal
                && resolved.proposal() instanceof Proposal.Add add
                && !environment.policy().acceptsNewMember(add.keyPackage())) {
            throw new ValidationException(Rule.NEW_MEMBER_PROPOSAL_REFUSED);
        }
        // §12.1.6: ExternalInit is legal inside an external Commit only.
        if (type.equals(ProposalType.EXTERNAL_INIT) && setting.kind() != CommitKind.EXTERNAL) {
            throw new ValidationException(Rule.EXTERNAL_INIT_PLACE);
        }
    }

    /** §12.1.8: external senders may propose some types only. */
    public void checkExternalType(ProposalType type) throws ValidationException {
        boolean allowed = type.isDefault()
                ? !type.equals(ProposalType.UPDATE) && !type.equals(ProposalType.EXTERNAL_INIT)
                : environment.policy().customProposal(type).externalSenders();
        if (!allowed) {
            throw new ValidationException(Rule.EXTERNAL_PROPOSAL_TYPE, "type " + type);
        }
    }

    /** §10.1. */
    public void checkKeyPackage(KeyPackage keyPackage, Setting setting, Claims claims, IdentityClaim.Event event)
            throws MlsException {
        GroupContext context = setting.state().context();
        if (!keyPackage.version().equals(context.version())
                || !keyPackage.cipherSuite().equals(context.cipherSuite())) {
            throw new ValidationException(Rule.KEY_PACKAGE_VERSION_OR_SUITE);
        }
        checkKeyPackageAlone(keyPackage);
        validator(setting).validate(keyPackage.leafNode(), LeafNodeSource.Kind.KEY_PACKAGE, null);
        claims.add(keyPackage.leafNode(), event);
    }

    /**
     * §7.3: whoever sends a leaf makes sure that its lifetime includes the present time, whatever is tolerated of others.
     *
     * @param own what this client itself proposes
     */
    public static void checkLifetimes(List<Proposal> own, Instant now) throws ValidationException {
        for (Proposal proposal : own) {
            if (proposal instanceof Proposal.Add add
                    && add.keyPackage().leafNode().source() instanceof LeafNodeSource.KeyPackage source
                    && !source.lifetime().includes(now)) {
                throw new ValidationException(Rule.LEAF_LIFETIME, "key package");
            }
        }
    }

    private void checkKeyPackageAlone(KeyPackage keyPackage) throws ValidationException {
        if (keyPackage.initKey().equals(keyPackage.leafNode().encryptionKey())) {
            throw new ValidationException(Rule.KEY_PACKAGE_INIT_KEY);
        }
        if (!crypto.isValid(keyPackage.initKey())) {
            throw new ValidationException(Rule.INVALID_KEY, "init_key");
        }
        ExtensionPlacement.KEY_PACKAGE.check(keyPackage.extensions());
        if (!keyPackage.verifySignature(crypto)) {
            throw new ValidationException(Rule.KEY_PACKAGE_SIGNATURE);
        }
    }

    private void checkUpdate(Proposal.Update update, Sender sender, Setting setting, Claims claims)
            throws MlsException {
        // Only members get here: others are refused by type or content, and the message was verified with the key of
        // its leaf.
        LeafIndex index = ((Sender.Member) sender).leafIndex();
        LeafNode previous = setting.state().tree().leaf(index).orElseThrow();
        LeafNode next = update.leafNode();
        validator(setting).validate(next, LeafNodeSource.Kind.UPDATE, position(setting, index));
        // §7.3: an Update brings a new encryption key.
        if (next.encryptionKey().equals(previous.encryptionKey())) {
            throw new ValidationException(Rule.LEAF_ENCRYPTION_KEY_REUSED, "leaf " + index);
        }
        claims.replace(previous, next, IdentityClaim.Event.UPDATE);
    }

    /** §12.1.4, and the length of the nonce. */
    private void checkPsk(PreSharedKeyId psk, CommitKind kind) throws ValidationException {
        if (psk.isResumption(ResumptionPskUsage.REINIT) && kind != CommitKind.REINIT_FIRST) {
            throw new ValidationException(Rule.PSK_REINIT_USAGE);
        }
        if (psk.isResumption(ResumptionPskUsage.BRANCH) && kind != CommitKind.BRANCH_FIRST) {
            throw new ValidationException(Rule.PSK_BRANCH_USAGE);
        }
        if (psk.pskNonce().length() != crypto.hashLength()) {
            throw new ValidationException(Rule.PSK_NONCE_LENGTH);
        }
    }

    private void checkReInit(Proposal.ReInit reInit, GroupContext context) throws MlsException {
        if (reInit.version().compareTo(context.version()) < 0) {
            throw new ValidationException(Rule.REINIT_VERSION);
        }
        ExtensionPlacement.GROUP_CONTEXT.check(reInit.extensions());
        // With extensions that no group may have there could be no successor: the group would end for nothing.
        RequiredCapabilities.in(reInit.extensions(), environment.limits());
        for (ExternalSender sender : ExternalSender.in(reInit.extensions(), environment.limits())) {
            checkKey(sender.signatureKey(), reInit.cipherSuite());
        }
    }

    /** By the bytes alone, so that those who cannot use the suite come to the same end. */
    private static void checkKey(SignaturePublicKey key, CipherSuite suite) throws ValidationException {
        Optional<SignatureAlgorithm> algorithm = StandardSuite.of(suite).map(StandardSuite::signature);
        if (algorithm.isPresent() && !algorithm.get().isPublicKey(key.data().toByteArray())) {
            throw new ValidationException(Rule.INVALID_KEY, "external sender");
        }
    }

    /** The form of new group extensions; support by the members is judged when they are applied (§12.1.7). */
    private void checkExtensions(Extensions next, Setting setting, Claims claims) throws MlsException {
        ExtensionPlacement.GROUP_CONTEXT.check(next);
        RequiredCapabilities.in(next, environment.limits());
        Extensions present = setting.state().context().extensions();
        if (!present.find(ExtensionType.EXTERNAL_SENDERS).equals(next.find(ExtensionType.EXTERNAL_SENDERS))) {
            addExternalSenders(next, setting.state().externalSenders(environment.limits()), claims);
        }
    }

    /** §5.3.1: added or changed external senders are validated like members. */
    public void addExternalSenders(Extensions extensions, List<ExternalSender> known, Claims claims)
            throws MlsException {
        // Ordered: its time does not depend on what an attacker made the hash codes to be.
        Set<Bytes> old = new TreeSet<>();
        known.forEach(sender -> old.add(SuiteCrypto.encode(sender)));
        for (ExternalSender sender : ExternalSender.in(extensions, environment.limits())) {
            if (!crypto.isValid(sender.signatureKey())) {
                throw new ValidationException(Rule.INVALID_KEY, "external sender");
            }
            if (!old.contains(SuiteCrypto.encode(sender))) {
                claims.add(sender.credential(), sender.signatureKey(), IdentityClaim.Event.EXTERNAL_SENDER);
            }
        }
    }

    /** A validator of leaves under the extensions that are in force. */
    public LeafNodeValidator validator(Setting setting) throws MlsException {
        return validator(setting.state().context(), setting.extensions(), setting.now());
    }

    public LeafNodeValidator validator(GroupContext context, Extensions extensions, Instant now) throws MlsException {
        GroupRequirements requirements = GroupRequirements.of(context.version(), extensions, environment.limits());
        return new LeafNodeValidator(crypto, requirements, environment.policy().lifetime(), now);
    }

    public static LeafNode.Position position(Setting setting, LeafIndex index) {
        return new LeafNode.Position(setting.state().groupId(), index);
    }
}
