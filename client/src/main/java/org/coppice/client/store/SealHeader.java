package org.coppice.client.store;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.DecodeException;

/**
 * The one record of a sealed store that is in the clear: how the data key is wrapped. See {@code docs/STORE.md}.
 *
 * @param storeId 16 random bytes that tell this store from others, so that no record fits another store
 * @param hardening how a passphrase becomes a key; empty where the application gave a key
 * @param wrapped the data key, encrypted
 */
record SealHeader(Bytes storeId, Optional<Hardening> hardening, Bytes wrapped) {
    private static final int VERSION = 1;
    private static final int ID_LENGTH = 16;
    private static final int ARGON2ID = 1;

    /** The salt and cost of Argon2id. */
    record Hardening(PassphraseCost cost, Bytes salt) {}

    /** A header of a new store, or of one whose key changes. */
    static SealHeader make(Bytes storeId, byte[] dataKey, StoreKey key, Randomness randomness) {
        Optional<Hardening> hardening = key.isPassphrase()
                ? Optional.of(new Hardening(key.cost(), Bytes.wrap(randomness.bytes(16))))
                : Optional.empty();
        Bytes context = context(storeId, hardening);
        byte[] wrappingKey = wrappingKey(storeId, hardening, key);
        try {
            byte[] wrapped = AesGcm.seal(wrappingKey, randomness.bytes(AesGcm.NONCE_LENGTH), context, dataKey);
            return new SealHeader(storeId, hardening, Bytes.wrap(wrapped));
        } finally {
            Arrays.fill(wrappingKey, (byte) 0);
        }
    }

    static Bytes newStoreId(Randomness randomness) {
        return Bytes.wrap(randomness.bytes(ID_LENGTH));
    }

    /**
     * The data key, which the caller wipes.
     *
     * @throws StoreException if {@code key} is not the one that wrapped it, or trying a passphrase costs more than is bearable
     */
    byte[] unwrap(StoreKey key) {
        if (key.isPassphrase() != hardening.isPresent()) {
            throw new StoreException(
                    StoreException.Reason.WRONG_KEY,
                    hardening.isPresent() ? "the store has a passphrase" : "the store has a key, not a passphrase");
        }
        hardening
                .map(Hardening::cost)
                .filter(cost -> !cost.isBearable(key.cost()))
                .ifPresent(cost -> {
                    throw new StoreException(
                            StoreException.Reason.TOO_COSTLY,
                            "the store asks for " + cost.memoryKib() / 1024 + " MiB and " + cost.iterations()
                                    + " passes to try a passphrase");
                });
        byte[] wrappingKey = wrappingKey(storeId, hardening, key);
        try {
            return AesGcm.open(wrappingKey, context(storeId, hardening), wrapped)
                    .orElseThrow(() -> new StoreException(
                            StoreException.Reason.WRONG_KEY,
                            hardening.isPresent() ? "wrong passphrase" : "wrong key for this store"));
        } finally {
            Arrays.fill(wrappingKey, (byte) 0);
        }
    }

    private static byte[] wrappingKey(Bytes storeId, Optional<Hardening> hardening, StoreKey key) {
        byte[] secret = key.expose();
        try {
            return hardening.isPresent() ? argon2id(hardening.get(), secret) : Prf.of(secret, "wrap", storeId);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] argon2id(Hardening hardening, byte[] passphrase) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(hardening.cost().memoryKib())
                .withIterations(hardening.cost().iterations())
                .withParallelism(hardening.cost().lanes())
                .withSalt(hardening.salt().toByteArray())
                .build());
        byte[] out = new byte[StoreKey.LENGTH];
        generator.generateBytes(passphrase, out);
        return out;
    }

    /** All that is not wrapped; bound to what is. */
    private static Bytes context(Bytes storeId, Optional<Hardening> hardening) {
        TlsWriter out = new TlsWriter(64);
        out.uint16(VERSION).vector(storeId).uint8(hardening.isPresent() ? ARGON2ID : 0);
        hardening.ifPresent(value -> out.struct(value.cost()).vector(value.salt()));
        return out.toBytes();
    }

    byte[] encoded() {
        return new TlsWriter(128)
                .raw(context(storeId, hardening))
                .vector(wrapped)
                .finish();
    }

    /** Reads what {@link #encoded()} wrote; throws {@link StoreException} if it is something else. */
    static SealHeader decode(byte[] stored) {
        TlsReader in = new TlsReader(Bytes.wrap(stored), DecodeLimits.DEFAULT);
        try {
            int version = in.uint16();
            if (version != VERSION) {
                throw new StoreException(StoreException.Reason.UNKNOWN_VERSION, "a sealed store of version " + version);
            }
            Bytes storeId = in.vector();
            int kind = in.uint8();
            if (kind > ARGON2ID) {
                throw new StoreException(StoreException.Reason.UNKNOWN_VERSION, "a passphrase hardened in way " + kind);
            }
            Optional<Hardening> hardening = kind == ARGON2ID
                    ? Optional.of(new Hardening(PassphraseCost.decode(in), in.vector()))
                    : Optional.empty();
            SealHeader out = new SealHeader(storeId, hardening, in.vector());
            in.expectEnd();
            return out;
        } catch (DecodeException | IllegalArgumentException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "the header of the sealed store is damaged", e);
        }
    }
}
