package org.coppice.mls.crypto.jdk;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.jca.JcaKeys;

/** Ed25519 and Ed448 keys of the platform (RFC 8032). */
@RequiresJdk
final class JdkEddsaKeys implements JcaKeys {
    private final SignatureAlgorithm algorithm;
    private final NamedParameterSpec parameters;
    private final Provider provider;
    private final KeyFactory factory;
    private final SecureRandom random = new SecureRandom();

    JdkEddsaKeys(SignatureAlgorithm algorithm, Provider provider) throws GeneralSecurityException {
        this.algorithm = algorithm;
        this.parameters =
                algorithm == SignatureAlgorithm.ED25519 ? NamedParameterSpec.ED25519 : NamedParameterSpec.ED448;
        this.provider = provider;
        this.factory = KeyFactory.getInstance(algorithm.label(), provider);
    }

    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        byte[] seed = new byte[algorithm.privateLength()];
        random.nextBytes(seed);
        return new RawKeyPair(seed, publicKey(seed));
    }

    /** The platform computes a public key only in generating a pair, so the seed stands in for the random bytes. */
    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.label(), provider);
        generator.initialize(parameters, new SeedSource(privateKey));
        KeyPair pair = generator.generateKeyPair();
        byte[] used = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        boolean same = MessageDigest.isEqual(used, privateKey);
        Arrays.fill(used, (byte) 0);
        if (!same) {
            throw new AssertionError("the key pair generator does not take its seed from the source as it is");
        }
        return encode(((EdECPublicKey) pair.getPublic()).getPoint());
    }

    @Override
    public PrivateKey importPrivate(byte[] privateKey) throws GeneralSecurityException {
        return factory.generatePrivate(new EdECPrivateKeySpec(parameters, privateKey.clone()));
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) throws GeneralSecurityException {
        return factory.generatePublic(new EdECPublicKeySpec(parameters, decode(publicKey)));
    }

    /** RFC 8032 §5.1.2, §5.2.2: y little-endian, the lowest bit of x in the top bit. */
    private byte[] encode(EdECPoint point) {
        int length = algorithm.publicLength();
        byte[] big = point.getY().toByteArray();
        byte[] out = new byte[length];
        for (int i = 0; i < Math.min(big.length, length); i++) {
            out[i] = big[big.length - 1 - i];
        }
        if (point.isXOdd()) {
            out[length - 1] |= (byte) 0x80;
        }
        return out;
    }

    private static EdECPoint decode(byte[] publicKey) {
        byte[] big = new byte[publicKey.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = publicKey[big.length - 1 - i];
        }
        boolean xOdd = big[0] < 0;
        big[0] &= 0x7f;
        return new EdECPoint(xOdd, new BigInteger(1, big));
    }

    /** Gives one seed. */
    private static final class SeedSource extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient byte[] seed;

        SeedSource(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
