package org.coppice.client.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;

/** Writes what the groups of mls change into the unit of work that is open. */
final class GroupStore implements StateStore {
    private final Account account;
    private final Space index;
    private final Function<Bytes, Space> space;

    /**
     * @param index where the ids of the groups are
     * @param space where the records of a group are
     */
    GroupStore(Account account, String index, Function<Bytes, Space> space) {
        this.account = account;
        this.index = Space.named(index, Bytes.EMPTY);
        this.space = space;
    }

    @Override
    public void apply(StateChange change) {
        Unit unit = account.current();
        unit.changes(change.groupId());
        StoreTransaction records = unit.records();
        Space group = space.apply(change.groupId());
        if (change.deletesGroup()) {
            records.deleteAll(group);
            // A group's first write begins so, and its last one is nothing else.
            if (change.puts().isEmpty()) {
                records.delete(index, change.groupId());
            } else {
                records.put(index, change.groupId(), new byte[0]);
            }
        }
        change.deletes().forEach(key -> records.delete(group, key));
        change.puts().forEach(put -> records.put(group, put.key(), put.value()));
    }

    @Override
    public Map<Bytes, byte[]> load(Bytes groupId) {
        Map<Bytes, byte[]> out = new HashMap<>();
        account.current().records().all(space.apply(groupId)).forEach(record -> out.put(record.key(), record.value()));
        return out;
    }

    @Override
    public Set<Bytes> groups() {
        StoreTransaction records = account.current().records();
        Set<Bytes> out = new HashSet<>();
        try {
            records.all(index).forEach(record -> out.add(record.key()));
        } catch (StoreException e) {
            Damage.require(e);
            // Every group is that of a conversation.
            records.all(Spaces.CONVERSATIONS).stream()
                    .map(StoreTransaction.Stored::key)
                    .filter(this::has)
                    .forEach(out::add);
        }
        return out;
    }

    /** Whether it has a group. That there is a record says so; nothing is in it that could be damaged. */
    boolean has(Bytes groupId) {
        return Damage.isThere(account.current(), index, groupId);
    }

    /** Where the ids of the groups are. */
    Space index() {
        return index;
    }

    /** Writes the id of a group anew, if it is there and cannot be read. */
    void mendIndex(Bytes groupId) {
        StoreTransaction records = account.current().records();
        if (!Damage.isReadable(() -> records.get(index, groupId))) {
            records.put(index, groupId, new byte[0]);
        }
    }

    /** Deletes all of a group. */
    void drop(Bytes groupId) {
        StoreTransaction records = account.current().records();
        records.deleteAll(space.apply(groupId));
        records.delete(index, groupId);
    }

    /** Makes the records of a group in {@code from} those of this store. */
    void take(Bytes groupId, GroupStore from) {
        StoreTransaction records = account.current().records();
        drop(groupId);
        records.put(index, groupId, new byte[0]);
        Space target = space.apply(groupId);
        records.all(from.space.apply(groupId)).forEach(record -> {
            records.put(target, record.key(), record.value());
            java.util.Arrays.fill(record.value(), (byte) 0);
        });
        from.drop(groupId);
    }
}
