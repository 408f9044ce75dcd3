package org.coppice.crypto.nativelib;

import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import org.conscrypt.OpenSSLKey;
import org.conscrypt.OpenSslEdDsaPrivateKey;
import org.conscrypt.OpenSslEdDsaPublicKey;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.jca.JcaKeys;

/** Ed25519 keys of Conscrypt, whose constructors copy what they are given. */
final class ConscryptEd25519Keys implements JcaKeys {
    private final Provider provider;
    private final Method nativeRef;
    private final Method rawPublicKey;

    ConscryptEd25519Keys(Provider provider) throws GeneralSecurityException {
        this.provider = provider;
        // The library computes the public key when it imports a seed, but has no public method that hands it out.
        this.nativeRef = Hidden.method(OpenSSLKey.class, "getNativeRef");
        this.rawPublicKey = Hidden.method(
                Hidden.type(OpenSSLKey.class, "NativeCrypto"),
                "EVP_PKEY_get_raw_public_key",
                nativeRef.getReturnType());
    }

    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("EdDSA", provider).generateKeyPair();
        return new RawKeyPair(
                ((OpenSslEdDsaPrivateKey) pair.getPrivate()).getRaw(),
                ((OpenSslEdDsaPublicKey) pair.getPublic()).getRaw());
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        OpenSslEdDsaPrivateKey key = new OpenSslEdDsaPrivateKey(privateKey);
        try {
            return (byte[]) Hidden.call(rawPublicKey, null, Hidden.call(nativeRef, key.getOpenSSLKey()));
        } finally {
            key.destroy();
        }
    }

    @Override
    public PrivateKey importPrivate(byte[] privateKey) {
        return new OpenSslEdDsaPrivateKey(privateKey);
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) {
        return new OpenSslEdDsaPublicKey(publicKey);
    }

    @Override
    public void discard(PrivateKey key) {
        ((OpenSslEdDsaPrivateKey) key).destroy();
    }
}
