package org.coppice.crypto.bc;

import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/**
 * EdDSA public keys outside the subgroup of prime order, which Bouncy Castle cannot judge as others do: it verifies with the
 * cofactor c in effect, cSB = cR + chA, and the platform and the native libraries without, SB = R + hA, which is the rule of
 * {@link SignatureScheme#checked}.
 *
 * <p>For a key A in the subgroup the second equation is the first together with "R is in the subgroup": it puts R there, and of
 * the points there, such as SB - R - hA, c takes none to zero but zero. So Bouncy Castle decides with a check of both points. No
 * honest key lies elsewhere, but who makes one on purpose may find signatures for it that others accept; so those keys go to
 * the platform. Where the platform has no EdDSA, as on older Android, they are refused.
 */
final class MixedOrder {
    private final SignatureAlgorithm algorithm;
    private final CryptoProvider platform;

    /** Asks {@code platform} for nothing yet. */
    MixedOrder(SignatureAlgorithm algorithm, CryptoProvider platform) {
        this.algorithm = algorithm;
        this.platform = platform;
    }

    /**
     * Prepares a public key that is not in the subgroup, or no point at all.
     *
     * @throws CryptoException if the platform refuses it or has no EdDSA
     */
    SignatureScheme.VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        return platform.signatures(algorithm)
                .orElseThrow(() -> new CryptoException(
                        CryptoException.Reason.INVALID_PUBLIC_KEY,
                        "no public key of " + algorithm.label() + ": not in the subgroup of prime order"))
                .loadPublic(publicKey);
    }
}
