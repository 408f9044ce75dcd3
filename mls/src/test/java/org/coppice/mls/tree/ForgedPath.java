package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.tree.TreeFixture.Client;

/** A path of a committer who follows the rules as far as a test does not change the fields. */
final class ForgedPath {
    private final TestGroup group;
    private final LeafIndex sender;
    private final SenderPath path;
    private final List<Secret> pathSecrets = new ArrayList<>();

    /** The keys that are published for the nodes of the path. */
    final HpkePublicKey[] keys;
    /** The key of the new leaf. */
    HpkeKeyPair leafKey;
    /** What the leaf holds as its source; the right one if it is null. */
    LeafNodeSource source;

    ForgedPath(TestGroup group, LeafIndex sender) {
        this.group = group;
        this.sender = sender;
        this.path = SenderPath.of(group.tree.version(), sender.value());
        this.keys = new HpkePublicKey[path.filtered().length];
        this.leafKey = group.crypto.generateHpkeKeyPair();
        Secret secret = group.crypto.randomSecret(group.crypto.hashLength());
        for (int i = 0; i < keys.length; i++) {
            pathSecrets.add(secret);
            keys[i] = PathSecrets.keyPair(secret, group.crypto).publicKey();
            secret = PathSecrets.next(secret, group.crypto);
        }
    }

    /** The path with its secrets encrypted, under a context that binds the tree that it gives. */
    UpdatePath encrypt() throws CryptoException {
        SuiteCrypto crypto = group.crypto;
        SenderPath.Filled filled = path.fill(keys, crypto);
        LeafNodeSource used = source == null ? new LeafNodeSource.Commit(filled.leafParentHash()) : source;
        Client client = group.clients.get(sender);
        LeafNode leaf = client.leaf(leafKey, used, sender, crypto);
        RatchetTree tree = group.tree.withPath(path, leaf, filled.contents());
        Bytes context = TestGroup.context(tree);
        List<UpdatePath.Node> nodes = new ArrayList<>();
        int[] levels = path.filtered();
        for (int i = 0; i < keys.length; i++) {
            List<HpkeCiphertext> ciphertexts = new ArrayList<>();
            for (NodeIndex target : Resolution.targets(
                    path.copathChild(levels[i]), levels[i] - 1, path.copathFirst(levels[i]), new long[0])) {
                ciphertexts.add(crypto.encryptWithLabel(
                        group.tree.encryptionKey(target).orElseThrow(),
                        crypto.encryptionContext("UpdatePathNode", context),
                        pathSecrets.get(i)));
            }
            nodes.add(new UpdatePath.Node(keys[i], ciphertexts));
        }
        return new UpdatePath(leaf, nodes);
    }
}
