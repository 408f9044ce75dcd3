package org.coppice.mls.crypto.jdk;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.jca.JcaKeys;

/** X25519 and X448 keys of the platform (RFC 7748), handed over in its interfaces: a {@code KeyFactory} would copy more. */
@RequiresJdk
final class JdkXdhKeys implements JcaKeys {
    private final NamedCurve curve;
    private final NamedParameterSpec parameters;
    private final Provider provider;
    private final byte[] basePoint;
    private final SecureRandom random = new SecureRandom();

    JdkXdhKeys(NamedCurve curve, Provider provider) {
        this.curve = curve;
        this.parameters = curve == NamedCurve.X25519 ? NamedParameterSpec.X25519 : NamedParameterSpec.X448;
        this.provider = provider;
        // RFC 7748 §4.1, §4.2: the u coordinate of the base point.
        this.basePoint = new byte[curve.publicLength()];
        basePoint[0] = (byte) (curve == NamedCurve.X25519 ? 9 : 5);
    }

    @Override
    public RawKeyPair generate() throws GeneralSecurityException {
        byte[] privateKey = new byte[curve.privateLength()];
        random.nextBytes(privateKey);
        return new RawKeyPair(privateKey, publicKey(privateKey));
    }

    /** The platform has no public way from a private key to its public key but this multiplication. */
    @Override
    public byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(curve.label(), provider);
        agreement.init(importPrivate(privateKey));
        agreement.doPhase(importPublic(basePoint), true);
        return agreement.generateSecret();
    }

    @Override
    public PrivateKey importPrivate(byte[] privateKey) {
        return new RawPrivateKey(parameters, privateKey);
    }

    @Override
    public PublicKey importPublic(byte[] publicKey) {
        byte[] reversed = new byte[publicKey.length];
        for (int i = 0; i < publicKey.length; i++) {
            reversed[i] = publicKey[publicKey.length - 1 - i];
        }
        if (curve == NamedCurve.X25519) {
            // RFC 7748 §5: the most significant bit is ignored.
            reversed[0] &= 0x7f;
        }
        return new RawPublicKey(parameters, new BigInteger(1, reversed));
    }

    /** A key that has no encoding: only the platform's own algorithms take it. */
    @RequiresJdk
    private abstract static class RawKey implements Key {
        private static final long serialVersionUID = 1L;

        private final transient NamedParameterSpec parameters;

        RawKey(NamedParameterSpec parameters) {
            this.parameters = parameters;
        }

        /** Of either interface of such keys. */
        public final AlgorithmParameterSpec getParams() {
            return parameters;
        }

        @Override
        public final String getAlgorithm() {
            return parameters.getName();
        }

        @Override
        public final String getFormat() {
            return null;
        }

        @Override
        public final byte[] getEncoded() {
            return null;
        }
    }

    @RequiresJdk
    private static final class RawPrivateKey extends RawKey implements XECPrivateKey {
        private static final long serialVersionUID = 1L;

        private final transient byte[] scalar;

        RawPrivateKey(NamedParameterSpec parameters, byte[] scalar) {
            super(parameters);
            this.scalar = scalar;
        }

        @Override
        public Optional<byte[]> getScalar() {
            // A copy, for the platform clamps it in place.
            return Optional.of(scalar.clone());
        }
    }

    @RequiresJdk
    private static final class RawPublicKey extends RawKey implements XECPublicKey {
        private static final long serialVersionUID = 1L;

        private final transient BigInteger u;

        RawPublicKey(NamedParameterSpec parameters, BigInteger u) {
            super(parameters);
            this.u = u;
        }

        @Override
        public BigInteger getU() {
            return u;
        }
    }
}
