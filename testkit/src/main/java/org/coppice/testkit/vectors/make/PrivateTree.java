package org.coppice.testkit.vectors.make;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.PathBuilder;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;
import org.coppice.mls.tree.UpdatePath;

/** A ratchet tree together with all private keys and path secrets of all members. */
final class PrivateTree {
    private static final Instant NOW = Instant.parse("2026-01-15T08:00:00Z");

    /** The private keys of one member. */
    static final class Keys {
        final SignatureKeyPair signature;
        HpkeKeyPair leaf;
        final TreeMap<NodeIndex, Bytes> pathSecrets = new TreeMap<>();

        Keys(SignatureKeyPair signature, HpkeKeyPair leaf) {
            this.signature = signature;
            this.leaf = leaf;
        }
    }

    private final SuiteCrypto crypto;
    private final Bytes groupId;
    private final Map<LeafIndex, Keys> keys = new HashMap<>();
    private RatchetTree tree;
    private int names;

    /** A tree with one member. */
    PrivateTree(Recipe recipe, Bytes groupId) throws MlsException {
        this.crypto = recipe.crypto();
        this.groupId = groupId;
        Newcomer first = newcomer();
        this.tree = RatchetTree.of(first.leaf, crypto);
        keys.put(new LeafIndex(0), first.keys);
    }

    /** get_tree(n) of the vectors' description: leaf i commits and adds leaf i + 1. */
    static PrivateTree grown(Recipe recipe, Bytes groupId, int commits) throws MlsException {
        PrivateTree out = new PrivateTree(recipe, groupId);
        for (int i = 0; i < commits; i++) {
            out.commit(new LeafIndex(i), true);
        }
        return out;
    }

    RatchetTree tree() {
        return tree;
    }

    Keys keys(LeafIndex leaf) {
        return keys.get(leaf);
    }

    /** A client that is not in the tree. */
    private record Newcomer(LeafNode leaf, Keys keys) {}

    private LeafNode.Content content(SignatureKeyPair signature) {
        Bytes name = Bytes.wrap(("member " + names++).getBytes(StandardCharsets.US_ASCII));
        Capabilities capabilities = new Capabilities(
                List.of(ProtocolVersion.MLS10),
                List.of(crypto.suite(), new CipherSuite(0x1a1a)),
                List.of(),
                List.of(),
                List.of(CredentialType.BASIC));
        return new LeafNode.Content(signature.publicKey(), Credential.basic(name), capabilities, Extensions.EMPTY);
    }

    private Newcomer newcomer() throws MlsException {
        SignatureKeyPair signature = crypto.generateSignatureKeyPair();
        HpkeKeyPair leafKey = crypto.generateHpkeKeyPair();
        Lifetime lifetime = Lifetime.around(NOW, Duration.ofHours(1), Duration.ofDays(90));
        LeafNode leaf = LeafNode.sign(
                content(signature),
                leafKey.publicKey(),
                new LeafNodeSource.KeyPackage(lifetime),
                null,
                crypto,
                crypto.signer(signature));
        return new Newcomer(leaf, new Keys(signature, leafKey));
    }

    /** A key package of somebody who is not in the tree. */
    KeyPackage keyPackage() throws MlsException {
        return keyPackage(crypto.generateHpkeKeyPair().publicKey());
    }

    /** The same with a given init_key. */
    KeyPackage keyPackage(HpkePublicKey init) throws MlsException {
        Newcomer newcomer = newcomer();
        return KeyPackage.sign(init, newcomer.leaf, Extensions.EMPTY, crypto, crypto.signer(newcomer.keys.signature));
    }

    /** A new leaf for a member's Update. */
    LeafNode update(LeafIndex member) throws MlsException {
        Keys own = keys.get(member);
        return LeafNode.sign(
                tree.leaf(member).orElseThrow().content(),
                crypto.generateHpkeKeyPair().publicKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(groupId, member),
                crypto,
                crypto.signer(own.signature));
    }

    /** Adds a member who holds nothing but its leaf. */
    void add() throws MlsException {
        Newcomer newcomer = newcomer();
        RatchetTree.Added added = tree.add(newcomer.leaf);
        tree = added.tree();
        keys.put(added.index(), newcomer.keys);
    }

    void remove(LeafIndex leaf) {
        tree = tree.remove(leaf);
        keys.remove(leaf);
        dropBlanks();
    }

    /** A member sends a path, and adds a new one by the same Commit if wanted. */
    void commit(LeafIndex sender, boolean add) throws MlsException {
        if (add) {
            add();
        }
        dropBlanks();
        try (PreparedPath path = prepare(sender)) {
            learn(sender, path);
            keys.get(sender).leaf = path.takePrivateKeys().leafKey();
            tree = path.tree();
        }
        dropBlanks();
    }

    PreparedPath prepare(LeafIndex sender) throws MlsException {
        Keys own = keys.get(sender);
        return PathBuilder.prepare(
                tree,
                sender,
                tree.leaf(sender).orElseThrow().content(),
                groupId,
                crypto,
                crypto.signer(own.signature),
                null);
    }

    UpdatePath encrypt(PreparedPath path, Bytes context) throws MlsException {
        return path.encrypt(context, Set.of(), Workers.sequential());
    }

    /** What every member knows after a path: the secret of the node where it meets the sender, and those above. */
    private void learn(LeafIndex sender, PreparedPath path) {
        List<NodeIndex> nodes = tree.filteredDirectPath(sender);
        for (LeafIndex member : tree.members()) {
            if (!member.equals(sender)) {
                Bytes secret = Recipe.bytes(path.pathSecretFor(member));
                climb(member, nodes, TreeMath.commonAncestor(sender, member), secret);
                climb(sender, nodes, TreeMath.commonAncestor(sender, member), secret);
            }
        }
    }

    private void climb(LeafIndex who, List<NodeIndex> nodes, NodeIndex from, Bytes first) {
        Bytes secret = first;
        for (NodeIndex node : nodes.subList(nodes.indexOf(from), nodes.size())) {
            keys.get(who).pathSecrets.put(node, secret);
            secret = Recipe.bytes(crypto.deriveSecret(Recipe.secret(secret), "path"));
        }
    }

    /** Forgets secrets of nodes that were blanked. */
    private void dropBlanks() {
        keys.values()
                .forEach(own -> own.pathSecrets
                        .keySet()
                        .removeIf(node -> node.value() >= 2 * tree.size() - 1
                                || tree.encryptionKey(node).isEmpty()));
    }
}
