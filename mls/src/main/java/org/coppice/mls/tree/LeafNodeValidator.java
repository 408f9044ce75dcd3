package org.coppice.mls.tree;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.ExtensionType;

/**
 * Checks leaf nodes against the rules of RFC 9420 §7.3, but for the two that need others: whether the application accepts the
 * credential, and whether keys are unique in the tree. Immutable and thread safe.
 */
public final class LeafNodeValidator {
    private final SuiteCrypto crypto;
    private final GroupRequirements requirements;
    private final LifetimePolicy lifetimes;
    private final Instant now;

    /**
     * @param crypto the group's cipher suite
     * @param requirements what the group asks of its members, with the extensions of the epoch that the leaf will be in
     * @param lifetimes which lifetimes are accepted
     * @param now the present time
     */
    public LeafNodeValidator(
            SuiteCrypto crypto, GroupRequirements requirements, LifetimePolicy lifetimes, Instant now) {
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        this.requirements = Objects.requireNonNull(requirements, "requirements");
        this.lifetimes = Objects.requireNonNull(lifetimes, "lifetimes");
        this.now = Objects.requireNonNull(now, "now");
    }

    /**
     * Checks one leaf.
     *
     * @param expected where the leaf came from, which its source has to match
     * @param position where the leaf stands or goes; ignored for a leaf of a KeyPackage, and may then be null
     * @throws ValidationException with {@link Rule#LEAF_SOURCE}, {@link Rule#LEAF_VERSION_OR_SUITE},
     *     {@link Rule#LEAF_CREDENTIAL_NOT_LISTED}, {@link Rule#EXTENSION_MISPLACED}, {@link Rule#LEAF_EXTENSION_NOT_LISTED},
     *     {@link Rule#LEAF_REQUIRED_CAPABILITIES}, {@link Rule#GROUP_EXTENSION_NOT_SUPPORTED}, {@link Rule#LEAF_LIFETIME_SPAN},
     *     {@link Rule#LEAF_LIFETIME}, {@link Rule#INVALID_KEY} or {@link Rule#LEAF_SIGNATURE}, the first that is broken in this
     *     order
     * @throws IllegalArgumentException if {@code position} is null for a leaf of source update or commit
     */
    public void validate(LeafNode leaf, LeafNodeSource.Kind expected, LeafNode.Position position)
            throws ValidationException {
        String where = position == null ? "leaf" : "leaf " + position.leafIndex();
        checkContent(leaf, expected, where);
        if (position == null && leaf.source().bindsPosition()) {
            throw new IllegalArgumentException("a leaf of source " + expected + " is signed for a position");
        }
        // A signature that verifies shows that its key is one of the suite.
        if (!leaf.verifySignature(position, crypto)) {
            Rule rule = crypto.isValid(leaf.signatureKey()) ? Rule.LEAF_SIGNATURE : Rule.INVALID_KEY;
            throw new ValidationException(rule, where);
        }
    }

    /**
     * Checks a leaf that this client has just made: all that {@link #validate} does but for the signature, which took a quarter
     * of the time of a Commit in a small group.
     *
     * @param expected what the leaf was made for
     * @throws ValidationException as {@link #validate} does
     */
    public void validateOwn(LeafNode leaf, LeafNodeSource.Kind expected) throws ValidationException {
        checkContent(leaf, expected, "own leaf");
    }

    private void checkContent(LeafNode leaf, LeafNodeSource.Kind expected, String where) throws ValidationException {
        LeafNodeSource source = leaf.source();
        require(source.kind() == expected, Rule.LEAF_SOURCE, where);
        checkCapabilities(leaf, where);
        if (source instanceof LeafNodeSource.KeyPackage keyPackage) {
            checkLifetime(keyPackage.lifetime(), where);
        }
        // §5.1.1: keys of the suite.
        require(crypto.isValid(leaf.encryptionKey()), Rule.INVALID_KEY, where);
    }

    private void checkCapabilities(LeafNode leaf, String where) throws ValidationException {
        MemberSupport own = MemberSupport.of(leaf);
        // §7.3: the group's version and suite.
        require(
                own.supportsAll(requirements.version()) && own.supportsAll(crypto.suite()),
                Rule.LEAF_VERSION_OR_SUITE,
                where);
        // §7.2: the leaf's own credential and extensions.
        require(own.supportsAll(leaf.credentialType()), Rule.LEAF_CREDENTIAL_NOT_LISTED, where);
        for (ExtensionType type : leaf.extensions().types()) {
            require(isAllowedInLeaf(type), Rule.EXTENSION_MISPLACED, where);
            require(own.supportsAll(type), Rule.LEAF_EXTENSION_NOT_LISTED, where);
        }
        // §7.3: required_capabilities of the group.
        RequiredCapabilities required = requirements.requiredCapabilities();
        require(own.supportsAll(required), Rule.LEAF_REQUIRED_CAPABILITIES, where);
        // §13.4, and erratum 8745 for leaves that did not come by Add: every extension of the GroupContext.
        for (ExtensionType type : requirements.groupContextExtensions().types()) {
            require(own.supportsAll(type), Rule.GROUP_EXTENSION_NOT_SUPPORTED, where);
        }
    }

    /** §17.3: of the standard extensions, application_id alone may be in a leaf. */
    private static boolean isAllowedInLeaf(ExtensionType type) {
        return !type.isDefault() || type.equals(ExtensionType.APPLICATION_ID);
    }

    private void checkLifetime(Lifetime lifetime, String where) throws ValidationException {
        require(!lifetime.isLongerThan(lifetimes.maxSpan()), Rule.LEAF_LIFETIME_SPAN, where);
        require(
                lifetimes.outside() == LifetimePolicy.Outside.TOLERATE || lifetimes.includes(lifetime, now),
                Rule.LEAF_LIFETIME,
                where);
    }

    /**
     * Checks all leaves of a tree, each as one of its own source at its own position, and that every member supports the
     * credential types of all others.
     *
     * @param groupId the group, which signatures of source update and commit cover
     * @param workers who verifies; the result is the same whoever does
     * @throws ValidationException as {@link #validate} does, for the first leaf that breaks a rule; with
     *     {@link Rule#LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL} if some member does not list a credential type in use
     */
    public void validateAll(RatchetTree tree, Bytes groupId, Workers workers) throws ValidationException {
        List<LeafIndex> indices = new ArrayList<>(tree.memberCount());
        List<LeafNode> leaves = new ArrayList<>(tree.memberCount());
        tree.forEachLeaf((index, leaf) -> {
            indices.add(index);
            leaves.add(leaf);
        });
        try {
            workers.forEach(leaves.size(), i -> {
                LeafNode leaf = leaves.get(i);
                validate(leaf, leaf.source().kind(), new LeafNode.Position(groupId, indices.get(i)));
            });
        } catch (ValidationException e) {
            throw e;
        } catch (MlsException e) {
            throw new AssertionError("the task throws nothing else", e);
        }
        // §7.3: the credential types in use are listed by everyone.
        require(
                tree.support().coversUsedCredentialTypes(),
                Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL,
                "some member does not list a type in use");
    }

    private static void require(boolean holds, Rule rule, String where) throws ValidationException {
        if (!holds) {
            throw new ValidationException(rule, where);
        }
    }
}
