package org.coppice.testkit.vectors;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/** The labelled operations of a suite (RFC 9420 §5, §8, §9.1). */
final class CryptoBasicsCheck {
    private CryptoBasicsCheck() {}

    static void verify(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, CryptoException {
        SuiteCrypto crypto = setting.crypto();
        Fields ref = vector.object("ref_hash");
        Expect.equal("ref_hash", ref.bytes("out"), crypto.refHash(ref.text("label"), ref.bytes("value")));

        Fields expand = vector.object("expand_with_label");
        Expect.equal(
                "expand_with_label",
                expand.bytes("out"),
                crypto.expandWithLabel(
                        expand.secret("secret"),
                        expand.text("label"),
                        expand.bytes("context"),
                        expand.intNumber("length")));

        Fields derive = vector.object("derive_secret");
        Expect.equal(
                "derive_secret",
                derive.bytes("out"),
                crypto.deriveSecret(derive.secret("secret"), derive.text("label")));

        Fields tree = vector.object("derive_tree_secret");
        Expect.equal(
                "derive_tree_secret",
                tree.bytes("out"),
                crypto.deriveTreeSecret(
                        tree.secret("secret"),
                        tree.text("label"),
                        tree.intNumber("generation"),
                        tree.intNumber("length")));

        sign(vector.object("sign_with_label"), crypto);
        encrypt(vector.object("encrypt_with_label"), crypto);
    }

    private static void sign(Fields vector, SuiteCrypto crypto) throws VectorMismatch, CryptoException {
        SignaturePublicKey key = new SignaturePublicKey(vector.bytes("pub"));
        String label = vector.text("label");
        Bytes content = vector.bytes("content");
        Expect.holds(
                "sign_with_label: the signature does not verify",
                crypto.verifyWithLabel(key, label, content, vector.bytes("signature")));
        Signer signer = crypto.signer(PrivateKeys.signature(vector.secret("priv"), key, crypto));
        Expect.holds(
                "sign_with_label: an own signature does not verify",
                crypto.verifyWithLabel(key, label, content, crypto.signWithLabel(signer, label, content)));
    }

    private static void encrypt(Fields vector, SuiteCrypto crypto) throws VectorMismatch, CryptoException {
        HpkePublicKey key = new HpkePublicKey(vector.bytes("pub"));
        HpkeKeyPair keys = PrivateKeys.hpke("encrypt_with_label.priv", vector.secret("priv"), key, crypto);
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext(vector.text("label"), vector.bytes("context"));
        Bytes plaintext = vector.bytes("plaintext");
        HpkeCiphertext given = new HpkeCiphertext(vector.bytes("kem_output"), vector.bytes("ciphertext"));
        Expect.equal("encrypt_with_label", plaintext, crypto.decryptWithLabel(keys, context, given));
        HpkeCiphertext own = crypto.encryptWithLabel(key, context, Secret.wrap(plaintext.toByteArray()));
        Expect.equal("encrypt_with_label, own", plaintext, crypto.decryptWithLabel(keys, context, own));
    }
}
