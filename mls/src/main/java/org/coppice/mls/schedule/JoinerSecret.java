package org.coppice.mls.schedule;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;

/** joiner_secret: where members and those who join by Welcome meet in the key schedule (RFC 9420 §8). */
public final class JoinerSecret extends NamedSecret {
    private JoinerSecret(Secret value) {
        super(value);
    }

    /**
     * The members' way to it.
     *
     * @param init that of the epoch before, or of external initialization; stays the caller's, who closes it once the new epoch
     *     is entered
     * @param commit stays the caller's to close
     * @param groupContext the encoded GroupContext of the new epoch
     */
    public static JoinerSecret derive(InitSecret init, CommitSecret commit, Bytes groupContext, SuiteCrypto crypto) {
        // §8: Extract takes its salt from the top and its input from the left of the diagram.
        try (Secret extracted = crypto.extract(init.value(), commit.value())) {
            return new JoinerSecret(crypto.expandWithLabel(extracted, "joiner", groupContext, crypto.hashLength()));
        }
    }

    /** Takes over {@code value}: what GroupSecrets of a Welcome carry (RFC 9420 §12.4.3.1). */
    public static JoinerSecret wrap(Secret value) {
        return new JoinerSecret(value);
    }

    /** The secret itself, to be sent in GroupSecrets; it stays this object's. */
    public Secret secret() {
        return value();
    }
}
