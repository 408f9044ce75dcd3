package org.coppice.crypto.nativelib;

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

/** Keys of P-256, P-384 and P-521 of Conscrypt. */
final class ConscryptEcKeys implements JcaKeys {
    private final NamedCurve curve;
    private final Provider provider;
    private final ECGenParameterSpec name;
    private final ECParameterSpec parameters;
    private final KeyFactory factory;
    private final byte[] publicPrefix;

    ConscryptEcKeys(NamedCurve curve, Provider provider) throws GeneralSecurityException {
        this.curve = curve;
        this.provider = provider;
        this.name = new ECGenParameterSpec("secp" + curve.label().substring(2) + "r1");
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC", provider);
        named.init(name);
        this.parameters = named.getParameterSpec(ECParameterSpec.class);
        this.factory = KeyFactory.getInstance("EC", provider);
        this.publicPrefix = Der.publicPrefix(curve);
    }

    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(name);
        KeyPair pair = generator.generateKeyPair();
        return new RawKeyPair(
                Scalars.bytes(((ECPrivateKey) pair.getPrivate()).getS(), curve),
                Der.tail(pair.getPublic().getEncoded(), curve.publicLength()));
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        // Made from a number, a key computes its public key and ends its PKCS #8 form with it.
        return Der.tail(importPrivate(privateKey).getEncoded(), curve.publicLength());
    }

    @Override
    public PrivateKey importPrivate(byte[] privateKey) throws GeneralSecurityException {
        return factory.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, privateKey), parameters));
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) throws GeneralSecurityException {
        return factory.generatePublic(new X509EncodedKeySpec(Der.concat(publicPrefix, publicKey)));
    }
}
