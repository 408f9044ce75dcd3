package org.coppice.mls.schedule;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;

/**
 * The secret between joiner_secret and epoch_secret, which RFC 9420 §8 leaves without a name: who has it also has the
 * pre-shared keys. It gives the key of the Welcome's GroupInfo and, once the GroupContext is known, the epoch.
 */
public final class MemberSecret extends NamedSecret {
    private final SuiteCrypto crypto;

    private MemberSecret(Secret value, SuiteCrypto crypto) {
        super(value);
        this.crypto = crypto;
    }

    /** Joins the two; both stay the caller's to close. */
    public static MemberSecret derive(JoinerSecret joiner, PskSecret psk, SuiteCrypto crypto) {
        return new MemberSecret(crypto.extract(joiner.value(), psk.value()), crypto);
    }

    /** welcome_secret, as the key and nonce made from it; the caller's to close. */
    public WelcomeSecret welcomeSecret() {
        try (Secret welcome = crypto.deriveSecret(value(), "welcome")) {
            return WelcomeSecret.derive(welcome, crypto);
        }
    }

    /**
     * epoch_secret; the caller's to close.
     *
     * @param groupContext the encoded GroupContext of the new epoch
     */
    public EpochSecret epochSecret(Bytes groupContext) {
        return EpochSecret.wrap(crypto.expandWithLabel(value(), "epoch", groupContext, crypto.hashLength()));
    }

    /**
     * All secrets of the epoch, without keeping epoch_secret; the caller's to close.
     *
     * @param groupContext the encoded GroupContext of the new epoch
     */
    public EpochSecrets epochSecrets(Bytes groupContext) {
        try (EpochSecret epoch = epochSecret(groupContext)) {
            return EpochSecrets.derive(epoch, crypto);
        }
    }
}
