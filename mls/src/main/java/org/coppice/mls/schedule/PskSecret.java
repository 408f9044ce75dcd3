package org.coppice.mls.schedule;

import java.util.List;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/** psk_secret: what pre-shared keys add to the key schedule (RFC 9420 §8.4). */
public final class PskSecret extends NamedSecret {
    /** How many pre-shared keys one epoch may mix in: index and count are uint16 (§8.4). */
    public static final int MAX_COUNT = 0xffff;

    private PskSecret(Secret value) {
        super(value);
    }

    /** That of an epoch without pre-shared keys: Nh zero bytes. */
    public static PskSecret none(SuiteCrypto crypto) {
        return new PskSecret(Secret.zeros(crypto.hashLength()));
    }

    /** Takes over {@code value}, Nh bytes that were chained elsewhere: for replays of a key schedule. */
    public static PskSecret wrap(Secret value) {
        return new PskSecret(value);
    }

    /**
     * Chains pre-shared keys in the order given: that of the Commit's proposals, or of GroupSecrets.psks. No key gives the same as
     * {@link #none}.
     *
     * @throws ValidationException if there are more than 65535 ({@link Rule#PSK_COUNT})
     */
    public static PskSecret of(List<PskInput> psks, SuiteCrypto crypto) throws ValidationException {
        if (psks.size() > MAX_COUNT) {
            throw new ValidationException(Rule.PSK_COUNT, psks.size() + " keys");
        }
        int length = crypto.hashLength();
        Secret chained = Secret.zeros(length);
        try (Secret zero = Secret.zeros(length)) {
            for (int i = 0; i < psks.size(); i++) {
                PskInput psk = psks.get(i);
                // struct { PreSharedKeyID id; uint16 index; uint16 count; } PSKLabel
                TlsWriter label = new TlsWriter(psk.encodedPreSharedKeyId().length() + 4);
                label.raw(psk.encodedPreSharedKeyId()).uint16(i).uint16(psks.size());
                try (Secret previous = chained;
                        Secret extracted = crypto.extract(zero, psk.psk());
                        Secret input = crypto.expandWithLabel(extracted, "derived psk", label.toBytes(), length)) {
                    chained = crypto.extract(input, previous);
                }
            }
        }
        return new PskSecret(chained);
    }
}
