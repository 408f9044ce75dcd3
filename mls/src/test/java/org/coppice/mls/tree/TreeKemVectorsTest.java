package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.tree.TreeFixture.bytes;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;
import static org.coppice.mls.tree.TreeFixture.reader;
import static org.coppice.mls.tree.TreeFixture.secret;
import static org.coppice.mls.tree.TreeFixture.vectors;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The official vectors of TreeKEM: paths of others are decrypted, and own paths are decrypted by the others. */
class TreeKemVectorsTest {
    @TestFactory
    @Tag("R-7.4-01")
    @Tag("R-7.4-02")
    @Tag("R-7.4-03")
    @Tag("R-7.5-01")
    @Tag("R-7.5-05")
    @Tag("R-7.5-06")
    @Tag("R-7.5-08")
    @Tag("R-7.5-10")
    @Tag("R-7.6-01")
    @Tag("R-7.6-05")
    @Tag("R-7.9.1-01")
    List<DynamicTest> treeKem() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("treekem")) {
            String name = "suite " + vector.get("cipher_suite") + ", "
                    + vector.get("leaves_private").size() + " members";
            tests.add(dynamicTest(name, () -> new Case(vector).check()));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static final class Case {
        private final JsonNode vector;
        private final SuiteCrypto crypto;
        private final RatchetTree tree;
        private final Bytes groupId;
        private final Map<LeafIndex, TreePrivateKeys> members = new TreeMap<>();
        private final Map<LeafIndex, Signer> signers = new HashMap<>();

        Case(JsonNode vector) throws MlsException {
            this.vector = vector;
            this.crypto = TreeFixture.crypto(vector);
            this.tree = TreeFixture.tree(bytes(vector.get("ratchet_tree")), crypto);
            this.groupId = bytes(vector.get("group_id"));
            for (JsonNode member : vector.get("leaves_private")) {
                addMember(member);
            }
        }

        private void addMember(JsonNode member) throws MlsException {
            LeafIndex index = leaf(member.get("index").longValue());
            Map<NodeIndex, HpkeKeyPair> path = new TreeMap<>();
            for (JsonNode entry : member.get("path_secrets")) {
                Secret pathSecret = secret(entry.get("path_secret"));
                path.put(node(entry.get("node").longValue()), PathSecrets.keyPair(pathSecret, crypto));
            }
            Secret encryption = secret(member.get("encryption_priv"));
            HpkeKeyPair leafKey = new HpkeKeyPair(encryption, crypto.hpkePublicKey(encryption));
            TreePrivateKeys keys = TreePrivateKeys.restore(index, leafKey, path);
            Secret signature = secret(member.get("signature_priv"));
            signers.put(index, crypto.signer(new SignatureKeyPair(signature, crypto.signaturePublicKey(signature))));
            members.put(index, keys);
        }

        void check() throws MlsException {
            TreeValidator.validate(tree);
            for (TreePrivateKeys keys : members.values()) {
                // All private keys fit the tree.
                assertThat(tree.leaf(keys.leafIndex()).orElseThrow().encryptionKey())
                        .isEqualTo(keys.leafKey().publicKey());
                assertThat(keys.retain(tree).pathNodes()).isEqualTo(keys.pathNodes());
            }
            JsonNode paths = vector.get("update_paths");
            for (JsonNode path : paths) {
                checkGivenPath(path);
            }
            // Two senders suffice for own paths: with the platform's own primitives each takes its time.
            checkOwnPath(leaf(paths.get(0).get("sender").longValue()));
            checkOwnPath(leaf(paths.get(paths.size() - 1).get("sender").longValue()));
        }

        private void checkGivenPath(JsonNode entry) throws MlsException {
            LeafIndex sender = leaf(entry.get("sender").longValue());
            UpdatePath path = UpdatePath.decode(reader(bytes(entry.get("update_path"))));
            MergedPath merged = PathProcessor.merge(tree, sender, path, Set.of(), crypto);
            assertThat(merged.sender()).isEqualTo(sender);
            assertThat(merged.tree().treeHash()).isEqualTo(bytes(entry.get("tree_hash_after")));
            TreeValidator.validate(merged.tree());
            for (TreePrivateKeys keys : members.values()) {
                if (keys.leafIndex().equals(sender)) {
                    continue;
                }
                try (MergedPath.Decrypted out = merged.decrypt(keys, context(merged.tree()))) {
                    assertThat(Bytes.wrap(out.commitSecret().exposeCopy()))
                            .isEqualTo(bytes(entry.get("commit_secret")));
                    JsonNode expected =
                            entry.get("path_secrets").get((int) keys.leafIndex().value());
                    NodeIndex ancestor = TreeMath.commonAncestor(sender, keys.leafIndex());
                    HpkeKeyPair pair = PathSecrets.keyPair(secret(expected), crypto);
                    HpkeKeyPair held = out.next().key(ancestor).orElseThrow();
                    assertThat(held.privateKey().constantTimeEquals(pair.privateKey()))
                            .isTrue();
                }
            }
        }

        private void checkOwnPath(LeafIndex sender) throws MlsException {
            LeafNode.Content content = tree.leaf(sender).orElseThrow().content();
            try (PreparedPath prepared = PathBuilder.prepare(
                    tree, sender, content, groupId, crypto, signers.get(sender), members.get(sender))) {
                UpdatePath path = prepared.encrypt(context(prepared.tree()), Set.of(), Workers.sequential());
                MergedPath merged = PathProcessor.merge(tree, sender, path, Set.of(), crypto);
                assertThat(merged.tree()).isEqualTo(prepared.tree());
                for (TreePrivateKeys keys : members.values()) {
                    if (!keys.leafIndex().equals(sender)) {
                        try (MergedPath.Decrypted out = merged.decrypt(keys, context(merged.tree()))) {
                            assertThat(out.commitSecret().constantTimeEquals(prepared.commitSecret()))
                                    .isTrue();
                        }
                    }
                }
            }
        }

        /** GroupContext (§8.1) with the hash of the tree and no extensions. */
        private Bytes context(RatchetTree after) {
            return new TlsWriter()
                    .uint16(1)
                    .struct(crypto.suite())
                    .vector(groupId)
                    .uint64(vector.get("epoch").longValue())
                    .vector(after.treeHash())
                    .vector(bytes(vector.get("confirmed_transcript_hash")))
                    .length(0)
                    .toBytes();
        }
    }
}
