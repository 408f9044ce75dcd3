package org.coppice.mls.crypto.jdk;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;

/** X25519 and X448 of the platform (RFC 7748). */
@RequiresJdk
final class JdkXdh implements DiffieHellman {
    private final NamedCurve curve;
    private final NamedParameterSpec parameters;
    private final Provider provider;
    private final byte[] basePoint;
    private final SecureRandom random = new SecureRandom();

    JdkXdh(NamedCurve curve) throws GeneralSecurityException {
        this.curve = curve;
        this.parameters = curve == NamedCurve.X25519 ? NamedParameterSpec.X25519 : NamedParameterSpec.X448;
        this.provider = Jca.providerOf("KeyAgreement", curve.label());
        // RFC 7748 §4.1, §4.2: the u coordinate of the base point.
        this.basePoint = new byte[curve.publicLength()];
        basePoint[0] = (byte) (curve == NamedCurve.X25519 ? 9 : 5);
    }

    @Override
    public NamedCurve curve() {
        return curve;
    }

    @Override
    public RawKeyPair generate() {
        byte[] privateKey = new byte[curve.privateLength()];
        random.nextBytes(privateKey);
        try {
            return new RawKeyPair(privateKey, publicKey(privateKey));
        } catch (CryptoException e) {
            throw new AssertionError("any bytes are a private key", e);
        }
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        // The platform has no public way from a private key to its public key but this multiplication.
        return multiply(privateKey, basePoint);
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
        return multiply(privateKey, peerPublicKey);
    }

    private byte[] multiply(byte[] scalar, byte[] u) throws CryptoException {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance(curve.label(), provider);
            agreement.init(new PrivateKey(parameters, scalar));
            agreement.doPhase(new PublicKey(parameters, u), true);
            return agreement.generateSecret();
        } catch (InvalidKeyException e) {
            // Of points of small order, the only ones it refuses.
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of " + curve.label(), e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the platform had " + curve.label() + " when it was looked up", e);
        }
    }

    /** Handed to the platform as it is: a {@code KeyFactory} would copy it through several forms. */
    private static final class PrivateKey implements XECPrivateKey {
        private static final long serialVersionUID = 1L;

        private final transient NamedParameterSpec parameters;
        private final transient byte[] scalar;

        PrivateKey(NamedParameterSpec parameters, byte[] scalar) {
            this.parameters = parameters;
            this.scalar = scalar;
        }

        @Override
        public Optional<byte[]> getScalar() {
            // A copy, for the platform clamps it in place.
            return Optional.of(scalar.clone());
        }

        @Override
        public AlgorithmParameterSpec getParams() {
            return parameters;
        }

        @Override
        public String getAlgorithm() {
            return parameters.getName();
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    private static final class PublicKey implements XECPublicKey {
        private static final long serialVersionUID = 1L;

        private final transient NamedParameterSpec parameters;
        private final transient byte[] u;

        PublicKey(NamedParameterSpec parameters, byte[] u) {
            this.parameters = parameters;
            this.u = u;
        }

        @Override
        public BigInteger getU() {
            byte[] reversed = new byte[u.length];
            for (int i = 0; i < u.length; i++) {
                reversed[i] = u[u.length - 1 - i];
            }
            if (reversed.length == 32) {
                // RFC 7748 §5: X25519 ignores the most significant bit.
                reversed[0] &= 0x7f;
            }
            return new BigInteger(1, reversed);
        }

        @Override
        public AlgorithmParameterSpec getParams() {
            return parameters;
        }

        @Override
        public String getAlgorithm() {
            return parameters.getName();
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }
}
