package org.coppice.testkit.mutate;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;

/** A client with a store that can be put back to what it was. */
final class Snapshot implements StateStore {
    private final InMemoryStateStore kept;
    private final Map<Bytes, Map<Bytes, Bytes>> content;
    private final MlsClient client;
    private InMemoryStateStore present;

    /**
     * Copies a client and its store.
     *
     * @param kept copied
     */
    Snapshot(MlsClient client, InMemoryStateStore kept) throws MlsException {
        this.kept = kept.copy();
        this.present = kept.copy();
        this.content = content(kept);
        Environment environment = client.environment().toBuilder().store(this).build();
        this.client = MlsClient.of(environment, client.crypto().suite(), client.credential(), client.signer())
                .withCapabilities(client.capabilities())
                .withLeafExtensions(House.leafExtensions());
    }

    /** The client, whose environment has this store. */
    MlsClient client() {
        return client;
    }

    /** Puts the store back. */
    void restore() {
        present = kept.copy();
    }

    /** Whether the store holds, byte for byte, what it held at first. */
    boolean isUnchanged() {
        return content(present).equals(content);
    }

    private static Map<Bytes, Map<Bytes, Bytes>> content(InMemoryStateStore store) {
        Map<Bytes, Map<Bytes, Bytes>> out = new TreeMap<>();
        store.groups().forEach(id -> out.put(id, store.snapshot(id)));
        return out;
    }

    @Override
    public void apply(StateChange change) {
        present.apply(change);
    }

    @Override
    public Map<Bytes, byte[]> load(Bytes groupId) {
        return present.load(groupId);
    }

    @Override
    public Set<Bytes> groups() {
        return present.groups();
    }
}
