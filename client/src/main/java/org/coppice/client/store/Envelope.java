package org.coppice.client.store;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.DecodeException;

/**
 * How a record is sealed. Each value has a key of its own, derived from the data key and 16 random bytes, so that there is no limit on
 * how many values a store may write in its life, as there would be for random nonces under one key. Thread safe until it is closed.
 */
final class Envelope implements AutoCloseable {
    private static final int VERSION = 1;
    private static final int SALT_LENGTH = 16;
    private static final int BLINDED_LENGTH = 16;

    private final Bytes storeId;
    private final byte[] spaceKey;
    private final byte[] nameKey;
    private final byte[] valueKey;
    private final Randomness randomness;

    /** Takes over {@code dataKey}. */
    Envelope(Bytes storeId, byte[] dataKey, Randomness randomness) {
        this.storeId = storeId;
        this.randomness = randomness;
        this.spaceKey = Prf.of(dataKey, "space", storeId);
        this.nameKey = Prf.of(dataKey, "name", storeId);
        this.valueKey = Prf.of(dataKey, "value", storeId);
        Arrays.fill(dataKey, (byte) 0);
    }

    /** The space as the store below sees it. */
    Space blind(Space space) {
        byte[] blinded =
                Prf.of(spaceKey, "blind", new TlsWriter(64).struct(space).toBytes());
        return new Space("", Bytes.wrap(Arrays.copyOf(blinded, BLINDED_LENGTH)), space.isSequence());
    }

    /** A key as the store below sees it; the numbers of a sequence stay, for their order. */
    Bytes blind(Space space, Bytes key) {
        if (space.isSequence()) {
            return space.checked(key);
        }
        Bytes input = new TlsWriter(64).struct(space).vector(key).toBytes();
        return Bytes.wrap(Arrays.copyOf(Prf.of(nameKey, "blind", input), BLINDED_LENGTH));
    }

    byte[] seal(Space blinded, Bytes place, Bytes key, byte[] value) {
        byte[] salt = randomness.bytes(SALT_LENGTH);
        byte[] subkey = Prf.of(valueKey, "seal", Bytes.wrap(salt));
        byte[] content = content(key, value);
        try {
            byte[] sealed =
                    AesGcm.seal(subkey, randomness.bytes(AesGcm.NONCE_LENGTH), associatedData(blinded, place), content);
            return new TlsWriter(1 + SALT_LENGTH + sealed.length)
                    .uint8(VERSION)
                    .raw(salt)
                    .raw(sealed)
                    .finish();
        } finally {
            Arrays.fill(subkey, (byte) 0);
            Arrays.fill(content, (byte) 0);
        }
    }

    private static byte[] content(Bytes key, byte[] value) {
        try (SecretWriter out = new SecretWriter(key.length() + value.length + 8)) {
            return out.vector(key).raw(value).toByteArray();
        }
    }

    /** The record as it was put; throws {@link StoreException} if it is not what this store put at this place. */
    StoreTransaction.Stored open(Space blinded, StoreTransaction.Stored sealed) {
        Bytes value = Bytes.wrap(sealed.value());
        if (value.length() < 1 + SALT_LENGTH) {
            throw damaged();
        }
        if (value.at(0) != VERSION) {
            throw new StoreException(
                    StoreException.Reason.UNKNOWN_VERSION, "a record of version " + (value.at(0) & 0xff));
        }
        byte[] subkey = Prf.of(valueKey, "seal", value.slice(1, SALT_LENGTH));
        byte[] content;
        try {
            Bytes rest = value.slice(1 + SALT_LENGTH, value.length() - 1 - SALT_LENGTH);
            content = AesGcm.open(subkey, associatedData(blinded, sealed.key()), rest)
                    .orElseThrow(Envelope::damaged);
        } finally {
            Arrays.fill(subkey, (byte) 0);
        }
        try {
            TlsReader in = new TlsReader(Bytes.wrap(content), DecodeLimits.DEFAULT);
            Bytes key = in.vector().compact();
            return new StoreTransaction.Stored(key, in.raw(in.remaining()).toByteArray());
        } catch (DecodeException e) {
            throw damaged();
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** Whether a record is not damaged. */
    boolean opens(Space blinded, StoreTransaction.Stored sealed) {
        try {
            Arrays.fill(open(blinded, sealed).value(), (byte) 0);
            return true;
        } catch (StoreException e) {
            if (e.reason() != StoreException.Reason.DAMAGED) {
                throw e;
            }
            return false;
        }
    }

    private static StoreException damaged() {
        return new StoreException(StoreException.Reason.DAMAGED, "a record was altered or is in the wrong place");
    }

    private Bytes associatedData(Space blinded, Bytes place) {
        return new TlsWriter(64).vector(storeId).struct(blinded).vector(place).toBytes();
    }

    @Override
    public void close() {
        Arrays.fill(spaceKey, (byte) 0);
        Arrays.fill(nameKey, (byte) 0);
        Arrays.fill(valueKey, (byte) 0);
    }
}
