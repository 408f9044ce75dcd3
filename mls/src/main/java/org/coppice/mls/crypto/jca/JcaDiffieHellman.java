package org.coppice.mls.crypto.jca;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import javax.crypto.KeyAgreement;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;

/** Diffie-Hellman over a JCA {@code KeyAgreement}. */
public final class JcaDiffieHellman implements DiffieHellman {
    private final NamedCurve curve;
    private final String name;
    private final Provider provider;
    private final JcaKeys keys;

    private JcaDiffieHellman(NamedCurve curve, String name, Provider provider, JcaKeys keys) {
        this.curve = curve;
        this.name = name;
        this.provider = provider;
        this.keys = keys;
    }

    /**
     * Diffie-Hellman on {@code curve}, with the checks of {@link DiffieHellman#checked}.
     *
     * @param name the provider's name of the {@code KeyAgreement}
     * @throws GeneralSecurityException if the provider has none of that name
     */
    public static DiffieHellman of(NamedCurve curve, String name, Provider provider, JcaKeys keys)
            throws GeneralSecurityException {
        KeyAgreement.getInstance(name, provider);
        return DiffieHellman.checked(new JcaDiffieHellman(curve, name, provider, keys));
    }

    @Override
    public NamedCurve curve() {
        return curve;
    }

    @Override
    public RawKeyPair generate() {
        try {
            return keys.generate();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(provider.getName() + " generated a key of " + curve.label() + " before", e);
        }
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        try {
            return keys.publicKey(privateKey);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PRIVATE_KEY, "no private key of " + curve.label(), e);
        }
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
        PrivateKey own = null;
        try {
            own = keys.importPrivate(privateKey);
            KeyAgreement agreement = KeyAgreement.getInstance(name, provider);
            agreement.init(own);
            agreement.doPhase(keys.importPublic(peerPublicKey), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException | RuntimeException e) {
            // The private key was checked, so the point is at fault; native
            // providers say so in unchecked exceptions too.
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of " + curve.label(), e);
        } finally {
            if (own != null) {
                keys.discard(own);
            }
        }
    }
}
