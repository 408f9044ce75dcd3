package org.coppice.mls.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The secrets that its readers have read while what will own them is not whole: a decoder that fails half way leaves none behind.
 * {@link #close()} overwrites them all, unless they were handed over before. Not thread safe.
 *
 * <pre>{@code
 * try (DecodedSecrets decoded = new DecodedSecrets()) {
 *     Owner owner = Owner.decode(decoded.reader(input, limits));
 *     decoded.handOver();
 *     return owner;
 * }
 * }</pre>
 */
public final class DecodedSecrets implements AutoCloseable {
    private final List<byte[]> arrays = new ArrayList<>();
    private boolean handedOver;

    /** Holds nothing yet. */
    public DecodedSecrets() {}

    /** A reader of {@code input}, which stays the caller's to wipe; what {@link TlsReader#secret()} gives is kept here, too. */
    public TlsReader reader(Bytes input, DecodeLimits limits) {
        return new TlsReader(input, limits, this);
    }

    /** Everything that was read so far has another owner now. */
    public void handOver() {
        handedOver = true;
    }

    /** Overwrites what was read with zeros, unless it was handed over. Closing twice does nothing. */
    @Override
    public void close() {
        if (!handedOver) {
            arrays.forEach(array -> Arrays.fill(array, (byte) 0));
        }
    }

    byte[] keep(byte[] secret) {
        arrays.add(Objects.requireNonNull(secret, "secret"));
        return secret;
    }

    /** The arrays themselves, wiped or not. */
    List<byte[]> arrays() {
        return arrays;
    }
}
