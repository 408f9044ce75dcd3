package org.coppice.testkit.vectors;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskSecret;

/** What a Welcome holds, step by step (RFC 9420 §12.4.3.1). */
final class WelcomeCheck {
    private WelcomeCheck() {}

    static void verify(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        SuiteCrypto crypto = setting.crypto();
        KeyPackage keyPackage = keyPackage(vector);
        Welcome welcome = welcome(vector);
        Expect.equal("cipher_suite of the Welcome", crypto.suite(), welcome.cipherSuite());
        try (GroupSecrets secrets = open(welcome, keyPackage, vector.secret("init_priv"), crypto)) {
            Expect.equal("psks", 0, secrets.psks().size());
            JoinerSecret joiner = JoinerSecret.wrap(secrets.joinerSecret().copy());
            MemberSecret member = MemberSecret.derive(joiner, PskSecret.none(crypto), crypto);
            byte[] plaintext = member.welcomeSecret().open(welcome.encryptedGroupInfo());
            Decoder<GroupInfo> decoder = GroupInfo::decode;
            GroupInfo groupInfo = decoder.decodeAll(Bytes.wrap(plaintext), DecodeLimits.DEFAULT);
            Expect.holds(
                    "the signature of the GroupInfo does not verify",
                    groupInfo.verifySignature(new SignaturePublicKey(vector.bytes("signer_pub")), crypto));
            member.epochSecrets(SuiteCrypto.encode(groupInfo.groupContext()))
                    .verifyConfirmationTag(
                            groupInfo.groupContext().confirmedTranscriptHash(), groupInfo.confirmationTag());
        }
    }

    private static GroupSecrets open(Welcome welcome, KeyPackage keyPackage, Secret initKey, SuiteCrypto crypto)
            throws VectorMismatch, MlsException {
        Bytes ref = keyPackage.ref(crypto);
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext("Welcome", welcome.encryptedGroupInfo());
        for (Welcome.EncryptedGroupSecrets entry : welcome.secrets()) {
            if (entry.newMember().equals(ref)) {
                HpkeKeyPair keys = new HpkeKeyPair(initKey, keyPackage.initKey());
                Secret plaintext = crypto.decryptWithLabel(keys, context, entry.encryptedGroupSecrets());
                return GroupSecrets.decode(Bytes.wrap(plaintext.exposeCopy()));
            }
        }
        throw new VectorMismatch("no entry of the Welcome is for the key package");
    }

    private static KeyPackage keyPackage(Fields vector) throws VectorMismatch {
        MlsMessage message = vector.decoded("key_package", MlsMessage::decode);
        if (message.body() instanceof MlsMessage.KeyPackage body) {
            return body.keyPackage();
        }
        throw new VectorMismatch("key_package is a message of another kind");
    }

    private static Welcome welcome(Fields vector) throws VectorMismatch {
        MlsMessage message = vector.decoded("welcome", MlsMessage::decode);
        if (message.body() instanceof MlsMessage.Welcome body) {
            return body.welcome();
        }
        throw new VectorMismatch("welcome is a message of another kind");
    }
}
