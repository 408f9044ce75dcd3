package org.coppice.client.scenario;

import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.GeneralName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.CryptoException;

/** Signs with a P-256 key of a key store, which can be out of reach as a card can be out of its reader. */
final class KeyStoreSigner implements Signer {
    private final PrivateKey handle;
    private final SignaturePublicKey publicKey;
    volatile boolean isOut;

    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

    private KeyStoreSigner(PrivateKey handle, SignaturePublicKey publicKey) {
        this.handle = handle;
        this.publicKey = publicKey;
    }

    /** A new key in a new PKCS #12 file. */
    static KeyStoreSigner create(Path file) throws Exception {
        new TestCertificates("card maker").issue(file, new GeneralName(GeneralName.dNSName, "card"));
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] pin = TestCertificates.PASSWORD.toCharArray();
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, pin);
        }
        ECPoint point = ((ECPublicKey) store.getCertificate("key").getPublicKey()).getW();
        // RFC 9420 §5.1.1: 04, x, y.
        return new KeyStoreSigner(
                (PrivateKey) store.getKey("key", pin),
                new SignaturePublicKey(
                        Bytes.fromHex("04" + coordinate(point.getAffineX()) + coordinate(point.getAffineY()))));
    }

    private static String coordinate(BigInteger value) {
        return String.format("%064x", value);
    }

    /** The private key itself, to look for where it must not be. */
    String secretHex() {
        return coordinate(((ECPrivateKey) handle).getS());
    }

    /** Signs so often, and is out after that until this is called again. */
    void signOnly(int times) {
        left.set(times);
    }

    @Override
    public SignaturePublicKey publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(byte[] message) throws CryptoException {
        if (isOut || left.getAndDecrement() <= 0) {
            throw new CryptoException(CryptoException.Reason.SIGNER_FAILED, "the card is out");
        }
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(handle);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new CryptoException(CryptoException.Reason.SIGNER_FAILED, "the key store did not sign", e);
        }
    }
}
