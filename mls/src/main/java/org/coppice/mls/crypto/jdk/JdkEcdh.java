package org.coppice.mls.crypto.jdk;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import javax.crypto.KeyAgreement;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;

/** Diffie-Hellman of the platform on P-256, P-384 and P-521. */
final class JdkEcdh implements DiffieHellman {
    private final NamedCurve curve;
    private final EcKeys keys;
    private final Provider provider;

    JdkEcdh(NamedCurve curve) throws GeneralSecurityException {
        this.curve = curve;
        this.keys = new EcKeys(curve);
        this.provider = Jca.providerOf("KeyAgreement", "ECDH");
    }

    @Override
    public NamedCurve curve() {
        return curve;
    }

    @Override
    public RawKeyPair generate() {
        return keys.generate();
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        return keys.publicKey(privateKey);
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH", provider);
            agreement.init(keys.importPrivate(privateKey));
            agreement.doPhase(keys.importPublic(peerPublicKey), true);
            return agreement.generateSecret();
        } catch (InvalidKeyException e) {
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of " + curve.label(), e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the platform had ECDH when it was looked up", e);
        }
    }
}
