package org.coppice.client.simulator;

import java.util.List;
import java.util.Optional;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;

/** Hands everything on. */
class ForwardingTransaction implements StoreTransaction {
    private final StoreTransaction inner;

    ForwardingTransaction(StoreTransaction inner) {
        this.inner = inner;
    }

    @Override
    public Optional<byte[]> get(Space space, Bytes key) {
        return inner.get(space, key);
    }

    @Override
    public void put(Space space, Bytes key, byte[] value) {
        inner.put(space, key, value);
    }

    @Override
    public void delete(Space space, Bytes key) {
        inner.delete(space, key);
    }

    @Override
    public void deleteAll(Space space) {
        inner.deleteAll(space);
    }

    @Override
    public List<Bytes> deleteDamaged(Space space) {
        return inner.deleteDamaged(space);
    }

    @Override
    public List<Stored> all(Space space) {
        return inner.all(space);
    }

    @Override
    public List<Stored> after(Space sequence, long after, int limit) {
        return inner.after(sequence, after, limit);
    }

    @Override
    public List<Stored> before(Space sequence, long before, int limit) {
        return inner.before(sequence, before, limit);
    }

    @Override
    public void commit() {
        inner.commit();
    }

    @Override
    public void close() {
        inner.close();
    }
}
