package org.coppice.crypto.nativelib;

import java.lang.reflect.Method;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.jca.JcaKeys;

/** Keys of P-256, P-384 and P-521 of ACCP. */
final class AccpEcKeys implements JcaKeys {
    private final NamedCurve curve;
    private final Provider provider;
    private final ECGenParameterSpec name;
    private final ECParameterSpec parameters;
    private final KeyFactory factory;
    private final Method getPublicKey;
    private final byte[] publicPrefix;

    AccpEcKeys(NamedCurve curve, Provider provider) throws GeneralSecurityException {
        this.curve = curve;
        this.provider = provider;
        this.name = new ECGenParameterSpec("secp" + curve.label().substring(2) + "r1");
        // The library has no parameters of its own; these numbers are the same from every provider.
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
        named.init(name);
        this.parameters = named.getParameterSpec(ECParameterSpec.class);
        this.factory = KeyFactory.getInstance("EC", provider);
        this.getPublicKey = Hidden.method(Hidden.type(provider.getClass(), "EvpEcPrivateKey"), "getPublicKey");
        this.publicPrefix = Der.publicPrefix(curve);
    }

    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(name);
        KeyPair pair = generator.generateKeyPair();
        try {
            return new RawKeyPair(
                    Scalars.bytes(((ECPrivateKey) pair.getPrivate()).getS(), curve),
                    Der.tail(pair.getPublic().getEncoded(), curve.publicLength()));
        } finally {
            discard(pair.getPrivate());
        }
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        PrivateKey key = importPrivate(privateKey);
        try {
            return Der.tail(((PublicKey) Hidden.call(getPublicKey, key)).getEncoded(), curve.publicLength());
        } finally {
            discard(key);
        }
    }

    /** From a number, not from PKCS #8: without a public key in it, that form takes the library twice as long. */
    @Override
    public PrivateKey importPrivate(byte[] privateKey) throws GeneralSecurityException {
        return factory.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, privateKey), parameters));
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) throws GeneralSecurityException {
        return factory.generatePublic(new X509EncodedKeySpec(Der.concat(publicPrefix, publicKey)));
    }

    @Override
    public void discard(PrivateKey key) {
        NativeLibrary.destroy(key);
    }
}
