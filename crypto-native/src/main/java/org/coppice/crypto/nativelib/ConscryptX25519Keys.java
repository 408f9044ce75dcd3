package org.coppice.crypto.nativelib;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import javax.crypto.KeyAgreement;
import org.conscrypt.OpenSSLX25519PrivateKey;
import org.conscrypt.OpenSSLX25519PublicKey;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.jca.JcaKeys;

/** X25519 keys of Conscrypt, whose constructors copy what they are given. */
final class ConscryptX25519Keys implements JcaKeys {
    private final Provider provider;
    private final PublicKey basePoint;

    ConscryptX25519Keys(Provider provider) {
        this.provider = provider;
        // RFC 7748 §4.1
        byte[] nine = new byte[32];
        nine[0] = 9;
        this.basePoint = new OpenSSLX25519PublicKey(nine);
    }

    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("XDH", provider).generateKeyPair();
        return new RawKeyPair(
                ((OpenSSLX25519PrivateKey) pair.getPrivate()).getU(),
                ((OpenSSLX25519PublicKey) pair.getPublic()).getU());
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        PrivateKey key = importPrivate(privateKey);
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("XDH", provider);
            agreement.init(key);
            agreement.doPhase(basePoint, true);
            return agreement.generateSecret();
        } finally {
            discard(key);
        }
    }

    @Override
    public PrivateKey importPrivate(byte[] privateKey) {
        return new OpenSSLX25519PrivateKey(privateKey);
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) {
        return new OpenSSLX25519PublicKey(publicKey);
    }

    @Override
    public void discard(PrivateKey key) {
        ((OpenSSLX25519PrivateKey) key).destroy();
    }
}
