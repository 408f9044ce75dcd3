package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.TreeMath;

/** Tree arithmetic, lengths, and the labelled operations of a suite. */
final class BasicMaker {
    private static final int MAX_DEPTH = 8;

    private BasicMaker() {}

    static void treeMath(ObjectNode out, Recipe recipe) {
        long leaves = 1L << recipe.index() % (MAX_DEPTH + 1);
        long nodes = TreeMath.nodeCount(leaves);
        out.put("n_leaves", leaves);
        out.put("n_nodes", nodes);
        out.put("root", TreeMath.root(leaves).value());
        table(out.putArray("left"), nodes, TreeMath::left);
        table(out.putArray("right"), nodes, TreeMath::right);
        table(out.putArray("parent"), nodes, node -> TreeMath.parent(node, leaves));
        table(out.putArray("sibling"), nodes, node -> TreeMath.sibling(node, leaves));
    }

    private static void table(ArrayNode out, long nodes, Function<NodeIndex, Optional<NodeIndex>> relation) {
        for (long i = 0; i < nodes; i++) {
            Optional<NodeIndex> other = relation.apply(new NodeIndex(i));
            if (other.isPresent()) {
                out.add(other.get().value());
            } else {
                out.addNull();
            }
        }
    }

    static void deserialization(ObjectNode out, Recipe recipe) {
        int[] limits = {1 << 6, 1 << 14, 1 << 30};
        int length = recipe.random().below(limits[recipe.index() % limits.length]);
        Recipe.put(out, "vlbytes_header", new TlsWriter().length(length).toBytes());
        out.put("length", length);
    }

    static void cryptoBasics(ObjectNode out, Recipe recipe) throws MlsException {
        ObjectNode ref = out.putObject("ref_hash");
        Bytes value = recipe.hashBytes();
        ref.put("label", "RefHash");
        Recipe.put(ref, "value", value);
        Recipe.put(ref, "out", recipe.crypto().refHash("RefHash", value));

        ObjectNode expand = out.putObject("expand_with_label");
        Bytes secret = recipe.hashBytes();
        Bytes context = recipe.bytes(recipe.random().below(48));
        Recipe.put(expand, "secret", secret);
        expand.put("label", "ExpandWithLabel");
        Recipe.put(expand, "context", context);
        expand.put("length", 16);
        Recipe.put(expand, "out", recipe.expand(secret, "ExpandWithLabel", context, 16));

        ObjectNode derive = out.putObject("derive_secret");
        secret = recipe.hashBytes();
        Recipe.put(derive, "secret", secret);
        derive.put("label", "DeriveSecret");
        Recipe.put(derive, "out", recipe.derive(secret, "DeriveSecret"));

        ObjectNode tree = out.putObject("derive_tree_secret");
        secret = recipe.hashBytes();
        long generation = 2 * recipe.number();
        Bytes encoded = new TlsWriter().uint32(generation).toBytes();
        Recipe.put(tree, "secret", secret);
        tree.put("label", "DeriveTreeSecret");
        tree.put("generation", generation);
        tree.put("length", recipe.hashLength());
        Recipe.put(tree, "out", recipe.expand(secret, "DeriveTreeSecret", encoded, recipe.hashLength()));

        sign(out.putObject("sign_with_label"), recipe);
        encrypt(out.putObject("encrypt_with_label"), recipe);
    }

    private static void sign(ObjectNode out, Recipe recipe) throws MlsException {
        SignatureKeyPair keys = recipe.crypto().generateSignatureKeyPair();
        Bytes content = recipe.hashBytes();
        Recipe.put(out, "priv", Recipe.privateKey(keys));
        Recipe.put(out, "pub", keys.publicKey().data());
        out.put("label", "SignWithLabel");
        Recipe.put(out, "content", content);
        Recipe.put(
                out,
                "signature",
                recipe.crypto().signWithLabel(recipe.crypto().signer(keys), "SignWithLabel", content));
    }

    private static void encrypt(ObjectNode out, Recipe recipe) throws MlsException {
        HpkeKeyPair keys = recipe.crypto().generateHpkeKeyPair();
        Bytes context = recipe.hashBytes();
        Bytes plaintext = recipe.hashBytes();
        HpkeCiphertext message = recipe.crypto()
                .encryptWithLabel(
                        keys.publicKey(),
                        recipe.crypto().encryptionContext("EncryptWithLabel", context),
                        Recipe.secret(plaintext));
        Recipe.put(out, "priv", Recipe.privateKey(keys));
        Recipe.put(out, "pub", keys.publicKey().data());
        out.put("label", "EncryptWithLabel");
        Recipe.put(out, "context", context);
        Recipe.put(out, "plaintext", plaintext);
        Recipe.put(out, "kem_output", message.kemOutput());
        Recipe.put(out, "ciphertext", message.ciphertext());
    }
}
