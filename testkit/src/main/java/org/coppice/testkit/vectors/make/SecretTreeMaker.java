package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/** The secret tree and its ratchets, by the formulas of RFC 9420 §9. */
final class SecretTreeMaker {
    private static final List<Integer> GENERATIONS = List.of(0, 1, 15);
    private static final int[] SIZES = {1, 4, 8};

    private SecretTreeMaker() {}

    static void make(ObjectNode out, Recipe recipe) {
        ObjectNode senderData = out.putObject("sender_data");
        Bytes secret = recipe.hashBytes();
        // §6.3.2: also a ciphertext shorter than the sample.
        Bytes ciphertext = recipe.bytes(1 + recipe.random().below(3 * recipe.hashLength()));
        Recipe.put(senderData, "sender_data_secret", secret);
        Recipe.put(senderData, "ciphertext", ciphertext);
        Recipe.put(senderData, "key", senderDataKey(recipe, secret, ciphertext));
        Recipe.put(senderData, "nonce", senderDataNonce(recipe, secret, ciphertext));

        Bytes encryption = recipe.hashBytes();
        int leaves = SIZES[recipe.index() % SIZES.length];
        Recipe.put(out, "encryption_secret", encryption);
        ArrayNode all = out.putArray("leaves");
        for (int leaf = 0; leaf < leaves; leaf++) {
            Bytes leafSecret = leafSecret(recipe, encryption, leaf, leaves);
            ArrayNode generations = all.addArray();
            for (int generation : GENERATIONS) {
                ObjectNode entry = generations.addObject();
                entry.put("generation", generation);
                Key handshake = key(recipe, leafSecret, "handshake", generation);
                Key application = key(recipe, leafSecret, "application", generation);
                Recipe.put(entry, "handshake_key", handshake.key);
                Recipe.put(entry, "handshake_nonce", handshake.nonce);
                Recipe.put(entry, "application_key", application.key);
                Recipe.put(entry, "application_nonce", application.nonce);
            }
        }
    }

    static Bytes senderDataKey(Recipe recipe, Bytes secret, Bytes ciphertext) {
        return recipe.expand(secret, "key", sample(recipe, ciphertext), recipe.keyLength());
    }

    static Bytes senderDataNonce(Recipe recipe, Bytes secret, Bytes ciphertext) {
        return recipe.expand(secret, "nonce", sample(recipe, ciphertext), recipe.nonceLength());
    }

    private static Bytes sample(Recipe recipe, Bytes ciphertext) {
        return ciphertext.slice(0, Math.min(recipe.hashLength(), ciphertext.length()));
    }

    /** The secret of a leaf of a full tree. */
    static Bytes leafSecret(Recipe recipe, Bytes encryptionSecret, int leaf, int leaves) {
        Bytes secret = encryptionSecret;
        for (int width = leaves / 2; width >= 1; width /= 2) {
            String side = (leaf & width) == 0 ? "left" : "right";
            secret = recipe.expand(secret, "tree", ScheduleMaker.ascii(side), recipe.hashLength());
        }
        return secret;
    }

    /** Key and nonce of one message. */
    record Key(Bytes key, Bytes nonce) {}

    static Key key(Recipe recipe, Bytes leafSecret, String ratchet, int generation) {
        Bytes secret = recipe.expand(leafSecret, ratchet, Bytes.EMPTY, recipe.hashLength());
        for (int i = 0; i < generation; i++) {
            secret = recipe.expand(secret, "secret", generation(i), recipe.hashLength());
        }
        return new Key(
                recipe.expand(secret, "key", generation(generation), recipe.keyLength()),
                recipe.expand(secret, "nonce", generation(generation), recipe.nonceLength()));
    }

    private static Bytes generation(int number) {
        return new TlsWriter().uint32(number).toBytes();
    }
}
