package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;

/** A Welcome, by the formulas of RFC 9420 §8 and §12.4.3.1. */
final class WelcomeMaker {
    private WelcomeMaker() {}

    static void make(ObjectNode out, Recipe recipe) throws MlsException {
        HpkeKeyPair init = recipe.crypto().generateHpkeKeyPair();
        KeyPackage keyPackage = new PrivateTree(recipe, recipe.hashBytes()).keyPackage(init.publicKey());
        SignatureKeyPair signer = recipe.crypto().generateSignatureKeyPair();
        Bytes joiner = recipe.hashBytes();
        Welcome welcome = welcome(recipe, keyPackage, joiner, recipe.crypto().signer(signer));
        Recipe.put(out, "init_priv", Recipe.privateKey(init));
        Recipe.put(out, "signer_pub", signer.publicKey().data());
        Recipe.put(out, "key_package", new MlsMessage(new MlsMessage.KeyPackage(keyPackage)));
        Recipe.put(out, "welcome", new MlsMessage(new MlsMessage.Welcome(welcome)));
    }

    private static Welcome welcome(Recipe recipe, KeyPackage keyPackage, Bytes joiner, Signer signer)
            throws MlsException {
        GroupContext context = groupContext(recipe);
        Bytes member = recipe.extract(joiner, Bytes.wrap(new byte[recipe.hashLength()]));
        Bytes epoch = recipe.expand(member, "epoch", Recipe.encode(context), recipe.hashLength());
        Bytes tag = recipe.mac(recipe.derive(epoch, "confirm"), context.confirmedTranscriptHash());
        Bytes groupInfo = Recipe.encode(
                GroupInfo.sign(context, Extensions.EMPTY, tag, new LeafIndex(0), recipe.crypto(), signer));

        Bytes welcome = recipe.derive(member, "welcome");
        Bytes key = recipe.expand(welcome, "key", Bytes.EMPTY, recipe.keyLength());
        Bytes nonce = recipe.expand(welcome, "nonce", Bytes.EMPTY, recipe.nonceLength());
        byte[] plain = groupInfo.toByteArray();
        Bytes encrypted =
                recipe.crypto().seal(Recipe.secret(key), nonce.toByteArray(), Bytes.EMPTY, plain, plain.length);

        // §12.4.3.1: joiner_secret, no path_secret, no PSKs.
        Bytes secrets = new TlsWriter().vector(joiner).uint8(0).length(0).toBytes();
        HpkeCiphertext sealed = recipe.crypto()
                .encryptWithLabel(
                        keyPackage.initKey(),
                        recipe.crypto().encryptionContext("Welcome", encrypted),
                        Recipe.secret(secrets));
        Welcome.EncryptedGroupSecrets own = new Welcome.EncryptedGroupSecrets(keyPackage.ref(recipe.crypto()), sealed);
        return new Welcome(recipe.crypto().suite(), List.of(stranger(recipe), own), encrypted);
    }

    /** An entry for somebody else. */
    static Welcome.EncryptedGroupSecrets stranger(Recipe recipe) {
        return new Welcome.EncryptedGroupSecrets(
                recipe.hashBytes(), new HpkeCiphertext(recipe.hashBytes(), recipe.bytes(80)));
    }

    static GroupContext groupContext(Recipe recipe) {
        return new GroupContext(
                ProtocolVersion.MLS10,
                recipe.crypto().suite(),
                recipe.hashBytes(),
                recipe.number(),
                recipe.hashBytes(),
                recipe.hashBytes(),
                Extensions.EMPTY);
    }

    /** GroupSecrets with everything in them. */
    static Bytes groupSecrets(Recipe recipe, List<PreSharedKeyId> psks) {
        return Recipe.bytes(
                new GroupSecrets(Recipe.secret(recipe.hashBytes()), Recipe.secret(recipe.hashBytes()), psks).encode());
    }
}
