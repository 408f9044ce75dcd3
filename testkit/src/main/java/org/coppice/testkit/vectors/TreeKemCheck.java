package org.coppice.testkit.vectors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.MergedPath;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.PathBuilder;
import org.coppice.mls.tree.PathProcessor;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;
import org.coppice.mls.tree.TreePrivateKeys;
import org.coppice.mls.tree.UpdatePath;

/** Update paths, given ones and new ones, as every member sees them (RFC 9420 §7.4 to §7.6). */
final class TreeKemCheck {
    private final Fields vector;
    private final SuiteCrypto crypto;
    private final RatchetTree tree;
    private final Map<LeafIndex, TreePrivateKeys> keys = new HashMap<>();
    private final Map<LeafIndex, Fields> members = new HashMap<>();

    private TreeKemCheck(Fields vector, SuiteCrypto crypto) throws VectorMismatch {
        this.vector = vector;
        this.crypto = crypto;
        this.tree = TreeChecks.tree(vector, "ratchet_tree", crypto);
    }

    static void verify(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        new TreeKemCheck(vector, setting.crypto()).verify();
    }

    private void verify() throws VectorMismatch, MlsException {
        for (Fields member : vector.objects("leaves_private")) {
            TreePrivateKeys own = privateKeys(member);
            keys.put(own.leafIndex(), own);
            members.put(own.leafIndex(), member);
        }
        for (Fields path : vector.objects("update_paths")) {
            LeafIndex sender = new LeafIndex(path.number("sender"));
            given(path, sender);
            made(sender);
        }
    }

    private TreePrivateKeys privateKeys(Fields member) throws VectorMismatch, MlsException {
        LeafIndex index = new LeafIndex(member.number("index"));
        HpkeKeyPair leafKey = PrivateKeys.hpke(
                "encryption_priv of leaf " + index,
                member.secret("encryption_priv"),
                leaf(index).encryptionKey(),
                crypto);
        PrivateKeys.signature(member.secret("signature_priv"), leaf(index).signatureKey(), crypto);
        Map<NodeIndex, HpkeKeyPair> pathKeys = new TreeMap<>();
        for (Fields entry : member.objects("path_secrets")) {
            NodeIndex node = new NodeIndex(entry.number("node"));
            HpkeKeyPair pair = nodeKey(entry.secret("path_secret"));
            Expect.equal("key of node " + node, tree.encryptionKey(node), Optional.of(pair.publicKey()));
            pathKeys.put(node, pair);
        }
        return TreePrivateKeys.restore(index, leafKey, pathKeys);
    }

    private HpkeKeyPair nodeKey(Secret pathSecret) {
        return crypto.deriveHpkeKeyPair(crypto.deriveSecret(pathSecret, "node"));
    }

    private LeafNode leaf(LeafIndex index) throws VectorMismatch {
        return tree.leaf(index).orElseThrow(() -> new VectorMismatch("leaf " + index + " is blank"));
    }

    /** Here the context is that of the epoch given, not of the next one. */
    private Bytes context(Bytes treeHash) throws VectorMismatch {
        return SuiteCrypto.encode(new GroupContext(
                ProtocolVersion.MLS10,
                crypto.suite(),
                vector.bytes("group_id"),
                vector.number("epoch"),
                treeHash,
                vector.bytes("confirmed_transcript_hash"),
                Extensions.EMPTY));
    }

    private void given(Fields path, LeafIndex sender) throws VectorMismatch, MlsException {
        UpdatePath updatePath = path.decoded("update_path", UpdatePath::decode);
        Expect.equal("update_path", path.bytes("update_path"), SuiteCrypto.encode(updatePath));
        MergedPath merged = PathProcessor.merge(tree, sender, updatePath, Set.of(), crypto);
        Expect.equal(
                "tree_hash_after", path.bytes("tree_hash_after"), merged.tree().treeHash());
        Bytes context = context(merged.tree().treeHash());
        List<Optional<Bytes>> pathSecrets = path.byteList("path_secrets");
        for (LeafIndex member : tree.members()) {
            if (member.equals(sender)) {
                continue;
            }
            try (MergedPath.Decrypted decrypted = merged.decrypt(keys.get(member), context)) {
                Expect.equal("commit_secret of leaf " + member, path.bytes("commit_secret"), decrypted.commitSecret());
                Bytes expected = pathSecrets
                        .get((int) member.value())
                        .orElseThrow(() -> new VectorMismatch("no path secret for leaf " + member));
                // The path secret itself is wiped; the key pair that follows from it tells as much.
                NodeIndex ancestor = TreeMath.commonAncestor(sender, member);
                Expect.equal(
                        "path secret of leaf " + member + ", seen through the key of node " + ancestor,
                        Bytes.wrap(nodeKey(Secret.wrap(expected.toByteArray()))
                                .privateKey()
                                .exposeCopy()),
                        decrypted.next().key(ancestor).orElseThrow().privateKey());
            }
        }
    }

    private void made(LeafIndex sender) throws VectorMismatch, MlsException {
        LeafNode.Content content = leaf(sender).content();
        Signer signer = crypto.signer(
                PrivateKeys.signature(members.get(sender).secret("signature_priv"), content.signatureKey(), crypto));
        try (PreparedPath prepared = PathBuilder.prepare(
                tree, sender, content, vector.bytes("group_id"), crypto, signer, keys.get(sender))) {
            Bytes context = context(prepared.tree().treeHash());
            UpdatePath path = prepared.encrypt(context, Set.of(), Workers.sequential());
            MergedPath merged = PathProcessor.merge(tree, sender, path, Set.of(), crypto);
            Expect.equal(
                    "tree hash of an own path",
                    prepared.tree().treeHash(),
                    merged.tree().treeHash());
            for (LeafIndex member : tree.members()) {
                if (!member.equals(sender)) {
                    try (MergedPath.Decrypted decrypted = merged.decrypt(keys.get(member), context)) {
                        Expect.holds(
                                "commit secret of an own path, leaf " + member,
                                decrypted.commitSecret().constantTimeEquals(prepared.commitSecret()));
                    }
                }
            }
        }
    }
}
