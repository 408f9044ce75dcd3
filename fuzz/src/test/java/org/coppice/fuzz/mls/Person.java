package org.coppice.fuzz.mls;

import java.util.Map;
import org.coppice.fuzz.Escape;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;
import org.coppice.testkit.Insider;
import org.coppice.testkit.MemberView;
import org.coppice.testkit.Scene;

/** Somebody of the {@link World} whose store can be put back to what it was at the present moment of the story. */
final class Person {
    private final MlsClient client;
    private final Map<Bytes, byte[]> records;

    Person(Scene.Actor actor) {
        this.client = actor.client();
        this.records = actor.store().load(World.GROUP_ID);
    }

    MlsClient client() {
        return client;
    }

    /** What the store held of the group. */
    Map<Bytes, byte[]> records() {
        return records;
    }

    private InMemoryStateStore store() {
        return (InMemoryStateStore) client.environment().store();
    }

    /** Puts the store back. */
    void reset() {
        reset(records);
    }

    /** Has the store hold these records of the group and nothing else. */
    void reset(Map<Bytes, byte[]> stored) {
        for (Bytes id : store().groups()) {
            store().apply(StateChange.builder(id).deleteGroup().build());
        }
        StateChange.Builder changes = StateChange.builder(World.GROUP_ID);
        stored.forEach(changes::put);
        store().apply(changes.build());
    }

    /** The group as it was: the store is put back, and the group loaded from it. */
    Group group() throws MlsException {
        reset();
        return client.load(World.GROUP_ID);
    }

    /** What is in the store is what is in memory, so that a crash now costs nothing. */
    void assertStored(Group group) throws MlsException {
        try (Group loaded = client.load(group.groupId())) {
            if (!MemberView.of(loaded).equals(MemberView.of(group))) {
                throw new Escape("what was stored is not what is in memory");
            }
        }
    }

    /** Somebody who breaks rules with this one's secrets. */
    Insider insider() throws MlsException {
        return Insider.of(client, group());
    }

    /** The groups in the store, to compare before and after. */
    Map<Bytes, Bytes> snapshot() {
        return store().snapshot(World.GROUP_ID);
    }

    /** Whether the store holds nothing but the group. */
    boolean hasNoOtherGroup() {
        return store().groups().stream().allMatch(World.GROUP_ID::equals);
    }
}
