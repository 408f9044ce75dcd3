package org.coppice.testkit.heap;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;

/**
 * What a call of HMAC computed, told by its input.
 *
 * @param family whose label it is; of none, it is a plain KDF.Extract, or a MAC
 * @param label the label
 * @param length how many bytes of the output are the result
 * @param input the key material that was extracted; empty for an expansion
 */
record Derivation(Family family, String label, int length, Bytes input) {
    /** Whose labels there are. */
    enum Family {
        MLS,
        HPKE,
        NONE
    }

    private static final String MLS_PREFIX = "MLS 1.0 ";
    private static final String HPKE_PREFIX = "HPKE-v1";
    /** Of the labels of RFC 9180 §4.1, §5.1, §5.3, §7.1.3; none is the beginning of another. */
    private static final String[] HPKE_LABELS = {
        "dkp_prk",
        "eae_prk",
        "candidate",
        "sk",
        "shared_secret",
        "secret",
        "key",
        "base_nonce",
        "exp",
        "sec",
        "psk_id_hash",
        "info_hash"
    };

    static Derivation of(Bytes input, int hashLength) {
        return mls(input, hashLength)
                .or(() -> hpke(input, hashLength))
                .orElse(new Derivation(Family.NONE, "", hashLength, input));
    }

    /** struct { uint16 length; opaque label<V>; opaque context<V>; } KDFLabel, and the number of the block. */
    private static Optional<Derivation> mls(Bytes input, int hashLength) {
        TlsReader in = new TlsReader(input, DecodeLimits.DEFAULT);
        try {
            int length = in.uint16();
            String label = new String(in.vector().toByteArray(), StandardCharsets.US_ASCII);
            in.vector();
            if (in.uint8() != 1 || in.remaining() > 0 || !label.startsWith(MLS_PREFIX)) {
                return Optional.empty();
            }
            return Optional.of(new Derivation(
                    Family.MLS, label.substring(MLS_PREFIX.length()), Math.min(length, hashLength), Bytes.EMPTY));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Derivation> hpke(Bytes input, int hashLength) {
        String text = new String(input.toByteArray(), StandardCharsets.ISO_8859_1);
        boolean expands = text.startsWith(HPKE_PREFIX, 2);
        if (!expands && !text.startsWith(HPKE_PREFIX)) {
            return Optional.empty();
        }
        // The suite's id begins with "KEM" or "HPKE" and has 5 or 10 bytes.
        int at = (expands ? 2 : 0) + HPKE_PREFIX.length();
        at += text.startsWith("KEM", at) ? 5 : 10;
        for (String label : HPKE_LABELS) {
            if (text.startsWith(label, at)) {
                int length = expands ? (input.at(0) & 0xff) << 8 | input.at(1) & 0xff : hashLength;
                int end = at + label.length();
                Bytes extracted = expands ? Bytes.EMPTY : input.slice(end, input.length() - end);
                return Optional.of(new Derivation(Family.HPKE, label, Math.min(length, hashLength), extracted));
            }
        }
        throw new AssertionError("an unknown label of HPKE");
    }
}
