package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.cookbook.Kitchen.bytes;
import static org.coppice.cookbook.Kitchen.environment;
import static org.coppice.cookbook.Kitchen.text;
import static org.coppice.mls.crypto.CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256;

import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;

/** The signature key stays in a key store, such as that of a hardware module. */
final class SignerElsewhere {
    private SignerElsewhere() {}

    // begin signer
    /** Signs with a key of a P-256 suite that only its key store sees. */
    record KeyStoreSigner(PrivateKey handle, SignaturePublicKey publicKey) implements Signer {
        static KeyStoreSigner of(KeyStore store, String alias, char[] pin) throws GeneralSecurityException {
            ECPublicKey key = (ECPublicKey) store.getCertificate(alias).getPublicKey();
            return new KeyStoreSigner((PrivateKey) store.getKey(alias, pin), raw(key.getW()));
        }

        /** As RFC 9420 §5.1.1 has it: 04, x, y. */
        private static SignaturePublicKey raw(ECPoint point) {
            return new SignaturePublicKey(
                    Bytes.fromHex("04" + coordinate(point.getAffineX()) + coordinate(point.getAffineY())));
        }

        private static String coordinate(BigInteger value) {
            return String.format("%064x", value);
        }

        @Override
        public byte[] sign(byte[] message) throws CryptoException {
            try {
                Signature signature = Signature.getInstance("SHA256withECDSA"); // the provider that takes the handle
                signature.initSign(handle);
                signature.update(message);
                return signature.sign(); // DER, as §5.1.2 wants it
            } catch (GeneralSecurityException e) {
                throw new CryptoException(CryptoException.Reason.SIGNER_FAILED, "the key store did not sign", e);
            }
        }
    }
    // end signer

    static void cook(PrintStream out, Path directory) throws Exception {
        Signer signer = KeyStoreSigner.of(Token.keyStore("alice"), "alice", "1234".toCharArray());
        // begin use
        MlsClient alice = MlsClient.of(
                environment().build(),
                MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
                Credential.basic(bytes("alice")),
                signer);
        // end use
        MlsClient bob = MlsClient.create(
                environment().build(), MLS_128_DHKEMP256_AES128GCM_SHA256_P256, Credential.basic(bytes("bob")));
        Group alices = alice.createGroup();
        Group bobs = Kitchen.join(alices, bob);
        if (bobs.receive(alices.encrypt("signed in hardware".getBytes(UTF_8)))
                instanceof Received.Application message) {
            out.println("bob reads: " + text(message.data()));
        }
    }
}
