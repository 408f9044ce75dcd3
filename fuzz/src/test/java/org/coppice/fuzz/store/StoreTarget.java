package org.coppice.fuzz.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.SealedClientStore;
import org.coppice.client.store.SqliteClientStore;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.client.store.StoreTransaction.Stored;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.testkit.SeededRandomness;

/**
 * A client's sealed store that somebody had in his hands. The first byte says what the rest is: the header, which is in the clear, of a
 * store with a passphrase; changes to the file of a store, each of two bytes for the place and one for what stands there then; or the
 * whole file.
 *
 * <p>Opening, reading and writing work or are refused with a {@link StoreException}; what is read is what was once written there, or
 * nothing. No refusal keeps the file locked.
 */
public final class StoreTarget implements Target {
    private static final int CHANGE = 3;

    private final Path directory = Files.createTempDirectory("coppice-fuzz");
    private final Path file = directory.resolve("client.db");
    private final SampleStore sample = new SampleStore();
    private final byte[] genuine = sample.file(directory.resolve("genuine.db"));

    public StoreTarget() throws IOException {}

    /** Argon2id fills what a header may ask for. */
    @Override
    public Allowance allowance() {
        return new Allowance(192 << 20, 4096);
    }

    @Override
    public Outcome run(byte[] input) throws IOException {
        if (input.length == 0) {
            return Outcome.REFUSED;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        try {
            if (input[0] == 0) {
                use(SealedClientStore.open(
                        sample.withHeader(rest), SampleStore.passphrase(), new SeededRandomness("fuzz")));
            } else {
                use(openFile(input[0] == 1 ? changed(rest) : rest));
            }
            return Outcome.ACCEPTED;
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.IN_USE) {
                throw new Escape("a refused file stays locked", e);
            }
            return Outcome.REFUSED;
        }
    }

    private byte[] changed(byte[] changes) {
        byte[] out = genuine.clone();
        for (int i = 0; i + CHANGE <= changes.length; i += CHANGE) {
            int place = (changes[i] & 0xff) << 8 | changes[i + 1] & 0xff;
            out[place % out.length] = changes[i + 2];
        }
        return out;
    }

    private ClientStore openFile(byte[] content) throws IOException {
        for (String beside : List.of("-wal", "-shm", "-journal")) {
            Files.deleteIfExists(directory.resolve(file.getFileName() + beside));
        }
        Files.write(file, content);
        return SealedClientStore.open(SqliteClientStore.open(file), SampleStore.key(), new SeededRandomness("fuzz"));
    }

    private static void use(ClientStore opened) {
        try (ClientStore store = opened) {
            try (StoreTransaction transaction = store.begin()) {
                transaction
                        .get(SampleStore.NAMES, SampleStore.NAME)
                        .ifPresent(value -> check(SampleStore.isGenuine(SampleStore.NAME, value)));
                for (Stored record : transaction.all(SampleStore.NAMES)) {
                    check(SampleStore.isGenuine(record.key(), record.value()));
                }
                for (Stored record : transaction.after(SampleStore.NUMBERS, 0, 10)) {
                    check(SampleStore.isGenuine(record.key(), record.value()));
                }
                transaction.put(SampleStore.NAMES, SampleStore.NAME, new byte[100]);
                transaction.commit();
            }
            try (StoreTransaction transaction = store.begin()) {
                check(transaction
                        .get(SampleStore.NAMES, SampleStore.NAME)
                        .filter(value -> value.length == 100)
                        .isPresent());
            }
        }
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new Escape("a record is not what was written");
        }
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(directory);
    }
}
