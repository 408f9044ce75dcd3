package org.coppice.mls.group;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.rules.Claims;
import org.coppice.mls.rules.ExtensionPlacement;
import org.coppice.mls.rules.ProposalRules;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.TranscriptHash;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.GroupRequirements;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.LeafNodeValidator;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreePrivateKeys;

/**
 * A client: one credential, one signature key, one cipher suite (RFC 9420 §2). It makes key packages and enters groups, which
 * then stand on their own. Immutable and thread safe.
 */
public final class MlsClient {
    private final Environment environment;
    private final SuiteCrypto crypto;
    private final Signer signer;
    private final LeafNode.Content leaf;

    private MlsClient(Environment environment, SuiteCrypto crypto, Signer signer, LeafNode.Content leaf) {
        this.environment = environment;
        this.crypto = crypto;
        this.signer = signer;
        this.leaf = leaf;
    }

    /**
     * A client with a new signature key that lives and ends with this process. An application whose groups survive makes a pair of its own
     * ({@link SuiteCrypto#generateSignatureKeyPair}), keeps it where secrets are kept, and comes back by {@link #of} with
     * {@link SuiteCrypto#signer}: groups are loaded with the key that they know.
     *
     * @throws CryptoException if the provider lacks the suite
     */
    public static MlsClient create(Environment environment, CipherSuite suite, Credential credential)
            throws CryptoException {
        SuiteCrypto crypto = environment.crypto(suite);
        return of(environment, suite, credential, crypto.signer(crypto.generateSignatureKeyPair()));
    }

    /**
     * A client whose signature key is kept by {@code signer}. Its capabilities are mls10, all suites that the provider offers,
     * and the type of its credential.
     *
     * @throws CryptoException if the provider lacks the suite
     * @throws IllegalArgumentException if the signer's key is none of the suite
     */
    public static MlsClient of(Environment environment, CipherSuite suite, Credential credential, Signer signer)
            throws CryptoException {
        SuiteCrypto crypto = environment.crypto(suite);
        if (!crypto.isValid(signer.publicKey())) {
            throw new IllegalArgumentException("the signer's key is none of " + suite);
        }
        List<CipherSuite> suites = Stream.concat(
                        Stream.of(suite),
                        CipherSuite.STANDARD.stream()
                                .filter(other -> !other.equals(suite))
                                .filter(other -> offers(environment, other)))
                .toList();
        List<CredentialType> credentials = Stream.of(credential.type(), CredentialType.BASIC, CredentialType.X509)
                .distinct()
                .toList();
        Capabilities capabilities =
                new Capabilities(List.of(ProtocolVersion.MLS10), suites, List.of(), List.of(), credentials);
        LeafNode.Content leaf = new LeafNode.Content(signer.publicKey(), credential, capabilities, Extensions.EMPTY);
        return new MlsClient(environment, crypto, signer, leaf);
    }

    private static boolean offers(Environment environment, CipherSuite suite) {
        try {
            environment.crypto(suite);
            return true;
        } catch (CryptoException e) {
            return false;
        }
    }

    /** The same client with other capabilities. */
    public MlsClient withCapabilities(Capabilities capabilities) {
        return new MlsClient(
                environment,
                crypto,
                signer,
                new LeafNode.Content(leaf.signatureKey(), leaf.credential(), capabilities, leaf.extensions()));
    }

    /**
     * The same client with other leaf extensions.
     *
     * @throws IllegalArgumentException if RFC 9420 has one of them in other objects only (§13.4)
     */
    public MlsClient withLeafExtensions(Extensions extensions) {
        requirePlace(ExtensionPlacement.LEAF_NODE, extensions);
        return new MlsClient(
                environment,
                crypto,
                signer,
                new LeafNode.Content(leaf.signatureKey(), leaf.credential(), leaf.capabilities(), extensions));
    }

    /** What the client depends on. */
    public Environment environment() {
        return environment;
    }

    /** The operations of its suite. */
    public SuiteCrypto crypto() {
        return crypto;
    }

    /** Who signs for it. */
    public Signer signer() {
        return signer;
    }

    /** Its credential. */
    public Credential credential() {
        return leaf.credential();
    }

    /** What it supports, without GREASE. */
    public Capabilities capabilities() {
        return leaf.capabilities();
    }

    // ---- key packages

    /**
     * A key package for one use, valid from an hour ago for the longest time that the policy allows, at most 90 days.
     *
     * @throws CryptoException if the signer does not perform the operation
     */
    public KeyPackageBundle generateKeyPackage() throws CryptoException {
        return generateKeyPackage(Extensions.EMPTY, defaultLifetime());
    }

    /**
     * A key package that may be used again, for when all others are used up (RFC 9420 §16.8).
     *
     * @throws CryptoException if the signer does not perform the operation
     */
    public KeyPackageBundle generateLastResortKeyPackage() throws CryptoException {
        Extensions extensions = Extensions.of(new Extension(ExtensionType.LAST_RESORT, Bytes.EMPTY));
        return generateKeyPackage(extensions, defaultLifetime());
    }

    private Lifetime defaultLifetime() {
        Duration margin = Duration.ofHours(1);
        Duration longest = environment.policy().lifetime().maxSpan().minus(margin);
        Duration quarter = Duration.ofDays(90);
        return Lifetime.around(
                environment.clock().instant(), margin, longest.compareTo(quarter) < 0 ? longest : quarter);
    }

    /**
     * A key package with extensions and a lifetime of one's own.
     *
     * @throws CryptoException if the signer does not perform the operation
     * @throws IllegalArgumentException if the lifetime does not include the present time, or is longer than the policy allows, or
     *     RFC 9420 has one of the extensions in other objects only (§13.4)
     * @throws IllegalStateException if this client's capabilities lack mls10, its suite or its credential type
     */
    public KeyPackageBundle generateKeyPackage(Extensions extensions, Lifetime lifetime) throws CryptoException {
        // §7.3: nothing is sent with a leaf that is not valid now.
        if (!lifetime.includes(environment.clock().instant())
                || lifetime.isLongerThan(environment.policy().lifetime().maxSpan())) {
            throw new IllegalArgumentException(
                    "the lifetime is over, has not begun, or is longer than the policy allows");
        }
        requirePlace(ExtensionPlacement.KEY_PACKAGE, extensions);
        Grease grease = grease();
        Extensions packageExtensions = grease.extensions(extensions);
        // With copies: a signer elsewhere may fail, and then no key may stay behind.
        try (HpkeKeyPair initKeyPair = crypto.generateHpkeKeyPair();
                HpkeKeyPair leafKeyPair = crypto.generateHpkeKeyPair()) {
            LeafNode leafNode = LeafNode.sign(
                    leafContent(grease, packageExtensions),
                    leafKeyPair.publicKey(),
                    new LeafNodeSource.KeyPackage(lifetime),
                    null,
                    crypto,
                    signer);
            KeyPackage keyPackage =
                    KeyPackage.sign(initKeyPair.publicKey(), leafNode, packageExtensions, crypto, signer);
            return new KeyPackageBundle(keyPackage, initKeyPair.copy(), leafKeyPair.copy());
        }
    }

    /** §13.4: everybody would refuse what has an extension of another object. */
    private static void requirePlace(ExtensionPlacement place, Extensions extensions) {
        try {
            place.check(extensions);
        } catch (ValidationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Grease grease() {
        return new Grease(environment.randomness(), environment.policy().grease());
    }

    /** The leaf with GREASE; its capabilities list the extension types of leaf and package (§10, §13.5). */
    private LeafNode.Content leafContent(Grease grease, Extensions packageExtensions) {
        Extensions leafExtensions = grease.extensions(leaf.extensions());
        List<ExtensionType> used = Stream.concat(leafExtensions.types().stream(), packageExtensions.types().stream())
                .filter(type -> !type.isDefault())
                .distinct()
                .toList();
        Capabilities plain = leaf.capabilities().withoutDefaults();
        // §7.2: versions, suites and credential types have no defaults.
        if (!plain.supports(ProtocolVersion.MLS10)
                || !plain.supports(crypto.suite())
                || !plain.supports(leaf.credential().type())) {
            throw new IllegalStateException(
                    "the capabilities lack mls10, the suite or the credential type of this client");
        }
        Capabilities listed = grease.capabilities(Grease.listing(plain, used));
        return new LeafNode.Content(leaf.signatureKey(), leaf.credential(), listed, leafExtensions);
    }

    /** The leaf that an external joiner puts into its path. */
    LeafNode.Content leafContent() {
        return leafContent(grease(), Extensions.EMPTY);
    }

    boolean isOwn(KeyPackage keyPackage) {
        return keyPackage.leafNode().signatureKey().equals(signer.publicKey());
    }

    /** A member whose leaf has another key than it signs with would be heard by nobody. */
    void requireOwn(KeyPackage keyPackage) {
        if (!isOwn(keyPackage)) {
            throw new IllegalArgumentException(
                    "the key package has another signature key than this client: use a client of the signer that it was made by");
        }
    }

    // ---- groups

    /**
     * A new group with a random id and this client as its only member (RFC 9420 §11).
     *
     * @throws CryptoException if the signer does not perform the operation
     */
    public Group createGroup() throws MlsException {
        return createGroup(Bytes.wrap(environment.randomness().bytes(crypto.hashLength())));
    }

    /**
     * A new group without extensions.
     *
     * @param groupId must be new to this client, and should be to the world
     */
    public Group createGroup(Bytes groupId) throws MlsException {
        return createGroup(groupId, Extensions.EMPTY);
    }

    /**
     * A new group.
     *
     * @param groupId must be new to this client, and should be to the world
     * @param extensions the group's extensions, which this client must support
     * @throws MlsException if the extensions are not such as a group may have, or not supported by this client, or if an external
     *     sender's key or credential is refused
     * @throws IllegalArgumentException if the store holds a group of this id
     */
    public Group createGroup(Bytes groupId, Extensions extensions) throws MlsException {
        return new Group(create(groupId, extensions));
    }

    MemberState create(Bytes groupId, Extensions extensions) throws MlsException {
        Objects.requireNonNull(groupId, "groupId");
        if (environment.store().groups().contains(groupId)) {
            throw new IllegalArgumentException("this client is in a group of this id already");
        }
        ExtensionPlacement.GROUP_CONTEXT.check(extensions);
        // §5.3.1: a group with an external sender that others refuse could never get a second member.
        Claims claims = new Claims();
        new ProposalRules(environment, crypto).addExternalSenders(extensions, List.of(), claims);
        claims.judge(environment.validator());
        try (HpkeKeyPair leafKeyPair = crypto.generateHpkeKeyPair()) {
            LeafNode own = LeafNode.sign(
                    leafContent(),
                    leafKeyPair.publicKey(),
                    new LeafNodeSource.KeyPackage(defaultLifetime()),
                    null,
                    crypto,
                    signer);
            RatchetTree tree = RatchetTree.of(own, crypto);
            // §11: the creator's own leaf is as good as any other.
            new LeafNodeValidator(
                            crypto,
                            GroupRequirements.of(ProtocolVersion.MLS10, extensions, environment.limits()),
                            environment.policy().lifetime(),
                            environment.clock().instant())
                    .validateOwn(own, LeafNodeSource.Kind.KEY_PACKAGE);
            GroupContext context = new GroupContext(
                    ProtocolVersion.MLS10, crypto.suite(), groupId, 0, tree.treeHash(), Bytes.EMPTY, extensions);
            EpochSecrets epoch = EpochSecrets.first(crypto.randomSecret(crypto.hashLength()), crypto);
            Bytes tag = epoch.confirmationTag(Bytes.EMPTY);
            GroupState state = new GroupState(context, tree, TranscriptHash.interim(Bytes.EMPTY, tag, crypto), tag);
            TreePrivateKeys keys = TreePrivateKeys.of(new LeafIndex(0), leafKeyPair.copy());
            boolean done = false;
            try {
                MemberState member = WelcomeJoiner.begin(this, state, epoch, keys);
                done = true;
                return member;
            } finally {
                if (!done) {
                    epoch.close();
                    keys.close();
                }
            }
        }
    }

    /**
     * Joins by a Welcome that carries the ratchet tree. On success the key package's private keys are wiped, unless it is a
     * last-resort one.
     *
     * @param bundles this client's key packages, at least one of which the Welcome is for
     * @throws MlsException if any check of RFC 9420 §12.4.3.1 fails; nothing is stored and no key is used up then
     * @throws IllegalStateException if the key package that the Welcome is for was used already, or closed
     * @throws IllegalArgumentException if it was made with another signature key than this client's: a client of the former key joins,
     *     and replaces the key by its first Commit
     */
    public Group join(MlsMessage welcome, KeyPackageBundle... bundles) throws MlsException {
        return join(JoinRequest.of(welcome, List.of(bundles)));
    }

    /**
     * Joins by a Welcome.
     *
     * @throws MlsException if any check of RFC 9420 §12.4.3.1 fails; nothing is stored and no key is used up then
     * @throws IllegalStateException if the key package that the Welcome is for was used already, or closed
     * @throws IllegalArgumentException if it was made with another signature key than this client's: a client of the former key joins,
     *     and replaces the key by its first Commit
     */
    public Group join(JoinRequest request) throws MlsException {
        return new WelcomeJoiner(this, request).join();
    }

    /**
     * Joins alone, by an external Commit on a GroupInfo that carries the ratchet tree (RFC 9420 §12.4.3.2).
     *
     * @throws MlsException if any check of the GroupInfo or the tree fails
     */
    public ExternalJoin joinExternally(MlsMessage groupInfo) throws MlsException {
        return joinExternally(ExternalJoinRequest.of(groupInfo));
    }

    /**
     * Joins alone, by an external Commit.
     *
     * @throws MlsException if any check of the GroupInfo or the tree fails
     */
    public ExternalJoin joinExternally(ExternalJoinRequest request) throws MlsException {
        return new ExternalJoiner(this, request).join();
    }

    /**
     * A proposal to be added, by a client outside the group (new_member_proposal, RFC 9420 §12.1.8).
     *
     * @param groupId the group
     * @param epoch its present epoch, an unsigned 64-bit number
     * @param keyPackage the package by which the client is to be added
     * @throws MlsException if the package's lifetime does not include the present time
     * @throws IllegalArgumentException if it was made with another signature key than this client's
     */
    public MlsMessage proposeAdd(Bytes groupId, long epoch, KeyPackage keyPackage) throws MlsException {
        requireOwn(keyPackage);
        ProposalRules.checkLifetimes(
                List.of(new Proposal.Add(keyPackage)), environment.clock().instant());
        return ExternalProposer.newMember(this, groupId, epoch, keyPackage);
    }

    /**
     * Loads a group from the environment's store. Whoever loads a group twice closes the first one before: two objects of one member
     * would use the same keys and overwrite each other's records.
     *
     * @param formerSigners signers of this client's earlier or coming signature keys, if it changes them
     * @throws MlsException if the store's records are damaged: a {@link org.coppice.mls.error.DecodeException} of {@link
     *     org.coppice.mls.error.Rule#STORED_STATE}
     * @throws IllegalArgumentException if the store has no such group, one of another cipher suite than this client's, or one with a
     *     signature key of which no signer was given
     */
    public Group load(Bytes groupId, Signer... formerSigners) throws MlsException {
        return GroupLoader.load(this, groupId, List.of(formerSigners));
    }
}
