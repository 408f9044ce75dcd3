package org.coppice.fuzz.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.client.store.PassphraseCost;
import org.coppice.client.store.SealedClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.SqliteClientStore;
import org.coppice.client.store.StoreKey;
import org.coppice.client.store.StoreTransaction;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.testkit.SeededRandomness;

/** A small sealed store, in memory and as a file: the same in every JVM. Makes the seeds of {@link StoreTarget}. */
public final class SampleStore {
    static final Space NAMES = Space.named("names", Bytes.EMPTY);
    static final Space NUMBERS = Space.sequence("numbers", Bytes.EMPTY);
    static final Bytes NAME = Bytes.wrap("name".getBytes(US_ASCII));

    private static final Space HEADER_SPACE = Space.named("seal", Bytes.EMPTY);
    private static final Map<Bytes, byte[]> RECORDS =
            Map.of(NAME, "kept".getBytes(US_ASCII), Space.key(1), new byte[0], Space.key(2), new byte[300]);

    private final InMemoryClientStore inMemory = new InMemoryClientStore();
    private final byte[] header;

    SampleStore() {
        try (StoreKey passphrase = passphrase()) {
            // Not closed: that would close the store in memory.
            fill(SealedClientStore.open(inMemory, passphrase, new SeededRandomness("store")));
        }
        try (StoreTransaction transaction = inMemory.begin()) {
            header = transaction.get(HEADER_SPACE, Space.key(0)).orElseThrow();
        }
    }

    static StoreKey key() {
        return StoreKey.of(Secret.wrap(new byte[StoreKey.LENGTH]));
    }

    static StoreKey passphrase() {
        return StoreKey.passphrase("correct horse".toCharArray(), new PassphraseCost(64, 1, 1));
    }

    private static void fill(ClientStore store) {
        try (StoreTransaction transaction = store.begin()) {
            RECORDS.forEach((key, value) -> transaction.put(key.equals(NAME) ? NAMES : NUMBERS, key, value.clone()));
            transaction.commit();
        }
    }

    /** Whether such a record was put. */
    static boolean isGenuine(Bytes key, byte[] value) {
        return Arrays.equals(RECORDS.get(key), value);
    }

    /** The store in memory with another header. */
    ClientStore withHeader(byte[] other) {
        InMemoryClientStore out = inMemory.copy();
        try (StoreTransaction transaction = out.begin()) {
            transaction.put(HEADER_SPACE, Space.key(0), other);
            transaction.commit();
        }
        return out;
    }

    /** The store as a file, which is made at a place. */
    byte[] file(Path place) throws IOException {
        try (StoreKey key = key();
                ClientStore store =
                        SealedClientStore.open(SqliteClientStore.open(place), key, new SeededRandomness("file"))) {
            fill(store);
        }
        return Files.readAllBytes(place);
    }

    /** Writes the seeds. */
    public static void main(String[] args) throws IOException {
        SampleStore sample = new SampleStore();
        Path place = Files.createTempDirectory("coppice-fuzz").resolve("store.db");
        seed("good-header", 0, sample.header);
        byte[] costly = sample.header.clone();
        System.arraycopy(new PassphraseCost(4 << 20, 1000, 1).encoded(), 0, costly, 20, 7);
        seed("found-costly-header", 0, costly);
        seed("good-unchanged", 1, new byte[0]);
        seed("bad-changed", 1, new byte[] {0, 28, 7, 16, 3, 9, 31, (byte) 0xf0, 1});
        seed("good-file", 2, sample.file(place));
        Files.delete(place);
        Files.delete(place.getParent());
    }

    private static void seed(String name, int choice, byte[] rest) {
        byte[] input = new byte[rest.length + 1];
        input[0] = (byte) choice;
        System.arraycopy(rest, 0, input, 1, rest.length);
        Seeds.write(Targets.STORE, name, input);
    }
}
