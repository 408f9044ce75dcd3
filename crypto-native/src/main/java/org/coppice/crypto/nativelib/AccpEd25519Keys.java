package org.coppice.crypto.nativelib;

import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.jca.JcaKeys;

/** Ed25519 keys of ACCP. */
final class AccpEd25519Keys implements JcaKeys {
    private static final int LENGTH = 32;

    private final KeyFactory factory;
    private final Method getPublicKey;
    private final SecureRandom random = new SecureRandom();

    AccpEd25519Keys(Provider provider) throws GeneralSecurityException {
        try {
            this.factory = KeyFactory.getInstance("EdDSA", provider);
        } catch (NoSuchAlgorithmException e) {
            throw new GeneralSecurityException(
                    "needs the option -D" + AccpLibrary.ED_KEY_FACTORY + "=true, for someone loaded the library before",
                    e);
        }
        this.getPublicKey = Hidden.method(Hidden.type(provider.getClass(), "EvpEdPrivateKey"), "getPublicKey");
    }

    /** Not by the library's generator, whose keys take a turn through the platform's slow ones. */
    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        byte[] seed = new byte[LENGTH];
        random.nextBytes(seed);
        return new RawKeyPair(seed, publicKey(seed));
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        PrivateKey key = importPrivate(privateKey);
        try {
            return Der.tail(((PublicKey) Hidden.call(getPublicKey, key)).getEncoded(), LENGTH);
        } finally {
            discard(key);
        }
    }

    @Override
    public PrivateKey importPrivate(byte[] privateKey) throws GeneralSecurityException {
        byte[] encoded = Der.ed25519Private(privateKey);
        try {
            return factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) throws GeneralSecurityException {
        return factory.generatePublic(new X509EncodedKeySpec(Der.ed25519Public(publicKey)));
    }

    @Override
    public void discard(PrivateKey key) {
        NativeLibrary.destroy(key);
    }
}
