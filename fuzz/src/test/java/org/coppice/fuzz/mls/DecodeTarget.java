package org.coppice.fuzz.mls;

import java.util.Arrays;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.error.DecodeException;

/**
 * Every decoder. The first byte chooses one of {@link Decoders}, the rest is for it. What is accepted encodes to the same bytes; what is
 * refused names a rule and a place.
 */
public final class DecodeTarget implements Target {
    /** A decoder's values may be larger than their encoding, but not by more than this. */
    @Override
    public Allowance allowance() {
        return new Allowance(256 * 1024, 1024);
    }

    @Override
    public Outcome run(byte[] input) {
        if (input.length == 0) {
            return Outcome.REFUSED;
        }
        Decoders decoder = Decoders.values()[(input[0] & 0xff) % Decoders.values().length];
        byte[] encoded = Arrays.copyOfRange(input, 1, input.length);
        try {
            if (!Arrays.equals(decoder.again(encoded), encoded)) {
                throw new Escape(decoder + " read two encodings as one value");
            }
            return Outcome.ACCEPTED;
        } catch (DecodeException e) {
            if (e.rule() == null || e.offset() < 0 || e.offset() > encoded.length) {
                throw new Escape(decoder + " names no place", e);
            }
            return Outcome.REFUSED;
        }
    }
}
