package org.coppice.client.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;

/**
 * Encrypts another store. Values are sealed, each with a key of its own, and bound to the place where they stand: a value that was
 * altered, moved to another record, or brought from another store is refused. Names of spaces and keys are blinded; only the numbers of
 * a sequence and the lengths of values can be seen. That an older copy of the whole store was put in the place of the present one
 * cannot be seen. Thread safe, as the other store is.
 */
public final class SealedClientStore implements ClientStore {
    private static final Space HEADER_SPACE = Space.named("seal", Bytes.EMPTY);
    private static final Bytes HEADER_KEY = Space.key(0);

    private final ClientStore store;
    private final Randomness randomness;
    private final Envelope envelope;

    private SealedClientStore(ClientStore store, Randomness randomness, Envelope envelope) {
        this.store = store;
        this.randomness = randomness;
        this.envelope = envelope;
    }

    /**
     * Opens a sealed store, or makes one if {@code store} has none.
     *
     * @param store is this object's from now on, and closed with it; closed, too, if this throws
     * @param key stays the caller's
     * @throws StoreException {@link StoreException.Reason#WRONG_KEY} if the key or passphrase is not that of the store,
     *     {@link StoreException.Reason#TOO_COSTLY} if its header asks for more than {@code key} allows,
     *     {@link StoreException.Reason#DAMAGED} or {@link StoreException.Reason#UNKNOWN_VERSION} if its header is
     */
    public static SealedClientStore open(ClientStore store, StoreKey key, Randomness randomness) {
        boolean done = false;
        try (StoreTransaction transaction = store.begin()) {
            Optional<byte[]> header = transaction.get(HEADER_SPACE, HEADER_KEY);
            Envelope envelope = header.isPresent()
                    ? existing(SealHeader.decode(header.get()), key, randomness)
                    : fresh(transaction, key, randomness);
            transaction.commit();
            done = true;
            return new SealedClientStore(store, randomness, envelope);
        } finally {
            if (!done) {
                store.close();
            }
        }
    }

    private static Envelope existing(SealHeader header, StoreKey key, Randomness randomness) {
        return new Envelope(header.storeId(), header.unwrap(key), randomness);
    }

    private static Envelope fresh(StoreTransaction transaction, StoreKey key, Randomness randomness) {
        byte[] dataKey = randomness.bytes(StoreKey.LENGTH);
        SealHeader header = SealHeader.make(SealHeader.newStoreId(randomness), dataKey, key, randomness);
        transaction.put(HEADER_SPACE, HEADER_KEY, header.encoded());
        return new Envelope(header.storeId(), dataKey, randomness);
    }

    /**
     * Changes the key or passphrase. The records stay as they are: whoever learned the old one and kept a copy of the file can read
     * that copy.
     *
     * @param present the key or passphrase that the store has
     * @param next what it shall have; stays the caller's
     * @throws StoreException {@link StoreException.Reason#WRONG_KEY} if {@code present} is not that of the store
     */
    public void changeKey(StoreKey present, StoreKey next) {
        try (StoreTransaction transaction = store.begin()) {
            SealHeader header = SealHeader.decode(transaction
                    .get(HEADER_SPACE, HEADER_KEY)
                    .orElseThrow(() -> new StoreException(StoreException.Reason.DAMAGED, "the seal is missing")));
            byte[] dataKey = header.unwrap(present);
            try {
                SealHeader changed = SealHeader.make(header.storeId(), dataKey, next, randomness);
                transaction.put(HEADER_SPACE, HEADER_KEY, changed.encoded());
                transaction.commit();
            } finally {
                java.util.Arrays.fill(dataKey, (byte) 0);
            }
        }
    }

    @Override
    public StoreTransaction begin() {
        return new Transaction(store.begin());
    }

    @Override
    public void sweep() {
        store.sweep();
    }

    @Override
    public void close() {
        store.close();
        envelope.close();
    }

    /** A transaction whose records are sealed on their way down and opened on their way up. */
    private final class Transaction implements StoreTransaction {
        private final StoreTransaction below;

        Transaction(StoreTransaction below) {
            this.below = Objects.requireNonNull(below, "below");
        }

        @Override
        public Optional<byte[]> get(Space space, Bytes key) {
            Space blinded = envelope.blind(space);
            Bytes place = envelope.blind(space, key);
            return below.get(blinded, place)
                    .map(value ->
                            envelope.open(blinded, new Stored(place, value)).value());
        }

        @Override
        public void put(Space space, Bytes key, byte[] value) {
            Space blinded = envelope.blind(space);
            Bytes place = envelope.blind(space, key);
            below.put(blinded, place, envelope.seal(blinded, place, key, value));
        }

        @Override
        public void delete(Space space, Bytes key) {
            below.delete(envelope.blind(space), envelope.blind(space, key));
        }

        @Override
        public void deleteAll(Space space) {
            below.deleteAll(envelope.blind(space));
        }

        @Override
        public List<Bytes> deleteDamaged(Space space) {
            Space blinded = envelope.blind(space);
            List<Bytes> out = new ArrayList<>(below.deleteDamaged(blinded));
            for (Stored sealed : below.all(blinded)) {
                if (!envelope.opens(blinded, sealed)) {
                    below.delete(blinded, sealed.key());
                    out.add(space.isSequence() ? sealed.key() : Bytes.EMPTY);
                }
            }
            return out;
        }

        @Override
        public List<Stored> all(Space space) {
            Space blinded = envelope.blind(space);
            return opened(blinded, below.all(blinded));
        }

        @Override
        public List<Stored> after(Space sequence, long after, int limit) {
            Space blinded = envelope.blind(sequence);
            return opened(blinded, below.after(blinded, after, limit));
        }

        @Override
        public List<Stored> before(Space sequence, long before, int limit) {
            Space blinded = envelope.blind(sequence);
            return opened(blinded, below.before(blinded, before, limit));
        }

        private List<Stored> opened(Space blinded, List<Stored> sealed) {
            List<Stored> out = new ArrayList<>(sealed.size());
            sealed.forEach(record -> out.add(envelope.open(blinded, record)));
            return out;
        }

        @Override
        public void commit() {
            below.commit();
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
