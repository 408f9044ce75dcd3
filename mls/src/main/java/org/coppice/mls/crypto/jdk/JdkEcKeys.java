package org.coppice.mls.crypto.jdk;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.jca.JcaKeys;
import org.coppice.mls.error.CryptoException;

/** Keys of P-256, P-384 and P-521 of the platform. */
final class JdkEcKeys implements JcaKeys {
    private final NamedCurve curve;
    private final ECParameterSpec parameters;
    private final Provider generators;
    private final KeyFactory factory;

    JdkEcKeys(NamedCurve curve) throws GeneralSecurityException {
        this.curve = curve;
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC", Jca.providerOf("AlgorithmParameters", "EC"));
        named.init(new ECGenParameterSpec("secp" + curve.label().substring(2) + "r1"));
        this.parameters = named.getParameterSpec(ECParameterSpec.class);
        this.generators = Jca.providerOf("KeyPairGenerator", "EC");
        this.factory = KeyFactory.getInstance("EC", Jca.providerOf("KeyFactory", "EC"));
    }

    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", generators);
        generator.initialize(parameters);
        KeyPair pair = generator.generateKeyPair();
        return new RawKeyPair(bytes(((ECPrivateKey) pair.getPrivate()).getS()), encode((ECPublicKey) pair.getPublic()));
    }

    /**
     * The platform computes a public key only in generating a pair, so a generator of the scalar in question stands in for the
     * random one.
     */
    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", generators);
        generator.initialize(parameters, new ScalarSource(privateKey));
        KeyPair pair = generator.generateKeyPair();
        byte[] used = bytes(((ECPrivateKey) pair.getPrivate()).getS());
        boolean same = MessageDigest.isEqual(used, privateKey);
        Arrays.fill(used, (byte) 0);
        if (!same) {
            throw new AssertionError("the key pair generator does not take its scalar from the source as it is");
        }
        return encode((ECPublicKey) pair.getPublic());
    }

    @Override
    public PrivateKey importPrivate(byte[] privateKey) throws GeneralSecurityException {
        return factory.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, privateKey), parameters));
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) throws GeneralSecurityException {
        try {
            // Not all releases of the platform check that the point is on the curve in all uses.
            curve.checkPublicKey(publicKey);
        } catch (CryptoException e) {
            throw new InvalidKeyException(e);
        }
        int length = curve.privateLength();
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(publicKey, 1, 1 + length));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(publicKey, 1 + length, publicKey.length));
        return factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), parameters));
    }

    private byte[] encode(ECPublicKey key) {
        int length = curve.privateLength();
        byte[] out = new byte[curve.publicLength()];
        out[0] = 4;
        System.arraycopy(bytes(key.getW().getAffineX()), 0, out, 1, length);
        System.arraycopy(bytes(key.getW().getAffineY()), 0, out, 1 + length, length);
        return out;
    }

    /** Big-endian in the length of a scalar, which is also that of a coordinate. */
    private byte[] bytes(BigInteger value) {
        byte[] signed = value.toByteArray();
        byte[] out = new byte[curve.privateLength()];
        int count = Math.min(signed.length, out.length);
        System.arraycopy(signed, signed.length - count, out, out.length - count, count);
        return out;
    }

    /** Gives one scalar, little-endian and followed by zeros, which is how the platform's generator reads it. */
    private static final class ScalarSource extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient byte[] scalar;

        ScalarSource(byte[] scalar) {
            this.scalar = scalar;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = i < scalar.length ? scalar[scalar.length - 1 - i] : 0;
            }
        }
    }
}
